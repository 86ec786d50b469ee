"""What the desk needs of a channel that delivers messages itself; the widget fetches them and needs nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.errors import ZhangguiError


class PictureGoneError(ZhangguiError):
    """The channel cannot give the picture any more, or not now."""

    code = "picture_gone"


@dataclass(frozen=True)
class Reach:
    """How far words get to a customer at this moment."""

    left: int
    """Messages that may still be sent before the customer writes again."""
    ends_at: datetime | None
    """When sending ends unless the customer writes; None when nothing can be sent now."""
    held: int
    """Messages that wait: they go out first when the customer writes again."""


@dataclass(frozen=True)
class Picture:
    """A picture that a customer has sent."""

    content: bytes
    content_type: str


class OutsideChannel(Protocol):
    """A channel whose messages travel through somebody else's server."""

    async def reach(self, conversation_id: str) -> Reach:
        """What can be sent to the customer of this conversation, and what waits."""

    async def picture(self, picture_id: str) -> Picture:
        """A picture as the customer's message names it. Raises PictureGoneError."""
