"""The clocks of a service: first reply, next reply, resolution. They run in business time, warn, and are breached."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from bot.handoff.hours import BusinessHours

_WARNS_AT = 0.75
"""Of the target."""


class Measure(str, Enum):
    """What is measured."""

    FIRST_REPLY = "first_reply"
    """From asking for a person to the first word of one."""
    NEXT_REPLY = "next_reply"
    """From the customer's first unanswered word on."""
    RESOLUTION = "resolution"
    """From asking for a person to the end of the service."""


class Standing(str, Enum):
    """How a clock stands with its target."""

    ON_TIME = "on_time"
    WARNING = "warning"
    BREACHED = "breached"


@dataclass(frozen=True)
class Running:
    """A clock that has not stopped."""

    measure: Measure
    due_at: datetime
    standing: Standing


class ServiceClocks:
    """Reads the clocks from a row of `handoffs`."""

    def __init__(self, hours: BusinessHours, targets: Mapping[Measure, int]) -> None:
        """`targets` are seconds of business time."""
        self._hours = hours
        self._targets = targets

    def running(self, handoff: Mapping[str, Any], now: datetime) -> list[Running]:
        """Every clock that runs. `handoff` has the columns queued_at, first_reply_at, awaiting_since, ended_at."""
        return [self._read(measure, start, now) for measure, start in _started(handoff)]

    def _read(self, measure: Measure, start: datetime, now: datetime) -> Running:
        target = self._targets[measure]
        due_at = self._hours.after(start, target)
        if now > due_at:
            return Running(measure, due_at, Standing.BREACHED)
        warns = now >= self._hours.after(start, target * _WARNS_AT)
        return Running(measure, due_at, Standing.WARNING if warns else Standing.ON_TIME)


def _started(handoff: Mapping[str, Any]) -> Iterator[tuple[Measure, datetime]]:
    if handoff["ended_at"] is not None:
        return
    if handoff["first_reply_at"] is None:
        yield Measure.FIRST_REPLY, handoff["queued_at"]
    elif handoff["awaiting_since"] is not None:
        yield Measure.NEXT_REPLY, handoff["awaiting_since"]
    yield Measure.RESOLUTION, handoff["queued_at"]
