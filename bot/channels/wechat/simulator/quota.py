"""How many customer-service messages WeChat lets an account send to one user."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bot.clock import Clock


class Occasion(Enum):
    """What a user does that lets the account write."""

    MESSAGE = "message"
    MENU = "menu"
    FOLLOW = "follow"
    SCAN = "scan"


SPENT = 45047
CLOSED = 45015
_MESSAGE_PUSHES, _MESSAGE_WINDOW = 5, timedelta(hours=48)
_EVENT_PUSHES, _EVENT_WINDOW = 3, timedelta(minutes=1)


@dataclass
class _Grant:
    left: int
    ends_at: datetime


class Quota:
    """Five pushes in 48 hours after a message; three in a minute after each menu click, follow or scan.

    The same occasion again begins anew and adds nothing to what was left.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._grants: dict[Occasion, _Grant] = {}

    def open(self, occasion: Occasion) -> None:
        """The user did something."""
        by_message = occasion is Occasion.MESSAGE
        window = _MESSAGE_WINDOW if by_message else _EVENT_WINDOW
        pushes = _MESSAGE_PUSHES if by_message else _EVENT_PUSHES
        self._grants[occasion] = _Grant(pushes, self._clock() + window)

    def close(self) -> None:
        """The user unfollowed."""
        self._grants.clear()

    def spend(self) -> int:
        """Count one push, from the window that ends first; WeChat's error code, 0 when it may be sent."""
        current = self._current()
        usable = [grant for grant in current if grant.left]
        if not usable:
            return SPENT if current else CLOSED
        min(usable, key=lambda grant: grant.ends_at).left -= 1
        return 0

    @property
    def left(self) -> int:
        """Pushes that would be accepted at this moment."""
        return sum(grant.left for grant in self._current())

    @property
    def ends_at(self) -> datetime | None:
        """When the last open window closes."""
        return max((grant.ends_at for grant in self._current()), default=None)

    def _current(self) -> list[_Grant]:
        return [grant for grant in self._grants.values() if self._clock() < grant.ends_at]
