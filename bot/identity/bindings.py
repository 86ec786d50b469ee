"""Which customer a conversation belongs to, since when, and when that was last proved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from bot.clock import Clock
from bot.identity.policy import LONGEST_STEP_UP_S
from bot.identity.principal import Level, Principal
from bot.identity.tables import identity_bindings
from bot.storage.database import Database
from bot.storage.rows import insert_new


@dataclass(frozen=True)
class Binding:
    """A conversation that is somebody's."""

    customer_id: str
    bound_at: datetime
    stepped_up_at: datetime | None


class Bindings:
    """The table behind every Principal."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def principal(self, conversation_id: str) -> Principal:
        """Whoever the conversation belongs to now, at the level that holds now."""
        binding = await self.of(conversation_id)
        if binding is None:
            return Principal(conversation_id)
        proved_at = binding.stepped_up_at
        stepped_up = proved_at is not None and self._clock() < proved_at + timedelta(seconds=LONGEST_STEP_UP_S)
        level = Level.STEPPED_UP if stepped_up else Level.BOUND
        return Principal(conversation_id, binding.customer_id, level, proved_at)

    async def customers(self, conversation_ids: Sequence[str]) -> dict[str, str]:
        """Conversation → customer, of those that are somebody's."""
        table = identity_bindings
        mine = table.c.conversation_id.in_(conversation_ids)
        async with self._db.read() as connection:
            rows = await connection.execute(select(table.c.conversation_id, table.c.customer_id).where(mine))
            return {row.conversation_id: row.customer_id for row in rows}

    async def of(self, conversation_id: str) -> Binding | None:
        """The binding of the conversation, None while it is anonymous."""
        table = identity_bindings
        columns = (table.c.customer_id, table.c.bound_at, table.c.stepped_up_at)
        statement = select(*columns).where(table.c.conversation_id == conversation_id)
        async with self._db.read() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else Binding(*row)

    async def bind(self, conversation_id: str, customer_id: str, *, stepped_up_at: datetime | None = None) -> None:
        """Give the conversation to the customer.

        Binding the same customer again keeps the step-up, and the day of the first time; another customer gets neither.
        """
        table = identity_bindings
        values = {"customer_id": customer_id, "bound_at": self._clock(), "stepped_up_at": stepped_up_at}
        here = table.c.conversation_id == conversation_id
        async with self._db.write() as connection:
            if await insert_new(connection, table, conversation_id=conversation_id, **values):
                return
            await connection.execute(update(table).where(here, table.c.customer_id != customer_id).values(values))
            if stepped_up_at is not None:
                await connection.execute(update(table).where(here).values(stepped_up_at=stepped_up_at))

    async def drop_step_up(self, conversation_id: str) -> None:
        """Back to level 1."""
        here = identity_bindings.c.conversation_id == conversation_id
        async with self._db.write() as connection:
            await connection.execute(update(identity_bindings).where(here).values(stepped_up_at=None))

    async def unbind(self, conversation_id: str) -> None:
        """Make the conversation anonymous again."""
        here = identity_bindings.c.conversation_id == conversation_id
        async with self._db.write() as connection:
            await connection.execute(delete(identity_bindings).where(here))
