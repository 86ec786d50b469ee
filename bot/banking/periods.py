"""What span of days a customer means by 上个月, 3月5号 or 最近一周.

Customers ask about what has happened, so a month or day still to come means the last one there was, and no span
goes beyond today. jionlp, which knows the lunar calendar, raises on plain months (上个月, 11月); everything but
the lunar festivals is therefore read by the rules in `date_rules.py`.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from bot import wording
from bot.banking.date_rules import find_span, month_end, next_day_like
from bot.banking.festivals import Span


@dataclass(frozen=True)
class Period:
    """Both days are included; `label` is how the assistant says it back, such as `10月1日至10月15日`."""

    since: date
    until: date
    label: str


_RANGE = re.compile(
    r"(?P<start>.+?)(?:到|至|~|—+|–|(?<=[号月日])-|(?<=\d)-(?=\d{1,2}(?:号|月))|(?<=\d{8})-)(?P<end>.+)"
)
_TILL_NOW = re.compile(r"(?P<start>.+?)(?:以来|至今|开始|之后|以后|起)")
_EARLIEST = date(1990, 1, 1)  # a number before that is no year of a bank's customer
_AROUND = re.compile(r"前后|左右|上下")
_ENGLISH = {
    "last year": "去年",
    "last ": "上",
    "this year": "今年",
    "this ": "这",
    "week": "周",
    "month": "月",
    "yesterday": "昨天",
    "today": "今天",
}
_AROUND_DAYS = 3
_NOW = re.compile(r"现在|今天|目前|如今|今$")


def resolve_period(text: str, today: date) -> Period | None:
    """The days meant by `text`, seen from `today`; None when it names no day, or days to come."""
    plain = _plain(text)
    span = _range(plain, today) or _till_now(plain, today) or find_span(plain, today)
    if span is None or not _EARLIEST <= span[0] <= today:
        return None
    margin = timedelta(days=_AROUND_DAYS if _AROUND.search(plain) else 0)
    since, until = span[0] - margin, min(span[1] + margin, today)
    return Period(since, until, _label(since, until, today))


def _plain(text: str) -> str:
    """Half width, no spaces, and one word for each thing."""
    plain = unicodedata.normalize("NFKC", text).lower()
    for english, chinese in _ENGLISH.items():
        plain = plain.replace(english, chinese)
    plain = re.sub(r"\s", "", plain)
    plain = re.sub("礼拜|星期", "周", plain).replace("月份", "月").replace("周天", "周日")
    return re.sub(r"(?<=[\d一二三四五六七八九十])日", "号", plain) if "周" not in plain else plain


def _range(text: str, today: date) -> Span | None:
    match = _RANGE.search(text)
    if match is None:
        return None
    start, end = match["start"], match["end"]
    unit = re.match(r"[\d一二三四五六七八九十廿]+(号|月)", end)
    if unit and re.search(r"[\d一二三四五六七八九十廿]$", start):  # 3月1到15号, 1-3月
        start += unit[1]
    first = find_span(start, today)
    if first is None:
        return None
    if _NOW.match(end):
        return first[0], today
    last = next_day_like(end, first[0]) or find_span(end, today)
    return (first[0], last[1]) if last is not None and first[0] <= last[1] else None


def _till_now(text: str, today: date) -> Span | None:
    match = _TILL_NOW.search(text)
    span = find_span(match["start"], today) if match else None
    return (span[0], today) if span else None


def _label(since: date, until: date, today: date) -> str:
    if since == until:
        return wording.day(since, today)
    year = f"{since.year}年" if since.year != today.year else ""
    if (since.month, since.day, until.month, until.day) == (1, 1, 12, 31) and since.year == until.year:
        return f"{since.year}年"
    if since.day == 1 and until == month_end(since):
        return f"{year}{since.month}月"
    end = wording.day(until) if since.year == until.year else wording.day(until, since)
    return f"{wording.day(since, today)}至{end}"
