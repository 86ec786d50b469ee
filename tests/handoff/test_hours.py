"""Business time: periods, weekends, holidays, made-up working days."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.clock import BANK_ZONE
from bot.handoff.hours import BusinessHours, ServiceHours
from bot.settings import ROOT

FILE = ROOT / "examples" / "service_hours.yml"
HOURS = BusinessHours.load(FILE)


def at(written: str) -> datetime:
    """A moment in the bank's time."""
    return datetime.fromisoformat(written).replace(tzinfo=BANK_ZONE)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-23 10:00", "2026-11-23 10:00"),
        ("2026-11-23 08:29", "2026-11-23 08:30"),
        ("2026-11-23 08:30", "2026-11-23 08:30"),
        ("2026-11-23 12:00", "2026-11-23 13:00"),
        ("2026-11-23 20:00", "2026-11-24 08:30"),
        ("2026-11-28 17:00", "2026-11-30 08:30"),  # Saturday evening: nobody on Sunday
        ("2026-09-30 21:00", "2026-10-08 08:30"),  # the National Day holiday
        ("2026-10-03 10:00", "2026-10-08 08:30"),
        ("2026-09-20 10:00", "2026-09-20 10:00"),  # a Sunday that is worked
    ],
)
def test_when_people_come_back(moment: str, opens: str) -> None:
    assert HOURS.opens_at(at(moment)) == at(opens)
    assert HOURS.is_open(at(moment)) is (moment == opens)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23 09:00", 2, "2026-11-23 11:00"),
        ("2026-11-23 11:00", 2, "2026-11-23 14:00"),
        ("2026-11-23 19:00", 2, "2026-11-24 09:30"),
        ("2026-11-28 23:00", 1, "2026-11-30 09:30"),
        ("2026-09-30 19:00", 4, "2026-10-08 11:30"),
    ],
)
def test_business_time_stands_still_while_nobody_is_there(start: str, hours: int, end: str) -> None:
    assert HOURS.after(at(start), hours * 3600) == at(end)
    assert HOURS.between(at(start), at(end)) == hours * 3600


def test_business_time_never_runs_backwards() -> None:
    assert HOURS.between(at("2026-11-23 10:00"), at("2026-11-23 09:00")) == 0


def test_without_a_file_somebody_is_always_there() -> None:
    always = BusinessHours.load(None)
    midnight = at("2026-11-29 00:00")
    assert always.is_open(midnight)
    assert always.between(midnight, midnight + timedelta(days=3)) == 3 * 86_400


@given(
    moment=st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1), timezones=st.just(BANK_ZONE)),
    seconds=st.integers(1, 400_000),
)
def test_what_is_added_is_what_has_passed(moment: datetime, seconds: int) -> None:
    end = HOURS.after(moment, seconds)
    assert HOURS.between(moment, end) == seconds
    assert HOURS.is_open(end - timedelta(microseconds=1))


@pytest.mark.parametrize(
    "week",
    [
        {},
        {"monday": []},
        {"someday": ["09:00-10:00"]},
        {"monday": ["10:00-09:00"]},
        {"monday": ["09:00-12:00", "11:00-13:00"]},
        {"monday": ["morning"]},
    ],
)
def test_hours_that_make_no_sense_are_refused(week: dict[str, list[str]]) -> None:
    with pytest.raises(ValidationError):
        ServiceHours.model_validate({"week": week})


def test_a_word_that_means_nothing_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "hours.yml"
    file.write_text(FILE.read_text(encoding="utf-8").replace("holidays:", "hollidays:"), encoding="utf-8")
    with pytest.raises(ValidationError):
        BusinessHours.load(file)
