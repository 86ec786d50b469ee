"""A clock that moves only when told to."""

from datetime import datetime, timedelta, timezone


class FakeClock:
    """Call it for the time; `advance` it to let time pass."""

    def __init__(self, now: datetime = datetime(2026, 11, 23, 4, 0, tzinfo=timezone.utc)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float = 0, *, days: float = 0) -> None:
        """Let time pass."""
        self.now += timedelta(days=days, seconds=seconds)
