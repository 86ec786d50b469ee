"""The states of a conversation and the only moves between them (docs/handoff.md shows the picture)."""

from enum import Enum

from bot.conversations.errors import ForbiddenMoveError
from bot.conversations.messages import State


class Event(str, Enum):
    """What can happen to a conversation's state."""

    HAND_OFF = "hand_off"
    CANCEL = "cancel"
    CLAIM = "claim"
    RETURN = "return"
    CLOSE = "close"
    LEAVE = "leave"
    REOPEN = "reopen"


_MOVES: dict[tuple[State, Event], State] = {
    (State.BOT, Event.HAND_OFF): State.QUEUED,
    (State.QUEUED, Event.CANCEL): State.BOT,
    (State.QUEUED, Event.CLAIM): State.AGENT,
    (State.AGENT, Event.RETURN): State.BOT,
    (State.AGENT, Event.CLOSE): State.CLOSED,
    (State.BOT, Event.LEAVE): State.CLOSED,
    (State.QUEUED, Event.LEAVE): State.CLOSED,
    (State.AGENT, Event.LEAVE): State.CLOSED,
    (State.CLOSED, Event.REOPEN): State.BOT,
}


def after(state: State, event: Event) -> State:
    """The state that `event` leads to from `state`; raises ForbiddenMoveError where there is no such move."""
    try:
        return _MOVES[state, event]
    except KeyError:
        raise ForbiddenMoveError(state, event) from None
