"""Looking at a complaint again: a new round with a legal clock of its own."""

from datetime import date
from typing import Any

from bot.clock import bank_date
from bot.complaints.deadlines import LegalClock
from bot.complaints.errors import ReopenTooLateError
from bot.complaints.models import Complaint
from bot.complaints.states import Event, after


def new_round(complaint: Complaint, today: date, days: LegalClock) -> dict[str, Any]:
    """The columns with which it is reopened `today`.

    Raises ForbiddenComplaintMoveError unless it is answered or closed, and ReopenTooLateError when `reopen_days` have
    passed since it was closed.
    """
    after(complaint.state, Event.REOPEN)
    until = days.reopen_until(bank_date(complaint.ended_at)) if complaint.ended_at else today
    if today > until:
        raise ReopenTooLateError(until)
    stopped_on = complaint.clock_stopped_on
    return {
        "clock_started_on": today,
        "due_on": days.due_on(complaint.complexity, today),
        "clock_stopped_on": None,
        "round": complaint.round + 1,
        "late_rounds": complaint.late_rounds + (stopped_on is not None and stopped_on > complaint.due_on),
        "extended": False,
        "outcome": None,
        "answer": None,
        "answered_at": None,
        "ended_at": None,
    }
