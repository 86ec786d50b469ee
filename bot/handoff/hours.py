"""When people serve: several periods a day, holidays, and the days worked to make up for them.

All arithmetic of "business time" is here: promises and clocks count only while somebody is there.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bot.clock import BANK_ZONE, bank_date

_DAY = timedelta(days=1)
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Period = tuple[timedelta, timedelta]
"""From when to when, since midnight; the end does not belong to it."""


def _period(written: Any) -> Any:
    """`08:30-12:00`; `24:00` is the end of a day."""
    if not isinstance(written, str):
        return written
    start, _, end = written.partition("-")
    return _since_midnight(start), _since_midnight(end)


def _since_midnight(written: str) -> timedelta:
    if written.strip() == "24:00":
        return _DAY
    at = time.fromisoformat(written.strip())
    return timedelta(hours=at.hour, minutes=at.minute)


class ServiceHours(BaseModel):
    """What `SERVICE_HOURS_FILE` holds (docs/handoff.md). Raises ValidationError for hours that make no sense."""

    model_config = ConfigDict(extra="forbid")

    week: dict[str, list[Annotated[Period, BeforeValidator(_period)]]]
    """Periods by weekday; a day that is not named is free."""
    holidays: dict[date, date] = Field(default_factory=dict)
    """First and last free day."""
    working_days: dict[date, str] = Field(default_factory=dict)
    """Days worked instead, and the weekday whose periods they have; they win over holidays."""

    @model_validator(mode="after")
    def _make_sense(self) -> "ServiceHours":
        if unknown := {*self.week, *self.working_days.values()} - set(_WEEK):
            raise ValueError(f"no weekdays: {sorted(unknown)}")
        if not any(self.week.values()):
            raise ValueError("somebody has to be there some time of the week")
        for day, periods in self.week.items():
            ends = timedelta()
            for start, end in periods:
                if not ends <= start < end:
                    raise ValueError(f"periods of {day} overlap, or one ends before it begins")
                ends = end
        return self


class BusinessHours:
    """The hours, asked by moments (aware datetimes) and seconds."""

    def __init__(self, hours: ServiceHours) -> None:
        self._hours = hours

    @classmethod
    def load(cls, file: Path | None) -> "BusinessHours":
        """The hours of a file; without one, somebody is always there."""
        if file is None:
            return cls(ServiceHours(week={day: [(timedelta(), _DAY)] for day in _WEEK}))
        return cls(ServiceHours.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))))

    def is_open(self, moment: datetime) -> bool:
        """Whether people serve at this moment."""
        return self.opens_at(moment) == moment

    def opens_at(self, moment: datetime) -> datetime:
        """The moment itself while people serve, else when they come back."""
        return next(self._open_from(moment))[0]

    def after(self, moment: datetime, seconds: float) -> datetime:
        """When so much business time will have passed since `moment`."""
        left = timedelta(seconds=seconds)
        for start, end in self._open_from(moment):
            if left <= end - start:
                return start + left
            left -= end - start
        raise AssertionError("there is always a next period")

    def between(self, start: datetime, end: datetime) -> float:
        """Business seconds from `start` to `end`; 0 where it is not later."""
        total = timedelta()
        for opens, closes in self._open_from(start):
            if opens >= end:
                break
            total += min(closes, end) - opens
        return total.total_seconds()

    def _open_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """All periods from `moment` on; one that has begun counts from `moment`. China has no summer time."""
        for days in count():
            day = bank_date(moment) + timedelta(days=days)
            midnight = datetime.combine(day, time(), BANK_ZONE)
            for start, end in self._periods(day):
                if midnight + end > moment:
                    yield max(midnight + start, moment), midnight + end

    def _periods(self, day: date) -> list[Period]:
        weekday = self._hours.working_days.get(day)
        if weekday is None and any(first <= day <= last for first, last in self._hours.holidays.items()):
            return []
        return self._hours.week.get(weekday or _WEEK[day.weekday()], [])
