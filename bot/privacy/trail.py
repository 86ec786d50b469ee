"""Reading the audit log: by customer, actor, action, conversation and time. Reading it is audited too."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from bot.privacy.audit import Audit
from bot.privacy.tables import audit_log
from bot.storage.database import Database

READ = "audit.read"
_MOST = 500


@dataclass(frozen=True)
class AuditQuery:
    """Which rows; what is None does not matter."""

    customer_id: str | None = None
    actor: str | None = None
    action: str | None = None
    """How the action begins: `complaint.` for everything done with complaints."""
    conversation_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """The first moment that does not belong."""


@dataclass(frozen=True)
class AuditEntry:
    """One row: who did what to which customer's data, in which conversation, when and why."""

    entry_id: int
    at: datetime
    actor: str
    action: str
    customer_id: str | None
    conversation_id: str | None
    reason: str | None
    detail: dict[str, Any]


@dataclass(frozen=True)
class AuditPage:
    """Entries, newest first; with `before` the next page begins, None after the last."""

    entries: list[AuditEntry]
    before: int | None


class AuditTrail:
    """For auditors, and for whoever answers a customer who asks what was done with their data."""

    def __init__(self, db: Database, audit: Audit) -> None:
        self._db = db
        self._audit = audit

    async def search(
        self, query: AuditQuery, *, reader: str, reason: str, before: int | None = None, limit: int = 50
    ) -> AuditPage:
        """The newest `limit` (at most 500) entries with an id below `before`.

        `reader`, an actor as in the log, and `reason` are recorded first. Raises ValueError for no positive limit.
        """
        if limit < 1:
            raise ValueError("a page holds one entry at least")
        limit = min(limit, _MOST)
        await self._audit.record(reader, READ, query.customer_id, query.conversation_id, _asked(query), reason=reason)
        statement = select(audit_log).where(*_conditions(query, before)).order_by(audit_log.c.id.desc())
        async with self._db.read() as connection:
            rows = (await connection.execute(statement.limit(limit + 1))).all()
        entries = [_entry(row) for row in rows[:limit]]
        return AuditPage(entries, entries[-1].entry_id if len(rows) > limit else None)


def _conditions(query: AuditQuery, before: int | None) -> Iterator[ColumnElement[bool]]:
    log = audit_log.c
    for column, wanted in (
        (log.customer_id, query.customer_id),
        (log.actor, query.actor),
        (log.conversation_id, query.conversation_id),
    ):
        if wanted is not None:
            yield column == wanted
    if query.action is not None:
        yield log.action.startswith(query.action, autoescape=True)
    if query.since is not None:
        yield log.at >= query.since
    if query.until is not None:
        yield log.at < query.until
    if before is not None:
        yield log.id < before


def _asked(query: AuditQuery) -> dict[str, Any]:
    """The filters that have no column of their own in the row."""
    asked = {"actor": query.actor, "action": query.action, "since": query.since, "until": query.until}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asked.items()
        if value is not None
    }


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        row.id, row.at, row.actor, row.action, row.customer_id, row.conversation_id, row.reason, row.detail
    )
