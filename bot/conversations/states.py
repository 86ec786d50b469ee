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
    TRANSFER = "transfer"
    """To a colleague who has accepted it."""
    REFER = "refer"
    """To whoever has a skill."""
    TAKE_OVER = "take_over"
    REQUEUE = "requeue"
    """Its agent has vanished."""
    CLOSE = "close"
    FINISH = "finish"
    """The customer has no more to ask."""
    IDLE = "idle"
    """The customer no longer answers."""
    LEAVE = "leave"
    REOPEN = "reopen"
    PICK_UP = "pick_up"
    """Answer a message that was left while nobody served."""


class Who(str, Enum):
    """Who may make a move."""

    CUSTOMER = "customer"
    DIALOGUE = "dialogue"
    """Rasa, or its fault."""
    AGENT = "agent"
    """Supervisors are agents too."""
    SUPERVISOR = "supervisor"
    CLOCK = "clock"
    """Time has passed."""


class Guard(str, Enum):
    """What must hold besides the state; `bot/handoff/guards.py` checks what concerns agents."""

    SERVES_IT = "serves_it"
    """The conversation is in this agent's hands."""
    SOMEBODY_COMES = "somebody_comes"
    """It is within the hours, or an emergency."""
    HAS_ROOM = "has_room"
    """The agent has fewer conversations in hand than the capacity allows."""
    OFFERED = "offered"
    """Its agent has offered it to this one, no longer ago than the offer holds; has_room holds too."""
    VANISHED = "vanished"
    """The agent's desk has not been heard of for longer than the grace."""
    SILENT = "silent"
    """The customer has been warned and has not answered since."""
    MESSAGE_LEFT = "message_left"
    """A message that was left is not answered yet."""


@dataclass(frozen=True)
class Move:
    """One line of the table."""

    source: State
    event: Event
    target: State
    who: Who
    guard: Guard | None = None


MOVES = (
    Move(State.BOT, Event.HAND_OFF, State.QUEUED, Who.DIALOGUE, Guard.SOMEBODY_COMES),
    Move(State.QUEUED, Event.CANCEL, State.BOT, Who.CUSTOMER),
    Move(State.QUEUED, Event.CLAIM, State.AGENT, Who.AGENT, Guard.HAS_ROOM),
    Move(State.AGENT, Event.RETURN, State.BOT, Who.AGENT, Guard.SERVES_IT),
    Move(State.AGENT, Event.TRANSFER, State.AGENT, Who.AGENT, Guard.OFFERED),
    Move(State.AGENT, Event.REFER, State.QUEUED, Who.AGENT, Guard.SERVES_IT),
    Move(State.AGENT, Event.TAKE_OVER, State.AGENT, Who.SUPERVISOR),
    Move(State.AGENT, Event.REQUEUE, State.QUEUED, Who.CLOCK, Guard.VANISHED),
    Move(State.AGENT, Event.CLOSE, State.CLOSED, Who.AGENT, Guard.SERVES_IT),
    Move(State.AGENT, Event.FINISH, State.CLOSED, Who.CUSTOMER),
    Move(State.AGENT, Event.IDLE, State.CLOSED, Who.CLOCK, Guard.SILENT),
    Move(State.BOT, Event.LEAVE, State.CLOSED, Who.CUSTOMER),
    Move(State.QUEUED, Event.LEAVE, State.CLOSED, Who.CUSTOMER),
    Move(State.AGENT, Event.LEAVE, State.CLOSED, Who.CUSTOMER),
    Move(State.CLOSED, Event.REOPEN, State.BOT, Who.CUSTOMER),
    Move(State.BOT, Event.PICK_UP, State.AGENT, Who.AGENT, Guard.MESSAGE_LEFT),
    Move(State.CLOSED, Event.PICK_UP, State.AGENT, Who.AGENT, Guard.MESSAGE_LEFT),
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
