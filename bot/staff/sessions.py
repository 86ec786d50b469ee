"""Desk sessions: how long they last, when they lock, and how they are revoked."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from bot.bearer import digest, new_secret
from bot.clock import Clock
from bot.conversations.fanout import DESK_TOPIC, Fanout
from bot.staff.errors import DeskLockedError, DeskSessionError, UnknownAccountError
from bot.staff.models import Agent, Device, OpenSession, Session
from bot.staff.tables import agents, desk_sessions
from bot.storage.database import Database

SESSIONS_CHANGED = "sessions"
"""The signal that makes every open stream look whether its session is still good."""
_table = desk_sessions


class DeskSessions:
    """Kept as SHA-256 of a random secret, which only the browser has."""

    def __init__(self, db: Database, clock: Clock, fanout: Fanout, *, idle_s: int, ttl_s: int) -> None:
        """A session locks when no person has used it for `idle_s` seconds, and ends `ttl_s` after signing in."""
        self._db = db
        self._clock = clock
        self._fanout = fanout
        self._idle = timedelta(seconds=idle_s)
        self._ttl = timedelta(seconds=ttl_s)

    async def open(self, agent: Agent, device: Device) -> str:
        """The secret of a new session; those that have ended are swept away."""
        secret, now = new_secret(), self._clock()
        async with self._db.write() as connection:
            await connection.execute(delete(_table).where(_table.c.expires_at <= now))
            await connection.execute(
                insert(_table).values(
                    token_hash=digest(secret),
                    session_id=secrets.token_hex(16),
                    agent_id=agent.agent_id,
                    address=device.address[:64],
                    browser=device.browser[:200],
                    created_at=now,
                    used_at=now,
                    expires_at=now + self._ttl,
                )
            )
        return secret

    async def of(self, secret: str, *, even_locked: bool = False) -> Session:
        """Who is signed in with this secret. Raises DeskSessionError, DeskLockedError."""
        columns = (agents.c.agent_id, agents.c.login, agents.c.name, agents.c.role)
        query = (
            select(_table.c.session_id, _table.c.used_at, *columns)
            .join(agents)
            .where(
                _table.c.token_hash == digest(secret),
                _table.c.expires_at > self._clock(),
                agents.c.disabled_at.is_(None),
            )
        )
        async with self._db.read() as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            raise DeskSessionError("unknown or expired desk session")
        if self._is_locked(row.used_at) and not even_locked:
            raise DeskLockedError("unused for too long")
        return Session(row.session_id, Agent(row.agent_id, row.login, row.name, row.role))

    async def used(self, session_id: str) -> None:
        """A person has just used it, or opened it again by the password."""
        async with self._db.write() as connection:
            values = {"used_at": self._clock()}
            await connection.execute(update(_table).where(_table.c.session_id == session_id).values(values))

    async def listed(self, agent_id: str) -> list[OpenSession]:
        """The open sessions of one person, the latest first."""
        query = select(_table).where(_table.c.agent_id == agent_id, _table.c.expires_at > self._clock())
        async with self._db.read() as connection:
            rows = (await connection.execute(query.order_by(_table.c.created_at.desc()))).all()
        return [
            OpenSession(
                row.session_id,
                Device(row.address, row.browser),
                row.created_at,
                row.used_at,
                locked=self._is_locked(row.used_at),
            )
            for row in rows
        ]

    async def revoke(self, agent_id: str, session_id: str) -> None:
        """End one session of this person, its stream included. Raises UnknownAccountError when there is none."""
        mine = delete(_table).where(_table.c.agent_id == agent_id, _table.c.session_id == session_id)
        async with self._db.write() as connection:
            if (await connection.execute(mine)).rowcount == 0:
                raise UnknownAccountError("no such session")
        await self.tell()

    async def revoke_all(self, agent_id: str) -> None:
        """End every session of this person, streams included."""
        async with self._db.write() as connection:
            await connection.execute(delete(_table).where(_table.c.agent_id == agent_id))
        await self.tell()

    async def sign_out(self, secret: str) -> None:
        """End a session; an unknown one is no error."""
        async with self._db.write() as connection:
            await connection.execute(delete(_table).where(_table.c.token_hash == digest(secret)))
        await self.tell()

    async def tell(self) -> None:
        """Make the streams of all workers look at their sessions."""
        await self._fanout.publish(DESK_TOPIC, {"type": SESSIONS_CHANGED})

    def _is_locked(self, used_at: datetime) -> bool:
        return used_at + self._idle <= self._clock()
