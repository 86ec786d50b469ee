"""Who is on the other side of a conversation, and how sure the bank is of it."""

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """Assurance levels, from a stranger to a customer who has just proved it."""

    ANONYMOUS = 0
    BOUND = 1
    """A signed site token or a bound openid names the customer."""
    STEPPED_UP = 2
    """A one-time code was passed within the last `step_up_s` seconds."""


@dataclass(frozen=True)
class Principal:
    """The identity every service call acts for; made by IdentityService alone, never from slots or metadata."""

    conversation_id: str
    customer_id: str | None = None
    level: Level = Level.ANONYMOUS
