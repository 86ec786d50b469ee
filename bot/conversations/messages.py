"""What is said in a conversation, as the log keeps it and the API shows it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any


class Author(str, Enum):
    """Who said it. `SYSTEM` tells about the conversation itself (queued, agent joined, closed)."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


class State(str, Enum):
    """Who answers the customer now; see docs/handoff.md for the transitions."""

    BOT = "bot"
    QUEUED = "queued"
    AGENT = "agent"
    CLOSED = "closed"


@dataclass(frozen=True)
class Button:
    """A reply offered to the customer; `payload` stays on the server, the client sends back the title."""

    title: str
    payload: str


@dataclass(frozen=True)
class Draft:
    """A message about to be appended to the log."""

    author: Author
    text: str
    buttons: tuple[Button, ...] = ()
    cards: tuple[dict[str, Any], ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Message(Draft):
    """A message in the log; `seq` counts from 1 within its conversation without gaps."""

    seq: int = 0
    client_message_id: str | None = None
    reply_to: int | None = None
    """The customer message this one answers."""
    created_at: datetime | None = None
