"""Who asks for something, and how sure the bank is of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Level(IntEnum):
    """Assurance levels, from a stranger to a customer who has just proved it."""

    ANONYMOUS = 0
    BOUND = 1
    """A signed site token or a bound openid names the customer."""
    STEPPED_UP = 2
    """A one-time code was passed; how long ago it may have been is the policy's to say."""


@dataclass(frozen=True)
class Principal:
    """The identity every service call acts for; made by IdentityService alone, never from slots or metadata."""

    conversation_id: str
    customer_id: str | None = None
    level: Level = Level.ANONYMOUS
    stepped_up_at: datetime | None = None
    """When the last one-time code was passed."""

    @property
    def actor(self) -> str:
        """Who this is in the audit log."""
        return "customer"


@dataclass(frozen=True)
class StaffPrincipal:
    """A colleague who is signed in at the desk; what the colleague's role allows is the desk's to check."""

    agent_id: str

    @property
    def actor(self) -> str:
        """Who this is in the audit log."""
        return f"agent:{self.agent_id}"


@dataclass(frozen=True)
class SystemPrincipal:
    """The installation itself: nobody asks, or it is not known yet who does."""

    @property
    def actor(self) -> str:
        """Who this is in the audit log."""
        return "system"


SYSTEM = SystemPrincipal()
