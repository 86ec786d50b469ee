"""What an agent may do with a complaint now, so that the desk offers nothing that would be refused."""

from collections.abc import Iterator
from datetime import date

from bot.complaints.errors import NotPermittedError
from bot.complaints.models import Extension
from bot.complaints.overview import ComplaintDetail
from bot.complaints.people import require_handler, require_second_pair_of_eyes
from bot.complaints.states import Event
from bot.staff.models import Agent
from bot.staff.roles import Operation

_PLAIN = (Event.ACCEPT, Event.INVESTIGATE, Event.ANSWER, Event.CLOSE, Event.ASSIGN, Event.RECLASSIFY)


def offers(detail: ComplaintDetail, agent: Agent, today: date) -> list[str]:
    """The moves by their names in the desk's API; none for who only reads."""
    if not agent.may(Operation.COMPLAINTS_WORK):
        return []
    return [*_handlers_moves(detail, agent, today), *_decisions(detail, agent, today), "note"]


def pending_extension(detail: ComplaintDetail) -> Extension | None:
    """The request that a supervisor has not decided on."""
    return next((each for each in detail.extensions if each.state == "pending"), None)


def _handlers_moves(detail: ComplaintDetail, agent: Agent, today: date) -> Iterator[str]:
    complaint = detail.listed.complaint
    try:
        require_handler(complaint, agent)
    except NotPermittedError:
        return
    yield from (event.value for event in _PLAIN if event in detail.possible)
    extendable = not complaint.extended and not detail.listed.extension_pending and today <= complaint.due_on
    if Event.EXTEND in detail.possible and extendable:
        yield "extension"
    if Event.REOPEN in detail.possible and (detail.reopen_until is None or today <= detail.reopen_until):
        yield "reopen"


def _decisions(detail: ComplaintDetail, agent: Agent, today: date) -> Iterator[str]:
    wish = pending_extension(detail)
    if wish is None or wish.requested_by.actor_id is None:
        return
    try:
        require_second_pair_of_eyes(wish.requested_by.actor_id, agent)
    except NotPermittedError:
        return
    if today <= detail.listed.complaint.due_on:
        yield "approve"
    yield "refuse"
