"""What the handoff needs of a desk outside, where colleagues work with somebody else's program.

Everything we ask of it may be asked again: whoever asks keeps trying until it is done, and it is done once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Kind(str, Enum):
    """Who speaks in a line."""

    CUSTOMER = "customer"
    NOTE = "note"
    """For colleagues only: the handoff card, what the customer was told, how the service ended."""


@dataclass(frozen=True)
class Line:
    """One line for the colleagues; `key` is its own within the conversation, and lines are added in order."""

    key: str
    kind: Kind
    text: str


@dataclass(frozen=True)
class Visitor:
    """Whom the colleagues are to see; `name` is masked."""

    conversation_id: str
    name: str


@dataclass(frozen=True)
class Joined:
    """A colleague has taken the conversation."""

    outside_id: str
    agent: str | None
    """The colleague's name, where it is told."""


@dataclass(frozen=True)
class Replied:
    """A colleague speaks to the customer; the same `message_id` again is the same message."""

    outside_id: str
    agent: str | None
    message_id: str
    text: str
    has_attachments: bool


@dataclass(frozen=True)
class Ended:
    """A colleague has settled the matter, or gives it back to the bot."""

    outside_id: str
    agent: str | None
    to_bot: bool


Happening = Joined | Replied | Ended
"""What colleagues do out there."""


class OutsideDesk(Protocol):
    """Every method raises OutsideDeskUnavailableError and OutsideDeskRefusedError."""

    async def open(self, visitor: Visitor) -> str:
        """Put the visitor's conversation among those that wait; its id out there, the same each time."""

    async def find(self, conversation_id: str) -> str | None:
        """The id out there of a conversation of ours, if it was ever opened."""

    async def add(self, outside_id: str, line: Line, *, in_doubt: bool) -> None:
        """Add a line; `in_doubt` says that it may be there already. Raises OutsideConversationGoneError."""

    async def end(self, outside_id: str) -> None:
        """Take the conversation off the colleagues' lists. Raises OutsideConversationGoneError."""

    async def is_open(self, outside_id: str) -> bool:
        """Whether the colleagues have it on their lists now. Raises OutsideConversationGoneError."""

    async def since(self, outside_id: str, key: str) -> list[Happening]:
        """What colleagues have said since the line of this key, and whether they have ended it; oldest first.

        For what was pushed while nobody here listened. Raises OutsideConversationGoneError.
        """


class Webhook(Protocol):
    """Opens what the desk outside pushes."""

    def open(self, headers: Mapping[str, str], body: bytes) -> Happening | None:
        """What has happened; None where it is of no interest. `headers` are found whatever their case.

        Raises UnsignedWebhookError and MalformedWebhookError.
        """
