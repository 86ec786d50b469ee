"""The legal clock: until when a complaint is to be answered, in calendar days of the bank.

银行业保险业消费投诉处理管理办法: 15 days when the facts are clear, 30 when the matter is complex, once 30 more after
approval and notice to the customer, 60 in all. The day of receipt does not count.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from bot.complaints.models import Complexity

LONGEST_DAYS = 60
"""An extended clock included."""


class Standing(str, Enum):
    """How a complaint stands with its day, the worst first when sorted by deadline."""

    BREACHED = "breached"
    WARNING = "warning"
    ON_TIME = "on_time"


@dataclass(frozen=True)
class LegalClock:
    """The bank's own days, none longer than the law's (the settings see to it)."""

    answer_days: int = 15
    complex_days: int = 30
    extension_days: int = 30
    warning_days: int = 3
    reopen_days: int = 30

    def due_on(self, complexity: Complexity, started_on: date) -> date:
        """The last day for the answer."""
        days = self.complex_days if complexity is Complexity.COMPLEX else self.answer_days
        return started_on + timedelta(days=days)

    def extended(self, due_on: date, started_on: date) -> date:
        """The last day once an extension is approved."""
        return min(due_on + timedelta(days=self.extension_days), started_on + timedelta(days=LONGEST_DAYS))

    def reopen_until(self, ended_on: date) -> date:
        """The last day on which a complaint answered or closed on `ended_on` may be reopened."""
        return ended_on + timedelta(days=self.reopen_days)

    def warns_until(self, today: date) -> date:
        """Who is due by this day is to be warned of."""
        return today + timedelta(days=self.warning_days)

    def standing(self, due_on: date, today: date, *, stopped_on: date | None = None) -> Standing:
        """`stopped_on` is the day of the answer or withdrawal; an answer that came late stays late."""
        if (stopped_on or today) > due_on:
            return Standing.BREACHED
        if stopped_on is None and due_on <= self.warns_until(today):
            return Standing.WARNING
        return Standing.ON_TIME
