"""Accounts of the bank's people: who there is, and what admins do with them. Accounts are disabled, never deleted."""

import secrets
from typing import Any

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.privacy.audit import Audit
from bot.staff.errors import LastAdminError, LoginTakenError, OwnAccountError, UnknownAccountError
from bot.staff.models import Account, Agent
from bot.staff.passwords import Passwords, initial_password, require_good_password
from bot.staff.roles import PERMISSIONS, Operation, Role
from bot.staff.sessions import DeskSessions
from bot.staff.tables import agents, desk_sessions, recovery_codes
from bot.storage.database import Database
from bot.storage.rows import insert_new

AccountRow = Row[Any]


def agent_of(row: AccountRow) -> Agent:
    """The person of an account's row."""
    return Agent(row.agent_id, row.login, row.name, row.role)


class Accounts:
    """Every change is audited. What an admin does to somebody's account ends that person's sessions at once.

    Changes by an admin raise UnknownAccountError, OwnAccountError for the admin's own account, and LastAdminError
    when nobody would be left to manage accounts.
    """

    def __init__(self, db: Database, clock: Clock, passwords: Passwords, sessions: DeskSessions, audit: Audit) -> None:
        self._db = db
        self._clock = clock
        self._passwords = passwords
        self._sessions = sessions
        self._audit = audit

    async def row_of(self, *, login: str | None = None, agent_id: str | None = None) -> AccountRow | None:
        """An account by login or id, for signing in."""
        condition = agents.c.login == login if login is not None else agents.c.agent_id == agent_id
        async with self._db.read() as connection:
            return (await connection.execute(select(agents).where(condition))).first()

    async def who_may(self, operation: Operation) -> list[Agent]:
        """Everybody whose role allows it and who is not disabled, by login."""
        query = select(agents).where(agents.c.role.in_(PERMISSIONS[operation]), agents.c.disabled_at.is_(None))
        async with self._db.read() as connection:
            return [agent_of(row) for row in await connection.execute(query.order_by(agents.c.login))]

    async def names(self) -> dict[str, str]:
        """How everybody who ever had an account is called, by id."""
        async with self._db.read() as connection:
            return {row.agent_id: row.name for row in await connection.execute(select(agents))}

    async def listed(self) -> list[Account]:
        """All accounts, by login."""
        now = self._clock()
        sessions = (
            select(func.count())
            .where(desk_sessions.c.agent_id == agents.c.agent_id, desk_sessions.c.expires_at > now)
            .scalar_subquery()
        )
        query = select(agents, sessions.label("sessions")).order_by(agents.c.login)
        async with self._db.read() as connection:
            rows = (await connection.execute(query)).all()
        return [
            Account(
                agent_of(row),
                disabled=row.disabled_at is not None,
                has_totp=row.totp_since is not None,
                must_change_password=row.must_change_password,
                sessions=row.sessions,
            )
            for row in rows
        ]

    async def add(
        self,
        login: str,
        name: str,
        password: str,
        *,
        role: Role = "agent",
        must_change: bool = False,
        by: str = "system",
    ) -> Agent:
        """Make an account; `by` is the actor of the audit log. Raises LoginTakenError, WeakPasswordError."""
        require_good_password(password, login)
        agent = Agent(secrets.token_hex(16), login, name, role)
        password_hash = await self._passwords.hash(password)
        async with self._db.write() as connection:
            added = await insert_new(
                connection,
                agents,
                agent_id=agent.agent_id,
                login=login,
                name=name,
                role=role,
                password_hash=password_hash,
                must_change_password=must_change,
            )
            if not added:
                raise LoginTakenError(f"there is an account {login!r} already")
            await self._record(by, "staff.add", agent.agent_id, {"role": role}, connection)
        return agent

    async def add_elsewhere(self, agent: Agent) -> None:
        """A record for colleagues who work with another program. It is disabled: nobody signs in with it."""
        if await self.row_of(agent_id=agent.agent_id) is not None:
            return
        password_hash = await self._passwords.hash(initial_password())
        async with self._db.write() as connection:
            added = await insert_new(
                connection,
                agents,
                agent_id=agent.agent_id,
                login=agent.login,
                name=agent.name,
                role=agent.role,
                password_hash=password_hash,
                must_change_password=True,
                disabled_at=self._clock(),
            )
            if added:
                await self._record("system", "staff.add", agent.agent_id, {"role": agent.role}, connection)

    async def add_with_initial_password(self, login: str, name: str, *, role: Role, by: Agent) -> tuple[Agent, str]:
        """The account and a password to hand over, which has to be changed at the first sign-in."""
        password = initial_password()
        return await self.add(login, name, password, role=role, must_change=True, by=by.actor), password

    async def change_role(self, agent_id: str, role: Role, *, by: Agent) -> None:
        """Another role from now on."""
        await self._change(agent_id, "staff.role", by, {"role": role}, role=role)

    async def disable(self, agent_id: str, *, by: Agent) -> None:
        """Let the person in no more."""
        await self._change(agent_id, "staff.disable", by, {}, disabled_at=self._clock())

    async def enable(self, agent_id: str, *, by: Agent) -> None:
        """Let the person in again."""
        await self._change(agent_id, "staff.enable", by, {}, disabled_at=None)

    async def reset_password(self, agent_id: str, *, by: Agent) -> str:
        """A new initial password, to hand over."""
        password = initial_password()
        password_hash = await self._passwords.hash(password)
        values = {"password_hash": password_hash, "must_change_password": True}
        await self._change(agent_id, "staff.reset_password", by, {}, **values)
        return password

    async def reset_totp(self, agent_id: str, *, by: Agent) -> None:
        """Forget the app and the recovery codes: the next sign-in enrols anew."""
        values = {"totp_sealed": None, "totp_since": None, "totp_last_step": None}
        await self._change(agent_id, "staff.reset_totp", by, {}, **values)

    async def revoke_sessions(self, agent_id: str, *, by: Agent, session_id: str | None = None) -> None:
        """End one session or all; the one change that people make to their own account as well."""
        if session_id is None:
            await self._sessions.revoke_all(agent_id)
        else:
            await self._sessions.revoke(agent_id, session_id)
        await self._record(by.actor, "staff.revoke_sessions", agent_id, {"all": session_id is None})

    async def set_password(self, agent: Agent, password: str) -> AccountRow:
        """The owner's choice; ends all sessions. Raises WeakPasswordError, also for the password there is now."""
        require_good_password(password, agent.login)
        before = await self.row_of(agent_id=agent.agent_id)
        if before is None:
            raise UnknownAccountError(agent.agent_id)
        password_hash = await self._passwords.hash(password)
        values = {"password_hash": password_hash, "must_change_password": False}
        async with self._db.write() as connection:
            await connection.execute(update(agents).where(agents.c.agent_id == agent.agent_id).values(values))
            await self._record(agent.actor, "staff.change_password", agent.agent_id, {}, connection)
        await self._sessions.revoke_all(agent.agent_id)
        return await self._row(agent.agent_id)

    async def rehash(self, agent_id: str, password: str) -> AccountRow:
        """The same password, hashed with today's parameters."""
        password_hash = await self._passwords.hash(password)
        async with self._db.write() as connection:
            statement = update(agents).where(agents.c.agent_id == agent_id).values(password_hash=password_hash)
            await connection.execute(statement)
        return await self._row(agent_id)

    async def _row(self, agent_id: str) -> AccountRow:
        row = await self.row_of(agent_id=agent_id)
        if row is None:
            raise UnknownAccountError(agent_id)
        return row

    async def _change(self, agent_id: str, action: str, by: Agent, detail: dict[str, Any], **values: Any) -> None:
        if agent_id == by.agent_id:
            raise OwnAccountError("another admin manages this account")
        async with self._db.write() as connection:
            # Locked before it is changed, so that two admins cannot take the role from each other at once.
            admins = select(agents.c.agent_id).where(agents.c.role == "admin", agents.c.disabled_at.is_(None))
            await connection.execute(admins.order_by(agents.c.agent_id).with_for_update())
            changed = await connection.execute(update(agents).where(agents.c.agent_id == agent_id).values(values))
            if changed.rowcount == 0:
                raise UnknownAccountError(agent_id)
            if not (await connection.scalars(admins)).first():
                raise LastAdminError("somebody has to manage accounts")
            if "totp_sealed" in values:
                await connection.execute(delete(recovery_codes).where(recovery_codes.c.agent_id == agent_id))
            await self._record(by.actor, action, agent_id, detail, connection)
        await self._sessions.revoke_all(agent_id)

    async def _record(
        self, actor: str, action: str, agent_id: str, detail: dict[str, Any], connection: AsyncConnection | None = None
    ) -> None:
        detail = {"agent_id": agent_id, **detail}
        await self._audit.record(actor, action, None, None, detail, connection=connection)
