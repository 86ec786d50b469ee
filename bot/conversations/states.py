"""The states of a conversation and the only moves between them, as a table (docs/handoff.md writes it down)."""

from dataclasses import dataclass
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


class Who(str, Enum):
    """Who may make a move."""

    CUSTOMER = "customer"
    DIALOGUE = "dialogue"
    """Rasa, or its fault."""
    AGENT = "agent"
    """Supervisors are agents too."""


class Guard(str, Enum):
    """What must hold besides the state; `bot/handoff/guards.py` checks what concerns agents."""

    SERVES_IT = "serves_it"
    """The conversation is in this agent's hands."""


@dataclass(frozen=True)
class Move:
    """One line of the table."""

    source: State
    event: Event
    target: State
    who: Who
    guard: Guard | None = None


MOVES = (
    Move(State.BOT, Event.HAND_OFF, State.QUEUED, Who.DIALOGUE),
    Move(State.QUEUED, Event.CANCEL, State.BOT, Who.CUSTOMER),
    Move(State.QUEUED, Event.CLAIM, State.AGENT, Who.AGENT),
    Move(State.AGENT, Event.RETURN, State.BOT, Who.AGENT, Guard.SERVES_IT),
    Move(State.AGENT, Event.CLOSE, State.CLOSED, Who.AGENT, Guard.SERVES_IT),
    Move(State.BOT, Event.LEAVE, State.CLOSED, Who.CUSTOMER),
    Move(State.QUEUED, Event.LEAVE, State.CLOSED, Who.CUSTOMER),
    Move(State.AGENT, Event.LEAVE, State.CLOSED, Who.CUSTOMER),
    Move(State.CLOSED, Event.REOPEN, State.BOT, Who.CUSTOMER),
)
_BY_EVENT = {(move.source, move.event): move for move in MOVES}


def move(state: State, event: Event) -> Move:
    """The line of the table for `event` in `state`; raises ForbiddenMoveError where there is none."""
    try:
        return _BY_EVENT[state, event]
    except KeyError:
        raise ForbiddenMoveError(state, event) from None


def after(state: State, event: Event) -> State:
    """The state that `event` leads to from `state`; raises ForbiddenMoveError where there is no such move."""
    return move(state, event).target
