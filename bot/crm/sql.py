"""The CRM in our own database: the embedded default."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, Select, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.crm.errors import CrmRejectedError, CrmUnavailableError, UnknownCaseError
from bot.crm.models import Case, CaseDraft, CaseState, CaseUpdate, CustomerProfile
from bot.crm.records import changed_values
from bot.crm.tables import crm_case_updates, crm_cases, crm_customers, crm_interactions, crm_notes
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
        async with _answering(self._db.read) as connection:
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else CustomerProfile(**row._mapping)

    async def find_by_phone(self, phone: str) -> str | None:
        """See `Crm.find_by_phone`."""
        statement = select(crm_customers.c.customer_id).where(crm_customers.c.phone == phone)
        async with _answering(self._db.read) as connection:
            return (await connection.execute(statement)).scalar_one_or_none()

    async def write_interaction(
        self, customer_id: str | None, conversation_id: str, summary: str, *, idempotency_key: str
    ) -> None:
        """See `Crm.write_interaction`."""
        async with _answering(self._db.write) as connection:
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
        async with _answering(self._db.write) as connection:
            await insert_new(
                connection,
                crm_cases,
                **asdict(case),
                idempotency_key=idempotency_key,
                state=CaseState.OPEN.value,
                opened_at=self._clock(),
            )
            statement = select(crm_cases).where(crm_cases.c.idempotency_key == idempotency_key)
            opened = await _cases(connection, statement)
        if not opened:
            raise CrmRejectedError(f"case {case.number} was opened under another key")
        return opened[0]

    async def update_case(self, number: str, update: CaseUpdate, *, idempotency_key: str) -> None:
        """See `Crm.update_case`."""
        values = changed_values(update)
        async with _answering(self._db.write) as connection:
            await _require_case(connection, number)
            await self._write_once(connection, number, values, idempotency_key)

    async def case(self, number: str) -> Case | None:
        """See `Crm.case`."""
        async with _answering(self._db.read) as connection:
            cases = await _cases(connection, select(crm_cases).where(crm_cases.c.number == number))
        return cases[0] if cases else None

    async def cases_of(self, customer_id: str) -> list[Case]:
        """See `Crm.cases_of`."""
        statement = (
            select(crm_cases)
            .where(crm_cases.c.customer_id == customer_id)
            .order_by(crm_cases.c.opened_at.desc(), crm_cases.c.number.desc())
        )
        async with _answering(self._db.read) as connection:
            return await _cases(connection, statement)

    async def add_note(self, number: str, text: str, *, idempotency_key: str) -> None:
        """See `Crm.add_note`."""
        async with _answering(self._db.write) as connection:
            await _require_case(connection, number)
            await self._note(connection, number, text, idempotency_key)

    async def escalate_case(self, number: str, reason: str, *, idempotency_key: str) -> None:
        """See `Crm.escalate_case`."""
        async with _answering(self._db.write) as connection:
            await _require_case(connection, number)
            await self._write_once(connection, number, {"escalated": True}, idempotency_key)
            await self._note(connection, number, reason, idempotency_key)

    async def check(self) -> list[str]:
        """See `Crm.check`: our own tables fit."""
        return []

    async def _write_once(
        self, connection: AsyncConnection, number: str, values: dict[str, Any], idempotency_key: str
    ) -> None:
        new = await insert_new(
            connection, crm_case_updates, idempotency_key=idempotency_key, number=number, at=self._clock()
        )
        if new and values:
            await connection.execute(update(crm_cases).where(crm_cases.c.number == number).values(**values))

    async def _note(self, connection: AsyncConnection, number: str, text: str, idempotency_key: str) -> None:
        await insert_new(
            connection, crm_notes, idempotency_key=idempotency_key, number=number, text=text, at=self._clock()
        )


@asynccontextmanager
async def _answering(
    transaction: Callable[[], AbstractAsyncContextManager[AsyncConnection]],
) -> AsyncIterator[AsyncConnection]:
    """A transaction; a database that does not answer is a CRM that is down."""
    try:
        async with transaction() as connection:
            yield connection
    except (OperationalError, InterfaceError) as error:
        raise CrmUnavailableError(f"database: {type(error).__name__}") from error


async def _require_case(connection: AsyncConnection, number: str) -> None:
    found = await connection.execute(select(crm_cases.c.number).where(crm_cases.c.number == number))
    if found.one_or_none() is None:
        raise UnknownCaseError(number)


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
    return Case(**{**values, "state": CaseState(row.state)}, notes=notes)
