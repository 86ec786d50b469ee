"""A customer's right to erasure: what goes, and what the law has the bank keep, until when."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import structlog
from sqlalchemy import JSON, ColumnElement, Table, Text, cast, delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import bank_date
from bot.complaints.tables import complaints
from bot.conversations.messages import State
from bot.conversations.tables import conversations
from bot.conversations.trackers import Trackers
from bot.crm.errors import CrmError
from bot.crm.service import CrmService
from bot.privacy.audit import Audit
from bot.privacy.vault import Vault
from bot.rights.errors import ErasureRefusedError
from bot.rights.inventory import Blank, Delete, DestroyKeys, Keep, Personal, personal
from bot.rights.scope import Scope, scope_of
from bot.settings import Settings
from bot.storage.database import Database

_LIVE = (State.QUEUED.value, State.AGENT.value)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Kept:
    """Rows that stay; `until` is the day on which the last of them may go, None where they are nobody's any more."""

    what: str
    rows: int
    why: str
    until: date | None


@dataclass(frozen=True)
class Erased:
    """What came of an erasure. `gone` counts rows by what they held; a second erasure finds none."""

    gone: dict[str, int]
    kept: list[Kept]
    shared_ids: tuple[str, ...]
    """Conversations that were another customer's too, and were left alone: somebody has to decide."""


class CustomerErasure:
    """Erases in one transaction what the inventory says, then Rasa's trackers. Doing it again does no harm."""

    def __init__(
        self, db: Database, settings: Settings, *, crm: CrmService, vault: Vault, audit: Audit, trackers: Trackers
    ) -> None:
        self._db = db
        self._settings = settings
        self._crm = crm
        self._vault = vault
        self._audit = audit
        self._trackers = trackers

    async def erase(self, customer_id: str, *, actor: str, reason: str) -> Erased:
        """Erase the customer's data. Raises ErasureRefusedError while a complaint or a service is going on."""
        phone = await self._phone(customer_id)
        gone: dict[str, int] = {}
        kept: list[Kept] = []
        async with self._db.write() as connection:
            scope = await scope_of(connection, customer_id, phone=phone)
            await _refuse_what_goes_on(connection, scope)
            for table, held in personal():
                if isinstance(held.on_erasure, Keep):
                    kept += await self._kept(connection, table, held, held.on_erasure, scope)
                else:
                    gone[held.what] = await self._erase(connection, table, held, scope)
            detail = {"gone": {what: rows for what, rows in gone.items() if rows}}
            await self._audit.record(
                actor, "privacy.erase", customer_id, None, detail, reason=reason, connection=connection
            )
        # Last: a dialogue that was going on while we erased has written its tracker by now.
        gone["Rasa's memory of dialogues"] = await self._trackers.erase(scope.conversation_ids)
        await self._forget_the_journal()
        return Erased({what: rows for what, rows in gone.items() if rows}, kept, scope.shared_ids)

    async def _phone(self, customer_id: str) -> str | None:
        try:
            profile = await self._crm.profile_kept(customer_id, "customer.erase")
        except CrmError:
            return None  # by the phone we find only what retention removes soon
        return profile.phone if profile else None

    async def _erase(self, connection: AsyncConnection, table: Table, held: Personal, scope: Scope) -> int:
        mine = scope.rows(table, held.erased_by or held.found_by)
        match held.on_erasure:
            case DestroyKeys():
                return await self._vault.destroy_keys(connection, scope.conversation_ids)
            case Blank(values):
                filled = mine & or_(*(_differs(table, column, value) for column, value in values.items()))
                return (await connection.execute(update(table).where(filled).values(values))).rowcount
            case Delete():
                return (await connection.execute(delete(table).where(mine))).rowcount
        raise AssertionError(held)

    async def _kept(
        self, connection: AsyncConnection, table: Table, held: Personal, keep: Keep, scope: Scope
    ) -> list[Kept]:
        mine = scope.rows(table, held.found_by)
        rows = await connection.scalar(select(func.count()).select_from(table).where(mine)) or 0
        if not rows:
            return []
        until = None
        if keep.retention is not None:
            dated = table if keep.counts_from in table.c else complaints
            newest = func.max(dated.c[keep.counts_from])
            found = mine if dated is table else complaints.c.number.in_(scope.numbers)
            last = await connection.scalar(select(newest).where(found))
            until = bank_date(last + timedelta(days=getattr(self._settings, keep.retention))) if last else None
        return [Kept(held.what, rows, keep.why, until)]

    async def _forget_the_journal(self) -> None:
        """On SQLite what was deleted still stands in the write-ahead log until that is written over."""
        if not self._db.is_sqlite:
            return
        async with self._db.read() as connection:
            busy = (await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))).one()[0]
        if busy:
            _log.warning("journal_in_use", hint="erased pages remain in the -wal file until its next checkpoint")


async def _refuse_what_goes_on(connection: AsyncConnection, scope: Scope) -> None:
    open_ones = select(complaints.c.number).where(
        complaints.c.number.in_(scope.numbers), complaints.c.ended_at.is_(None)
    )
    obstacles = [f"complaint {number} is still open" for number in await connection.scalars(open_ones)]
    mine = select(conversations).where(conversations.c.conversation_id.in_(scope.conversation_ids))
    locked = await connection.execute(mine.order_by(conversations.c.conversation_id).with_for_update())
    obstacles += [f"conversation {row.conversation_id} is {row.state}" for row in locked if row.state in _LIVE]
    if obstacles:
        raise ErasureRefusedError(obstacles)


def _differs(table: Table, column: str, value: Any) -> ColumnElement[bool]:
    kept = table.c[column]
    if isinstance(kept.type, JSON):
        return cast(kept, Text).is_distinct_from(json.dumps(value))
    return kept.is_distinct_from(value)
