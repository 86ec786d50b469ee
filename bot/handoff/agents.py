"""The people at the desk: their accounts and their signed-in sessions."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import delete, insert, select

from bot.bearer import digest, new_secret
from bot.clock import Clock
from bot.handoff.errors import DeskSessionError, LoginFailedError
from bot.handoff.tables import agents, desk_sessions
from bot.storage.database import Database

_SESSION_TTL = timedelta(hours=12)  # one working day


@dataclass(frozen=True)
class Agent:
    """A person at the desk."""

    agent_id: str
    login: str
    name: str
    role: str


class Agents:
    """Signs agents in and out. Passwords are kept as argon2 hashes, sessions as SHA-256 of a random secret."""

    def __init__(self, db: Database, clock: Clock, hasher: PasswordHasher | None = None) -> None:
        self._db = db
        self._clock = clock
        self._hasher = hasher or PasswordHasher()
        self._no_such_agent = self._hasher.hash(secrets.token_hex(16))

    async def add(self, login: str, name: str, password: str, *, role: str = "agent") -> bool:
        """Make an account; False when the login is taken, which then stays as it is."""
        password_hash = await asyncio.to_thread(self._hasher.hash, password)
        async with self._db.write() as connection:
            if await connection.scalar(select(agents.c.agent_id).where(agents.c.login == login)):
                return False
            await connection.execute(
                insert(agents).values(
                    agent_id=secrets.token_hex(16), login=login, name=name, role=role, password_hash=password_hash
                )
            )
        return True

    async def sign_in(self, login: str, password: str) -> tuple[Agent, str]:
        """The agent and the secret of a new session. Raises LoginFailedError, after the same time either way."""
        async with self._db.read() as connection:
            row = (await connection.execute(select(agents).where(agents.c.login == login))).first()
        stored = row.password_hash if row else self._no_such_agent
        try:
            await asyncio.to_thread(self._hasher.verify, stored, password)
        except VerificationError:
            raise LoginFailedError("unknown login or wrong password") from None
        if row is None:
            raise LoginFailedError("unknown login or wrong password")
        session = new_secret()
        async with self._db.write() as connection:
            await connection.execute(
                insert(desk_sessions).values(
                    token_hash=digest(session), agent_id=row.agent_id, expires_at=self._clock() + _SESSION_TTL
                )
            )
        return Agent(row.agent_id, row.login, row.name, row.role), session

    async def of_session(self, session: str) -> Agent:
        """Who is signed in with this secret. Raises DeskSessionError."""
        query = (
            select(agents.c.agent_id, agents.c.login, agents.c.name, agents.c.role)
            .join(desk_sessions)
            .where(desk_sessions.c.token_hash == digest(session), desk_sessions.c.expires_at > self._clock())
        )
        async with self._db.read() as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            raise DeskSessionError("unknown or expired desk session")
        return Agent(*row)

    async def sign_out(self, session: str) -> None:
        """End a session; an unknown one is no error."""
        async with self._db.write() as connection:
            await connection.execute(delete(desk_sessions).where(desk_sessions.c.token_hash == digest(session)))
