from datetime import date, datetime, timezone

import pytest

from bot import wording


@pytest.mark.parametrize(
    ("fen", "text"),
    [(0, "¥0.00"), (5, "¥0.05"), (1234567, "¥12,345.67"), (-1200, "-¥12.00"), (100000000, "¥1,000,000.00")],
)
def test_amounts(fen: int, text: str) -> None:
    assert wording.money(fen) == text


def test_amounts_in_other_currencies() -> None:
    assert wording.money(123456, "USD") == "US$1,234.56"
    assert wording.money(-500, "CHF") == "-CHF 5.00"


def test_days() -> None:
    assert wording.day(date(2026, 11, 23)) == "11月23日"
    assert wording.day(date(2026, 11, 23), today=date(2026, 1, 1)) == "11月23日"
    assert wording.day(date(2025, 3, 1), today=date(2026, 1, 1)) == "2025年3月1日"


def test_masks() -> None:
    assert wording.mask_phone("13900000001") == "139****0001"
    assert wording.mask_name("王建国") == "王**"
    assert wording.mask_name("张伟") == "张*"
    assert wording.tail("1234") == "尾号1234"


@pytest.mark.parametrize(
    ("when", "written"),
    [
        (datetime(2026, 11, 23, 5, 30, tzinfo=timezone.utc), "今天13:30"),
        (datetime(2026, 11, 24, 0, 30, tzinfo=timezone.utc), "明天8:30"),
        (datetime(2026, 11, 30, 0, 30, tzinfo=timezone.utc), "11月30日周一8:30"),
        (datetime(2027, 1, 4, 0, 30, tzinfo=timezone.utc), "2027年1月4日周一8:30"),
    ],
)
def test_a_moment_is_named_as_people_name_it(when: datetime, written: str) -> None:
    assert wording.moment(when, datetime(2026, 11, 23, 4, 0, tzinfo=timezone.utc)) == written
