"""The festivals customers date things by, and the days the shops and banks are full because of them."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache, partial

Span = tuple[date, date]


def _fixed(month: int, day: int, days: int, year: int) -> Span:
    first = date(year, month, day)
    return first, first + timedelta(days=days - 1)


def _lunar(name: str, offset: int, days: int, year: int) -> Span:
    """Counted from the day the library gives for `name`; 除夕 is the day before 春节, whatever its month has."""
    first = _lunar_day(name, year) + timedelta(days=offset)
    return first, first + timedelta(days=days - 1)


@lru_cache
def _lunar_day(name: str, year: int) -> date:
    from bot.jio import jionlp  # a third of a second, which most processes never need

    return date.fromisoformat(jionlp.parse_time(f"{year}年{name}")["time"][0][:10])


FESTIVALS: tuple[tuple[str, Callable[[int], Span]], ...] = (
    ("双十一|双11", partial(_fixed, 11, 11, 1)),
    ("双十二|双12", partial(_fixed, 12, 12, 1)),
    ("国庆|十一(?!月|号)", partial(_fixed, 10, 1, 7)),
    ("五一|劳动节", partial(_fixed, 5, 1, 5)),
    ("元旦", partial(_fixed, 1, 1, 1)),
    ("情人节", partial(_fixed, 2, 14, 1)),
    ("三八|妇女节", partial(_fixed, 3, 8, 1)),
    ("六一八|618", partial(_fixed, 6, 18, 1)),
    ("六一|儿童节", partial(_fixed, 6, 1, 1)),
    ("平安夜", partial(_fixed, 12, 24, 1)),
    ("圣诞", partial(_fixed, 12, 25, 1)),
    ("除夕|大年三十", partial(_lunar, "春节", -1, 1)),
    ("春节|过年|大年初一", partial(_lunar, "春节", 0, 7)),
    ("元宵", partial(_lunar, "元宵节", 0, 1)),
    ("清明", partial(_lunar, "清明", 0, 3)),
    ("端午", partial(_lunar, "端午节", 0, 3)),
    ("七夕", partial(_lunar, "七夕", 0, 1)),
    ("中秋", partial(_lunar, "中秋节", 0, 3)),
    ("重阳", partial(_lunar, "重阳节", 0, 1)),
)
"""What a festival is called (a pattern), and its first and last day in a given year."""
