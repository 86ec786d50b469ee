"""Which complaints somebody wants to see, as conditions of a query."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, func, not_, select

from bot.clock import BANK_ZONE
from bot.complaints.deadlines import LegalClock, Standing
from bot.complaints.models import ComplaintState
from bot.complaints.states import RUNNING
from bot.complaints.tables import complaint_extensions, complaints


@dataclass(frozen=True)
class ComplaintFilter:
    """Which complaints; None does not ask. Days are the bank's, both ends included."""

    states: frozenset[ComplaintState] | None = None
    standing: Standing | None = None
    """Asks for a running clock, except that an answer that came late stays a breach."""
    customer_id: str | None = None
    handler_id: str | None = None
    unassigned: bool | None = None
    extension_pending: bool | None = None
    category: str | None = None
    conversation_id: str | None = None
    """Where it was filed."""
    urgent: bool | None = None
    number: str | None = None
    """A part of a number."""
    received_since: date | None = None
    received_until: date | None = None


OPEN = ComplaintFilter(states=RUNNING | {ComplaintState.ANSWERED})
"""What somebody has still to work on."""


def conditions(which: ComplaintFilter, today: date, days: LegalClock) -> Iterator[ColumnElement[bool]]:
    """What rows of `complaints` must meet."""
    table = complaints.c
    if which.states is not None:
        yield table.state.in_([state.value for state in which.states])
    if which.standing is not None:
        yield _stands(which.standing, today, days)
    if which.customer_id is not None:
        yield table.customer_id == which.customer_id
    if which.handler_id is not None:
        yield table.handler_id == which.handler_id
    if which.unassigned is not None:
        yield table.handler_id.is_(None) == which.unassigned
    if which.extension_pending is not None:
        yield is_extension_pending() == which.extension_pending
    if which.category is not None:
        yield table.category == which.category
    if which.conversation_id is not None:
        yield table.conversation_id == which.conversation_id
    if which.urgent is not None:
        yield (table.concerns != "") == which.urgent
    if which.number is not None:
        yield table.number.contains(which.number, autoescape=True)
    if which.received_since is not None:
        yield table.received_at >= _start_of(which.received_since)
    if which.received_until is not None:
        yield table.received_at < _start_of(which.received_until + timedelta(days=1))


def is_extension_pending() -> ColumnElement[bool]:
    """Whether a supervisor has to decide on the complaint's extension."""
    pending = select(complaint_extensions.c.number).where(complaint_extensions.c.state == "pending")
    return complaints.c.number.in_(pending)


def _stands(standing: Standing, today: date, days: LegalClock) -> ColumnElement[bool]:
    table = complaints.c
    breached = func.coalesce(table.clock_stopped_on, today) > table.due_on
    warning = and_(table.clock_stopped_on.is_(None), table.due_on.between(today, days.warns_until(today)))
    if standing is Standing.BREACHED:
        return breached
    return warning if standing is Standing.WARNING else and_(not_(breached), not_(warning))


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), BANK_ZONE)
