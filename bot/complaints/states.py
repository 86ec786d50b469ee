"""The states of a complaint and all that may happen in them (docs/complaints.md shows the picture)."""

from enum import Enum

from bot.complaints.errors import ForbiddenComplaintMoveError
from bot.complaints.models import ComplaintState as State


class Event(str, Enum):
    """What can happen to a complaint; the first six change its state."""

    ACCEPT = "accept"
    INVESTIGATE = "investigate"
    ANSWER = "answer"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    ADD = "add"
    ASSIGN = "assign"
    RECLASSIFY = "reclassify"
    EXTEND = "extend"
    NOTE = "note"


FILED = "file"
"""The first entry of every timeline; no event, since nothing leads to it."""

RUNNING = frozenset({State.RECEIVED, State.ACCEPTED, State.INVESTIGATING, State.REOPENED})
"""The states in which the legal clock runs."""

_MOVES: dict[tuple[State, Event], State] = {
    (State.RECEIVED, Event.ACCEPT): State.ACCEPTED,
    (State.REOPENED, Event.ACCEPT): State.ACCEPTED,
    (State.ACCEPTED, Event.INVESTIGATE): State.INVESTIGATING,
    (State.INVESTIGATING, Event.ANSWER): State.ANSWERED,
    (State.ANSWERED, Event.CLOSE): State.CLOSED,
    (State.ANSWERED, Event.REOPEN): State.REOPENED,
    (State.CLOSED, Event.REOPEN): State.REOPENED,
    **{(state, Event.WITHDRAW): State.WITHDRAWN for state in RUNNING},
    **{(state, event): state for state in RUNNING for event in (Event.ASSIGN, Event.RECLASSIFY, Event.EXTEND)},
    **{(state, Event.ADD): state for state in (*RUNNING, State.ANSWERED)},
    **{(state, Event.NOTE): state for state in State},
}


def after(state: State, event: Event) -> State:
    """The state that `event` leads to from `state`; raises ForbiddenComplaintMoveError where there is no such move."""
    try:
        return _MOVES[state, event]
    except KeyError:
        raise ForbiddenComplaintMoveError(state.value, event.value) from None


def possible(state: State) -> list[Event]:
    """What may happen in `state`."""
    return [event for event in Event if (state, event) in _MOVES]
