"""Which customer a conversation belongs to, and until when it counts as stepped up."""

from datetime import datetime

from sqlalchemy import delete, select, update

from bot.clock import Clock
from bot.identity.principal import Level, Principal
from bot.identity.tables import identity_bindings
from bot.storage.database import Database
from bot.storage.rows import insert_new


class Bindings:
    """The table behind every Principal."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def principal(self, conversation_id: str) -> Principal:
        """Whoever the conversation belongs to now, at the level that holds now."""
        statement = select(identity_bindings).where(identity_bindings.c.conversation_id == conversation_id)
        async with self._db.read() as connection:
            row = (await connection.execute(statement)).one_or_none()
        if row is None:
            return Principal(conversation_id)
        stepped_up = row.stepped_up_until is not None and self._clock() < row.stepped_up_until
        return Principal(conversation_id, row.customer_id, Level.STEPPED_UP if stepped_up else Level.BOUND)

    async def bind(self, conversation_id: str, customer_id: str, *, stepped_up_until: datetime | None = None) -> None:
        """Give the conversation to the customer. A step-up survives binding the same customer again, no other."""
        table = identity_bindings
        values = {"customer_id": customer_id, "bound_at": self._clock(), "stepped_up_until": stepped_up_until}
        async with self._db.write() as connection:
            if await insert_new(connection, table, conversation_id=conversation_id, **values):
                return
            here = table.c.conversation_id == conversation_id
            if stepped_up_until is None:
                here &= table.c.customer_id != customer_id
            await connection.execute(update(table).where(here).values(values))

    async def unbind(self, conversation_id: str) -> None:
        """Make the conversation anonymous again."""
        here = identity_bindings.c.conversation_id == conversation_id
        async with self._db.write() as connection:
            await connection.execute(delete(identity_bindings).where(here))
