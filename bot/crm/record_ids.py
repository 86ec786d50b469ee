"""The CRM's own ids of the cases we opened: its search finds a new record only seconds later."""

from sqlalchemy import delete, select

from bot.crm.tables import crm_records
from bot.storage.database import Database
from bot.storage.rows import insert_new


class RecordIds:
    """Remembers, for one CRM, which record holds which of our case numbers."""

    def __init__(self, db: Database, crm: str) -> None:
        self._db = db
        self._crm = crm

    async def of(self, number: str) -> str | None:
        """The record's id, None if we have not seen it."""
        statement = select(crm_records.c.record_id).where(
            crm_records.c.crm == self._crm, crm_records.c.number == number
        )
        async with self._db.read() as connection:
            return (await connection.execute(statement)).scalar_one_or_none()

    async def remember(self, number: str, record_id: str) -> None:
        """Keep it; what was remembered before is replaced."""
        async with self._db.write() as connection:
            await connection.execute(
                delete(crm_records).where(crm_records.c.crm == self._crm, crm_records.c.number == number)
            )
            await insert_new(connection, crm_records, crm=self._crm, number=number, record_id=record_id)
