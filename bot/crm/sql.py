"""The CRM in our own database: the embedded default."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.crm.errors import CrmError, UnknownCaseError
from bot.crm.models import Case, CaseDraft, CustomerProfile
from bot.crm.tables import crm_cases, crm_customers, crm_interactions, crm_notes
from bot.storage.database import Database
from bot.storage.rows import insert_new


class SqlCrm:
    """The `Crm` port on SQLite or PostgreSQL."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def profile(self, customer_id: str) -> CustomerProfile | None:
        """See `Crm.profile`."""
        statement = select(crm_customers).where(crm_customers.c.customer_id == customer_id)
        async with self._db.read() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else CustomerProfile(**row._mapping)

    async def find_by_phone(self, phone: str) -> str | None:
        """See `Crm.find_by_phone`."""
        statement = select(crm_customers.c.customer_id).where(crm_customers.c.phone == phone)
        async with self._db.read() as connection:
            return (await connection.execute(statement)).scalar_one_or_none()

    async def write_interaction(
        self, customer_id: str | None, conversation_id: str, summary: str, *, idempotency_key: str
    ) -> None:
        """See `Crm.write_interaction`."""
        async with self._db.write() as connection:
            await insert_new(
                connection,
                crm_interactions,
                idempotency_key=idempotency_key,
                customer_id=customer_id,
                conversation_id=conversation_id,
                summary=summary,
                at=self._clock(),
            )

    async def open_case(self, case: CaseDraft, *, idempotency_key: str) -> Case:
        """See `Crm.open_case`."""
        async with self._db.write() as connection:
            await insert_new(
                connection,
                crm_cases,
                **asdict(case),
                idempotency_key=idempotency_key,
                state="open",
                opened_at=self._clock(),
            )
            statement = select(crm_cases).where(crm_cases.c.idempotency_key == idempotency_key)
            opened = await _cases(connection, statement)
        if not opened:
            raise CrmError(f"case {case.number} was opened under another key")
        return opened[0]

    async def case(self, number: str) -> Case | None:
        """See `Crm.case`."""
        async with self._db.read() as connection:
            cases = await _cases(connection, select(crm_cases).where(crm_cases.c.number == number))
        return cases[0] if cases else None

    async def cases_of(self, customer_id: str) -> list[Case]:
        """See `Crm.cases_of`."""
        statement = (
            select(crm_cases)
            .where(crm_cases.c.customer_id == customer_id)
            .order_by(crm_cases.c.opened_at.desc(), crm_cases.c.number.desc())
        )
        async with self._db.read() as connection:
            return await _cases(connection, statement)

    async def add_note(self, number: str, text: str, *, idempotency_key: str) -> None:
        """See `Crm.add_note`."""
        async with self._db.write() as connection:
            if not await _cases(connection, select(crm_cases).where(crm_cases.c.number == number)):
                raise UnknownCaseError(number)
            await insert_new(
                connection,
                crm_notes,
                idempotency_key=idempotency_key,
                number=number,
                text=text,
                at=self._clock(),
            )


async def _cases(connection: AsyncConnection, statement: Select[Any]) -> list[Case]:
    rows = (await connection.execute(statement)).all()
    notes = await _notes(connection, [row.number for row in rows])
    return [_case(row, tuple(notes.get(row.number, ()))) for row in rows]


async def _notes(connection: AsyncConnection, numbers: list[str]) -> dict[str, list[str]]:
    statement = (
        select(crm_notes.c.number, crm_notes.c.text).where(crm_notes.c.number.in_(numbers)).order_by(crm_notes.c.id)
    )
    notes: dict[str, list[str]] = {}
    for number, text in await connection.execute(statement):
        notes.setdefault(number, []).append(text)
    return notes


def _case(row: Row[Any], notes: tuple[str, ...]) -> Case:
    values = {name: value for name, value in row._mapping.items() if name != "idempotency_key"}
    return Case(**values, notes=notes)
