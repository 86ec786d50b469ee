"""Sessions: the secret by which a browser proves that a conversation is its own."""

from datetime import timedelta

from sqlalchemy import insert, select, update

from bot.bearer import digest, new_secret
from bot.clock import Clock
from bot.conversations import tables
from bot.conversations.errors import InvalidSessionError
from bot.storage.database import Database


class Sessions:
    """Opens and resolves sessions; only a hash of the secret is stored, and each use prolongs it."""

    def __init__(self, db: Database, clock: Clock, *, ttl_s: int) -> None:
        self._db = db
        self._clock = clock
        self._ttl = timedelta(seconds=ttl_s)

    async def open(self, conversation_id: str) -> str:
        """A new session for the conversation; the returned secret is shown to its customer only."""
        session = new_secret()
        async with self._db.write() as connection:
            await connection.execute(
                insert(tables.sessions).values(
                    token_hash=digest(session), conversation_id=conversation_id, expires_at=self._clock() + self._ttl
                )
            )
        return session

    async def resolve(self, session: str) -> str:
        """The conversation id of a session. Raises InvalidSessionError when unknown or expired."""
        table = tables.sessions
        now = self._clock()
        async with self._db.read() as connection:
            query = select(table.c.conversation_id, table.c.expires_at).where(table.c.token_hash == digest(session))
            row = (await connection.execute(query)).first()
        if row is None or row.expires_at <= now:
            raise InvalidSessionError("unknown or expired session")
        if row.expires_at - now < self._ttl * 0.9:  # not at every request: a write each would be waste
            async with self._db.write() as connection:
                await connection.execute(
                    update(table).where(table.c.token_hash == digest(session)).values(expires_at=now + self._ttl)
                )
        return str(row.conversation_id)
