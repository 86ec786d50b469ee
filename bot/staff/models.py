"""The bank's people as the rest of the system knows them."""

from dataclasses import dataclass
from datetime import datetime

from bot.staff.roles import Operation, Role, may


@dataclass(frozen=True)
class Agent:
    """A person at the desk."""

    agent_id: str
    login: str
    name: str
    role: Role

    @property
    def is_supervisor(self) -> bool:
        """Whether this person decides what agents may only ask for, such as more time for a complaint."""
        return self.role == "supervisor"

    @property
    def actor(self) -> str:
        """How the audit log names this person."""
        return f"agent:{self.agent_id}"

    def may(self, operation: Operation) -> bool:
        """Whether this person's role allows it."""
        return may(self.role, operation)


@dataclass(frozen=True)
class Account:
    """An account as admins see it."""

    agent: Agent
    disabled: bool
    has_totp: bool
    must_change_password: bool
    sessions: int
    """How many are open, locked ones included."""


@dataclass(frozen=True)
class Device:
    """From where somebody signs in."""

    address: str
    browser: str


@dataclass(frozen=True)
class OpenSession:
    """A session as its owner and admins see it."""

    session_id: str
    device: Device
    created_at: datetime
    used_at: datetime
    locked: bool


@dataclass(frozen=True)
class Session:
    """A good session and whose it is."""

    session_id: str
    agent: Agent
