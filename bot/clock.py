"""Time comes in from outside, so that tests can stand still or jump."""

from collections.abc import Callable
from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""Returns the present as an aware UTC datetime."""

BANK_ZONE = ZoneInfo("Asia/Shanghai")


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(timezone.utc)


def bank_date(moment: datetime) -> date:
    """The calendar day on which `moment` falls for the bank and its customers."""
    return moment.astimezone(BANK_ZONE).date()
