"""An answer holds from its first day to its last, and editors hear of its end in time."""

from datetime import date

import pytest

from bot.knowledge.entries import Entry
from bot.knowledge.validity import lapsing


def entry(**dates: date) -> Entry:
    return Entry("card.offer", "活动还有吗", (), "有。", **dates)


@pytest.mark.parametrize(("day", "holds"), [(1, False), (2, True), (9, True), (10, False)])
def test_holds_from_the_first_day_to_the_last(day: int, holds: bool) -> None:
    dated = entry(valid_from=date(2026, 11, 2), valid_until=date(2026, 11, 9))
    assert dated.holds_on(date(2026, 11, day)) is holds


def test_without_dates_an_answer_always_holds() -> None:
    assert entry().holds_on(date(2026, 11, 1))


def test_the_end_is_told_a_month_ahead() -> None:
    dated = [entry(valid_until=date(2026, 11, 9))]
    assert list(lapsing(dated, date(2026, 10, 9))) == []
    assert list(lapsing(dated, date(2026, 10, 10))) == ["entry card.offer: the answer lapses after 2026-11-09"]
    assert list(lapsing(dated, date(2026, 11, 10))) == ["entry card.offer: the answer lapsed after 2026-11-09"]
