"""Work that one process at a time may do: held for a while in the database, lost by a process that died."""

import secrets
from datetime import timedelta

from sqlalchemy import delete, or_, update

from bot.clock import Clock
from bot.storage.database import Database
from bot.storage.rows import insert_new
from bot.storage.tables import leases


class Lease:
    """One holder's claim to the work called `name`. Take it again before `seconds` are over to keep it."""

    def __init__(self, db: Database, clock: Clock, name: str, *, seconds: float) -> None:
        self._db = db
        self._clock = clock
        self._name = name
        self._holder = secrets.token_hex(16)
        self._length = timedelta(seconds=seconds)

    async def take(self) -> bool:
        """Hold it from now on; False while somebody else does."""
        now = self._clock()
        held = {"holder": self._holder, "until": now + self._length}
        free = or_(leases.c.holder == self._holder, leases.c.until <= now)
        async with self._db.write() as connection:
            if await insert_new(connection, leases, name=self._name, **held):
                return True
            taken = await connection.execute(update(leases).where(leases.c.name == self._name, free).values(**held))
            return taken.rowcount == 1

    async def release(self) -> None:
        """Let others have it at once."""
        mine = (leases.c.name == self._name) & (leases.c.holder == self._holder)
        async with self._db.write() as connection:
            await connection.execute(delete(leases).where(mine))
