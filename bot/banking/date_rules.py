"""Rules that read one Chinese date expression, tried in order; the first that applies wins."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from bot.banking.festivals import FESTIVALS, Span

Rule = Callable[[re.Match[str], date], Span | None]

_N = r"(?:\d{1,3}|[零一二两三四五六七八九十廿几]{1,3})"
_YEAR = r"(?:(?P<year>今|去|前|\d{4}|(?<!\d)\d{2})年的?)"
_PART = rf"(?:(?P<day>{_N})(?:号|$)|(?P<part>初|底|末|上旬|中旬|下旬))"
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "十": 10, "廿": 20}
_SEVERAL = {"天": 7, "周": 3, "月": 3, "季度": 2, "年": 3}
_NEAR = {"大前": 3, "前": 2, "昨": 1, "琴": 1, "寻": 1, "噚": 1, "今": 0, "当": 0, "明": -1, "听": -1, "后": -2}
_WEEKDAYS = "一二三四五六日"
_VAGUE_DAYS = 30


def find_span(text: str, today: date) -> Span | None:
    """The first and last day of the date expression in `text`, None when there is none.

    A span may end after today, or lie in the future where the words say so. `text` is half width, without spaces.
    """
    for pattern, rule in _RULES:
        if match := re.search(pattern, text):
            return _safely(rule, match, today)
    return None


def next_day_like(text: str, since: date) -> Span | None:
    """The end of a range that began on `since`: 15号, 3月15号, 3月 or 周五, the first such from then on."""
    for pattern, rule in _ENDS:
        if match := re.match(pattern, text):
            return _safely(rule, match, since)
    return None


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def _safely(rule: Rule, match: re.Match[str], today: date) -> Span | None:
    """A day that no calendar has (2月30号, 几月) is no date."""
    try:
        return rule(match, today)
    except (ValueError, KeyError, OverflowError):
        return None


def _number(word: str) -> int:
    """三十一, 廿三, 两 or 31 as a number."""
    if word.isdigit():
        return int(word)
    tens, ten, ones = word.rpartition("十")
    if not ten:
        return sum(_DIGITS[c] for c in word)
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _year(word: str | None, today: date) -> int | None:
    if word is None:
        return None
    named = {"今": 0, "去": 1, "前": 2}
    if word in named:
        return today.year - named[word]
    return int(word) if len(word) == 4 else 2000 + int(word)


def _months_after(day: date, months: int) -> date:
    """The first of the month so many months after that of `day`."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _same_day(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    first = _months_after(day, months)
    return first.replace(day=min(day.day, month_end(first).day))


def _days_before(today: date, days: int) -> Span:
    day = today - timedelta(days=days)
    return day, day


def _part_of(first: date, match: re.Match[str]) -> Span:
    """The whole month that begins with `first`, or the day or part of it that was named."""
    groups = match.groupdict()
    if groups.get("day"):
        day = first.replace(day=_number(groups["day"]))
        return day, day
    start, end = {
        "初": (1, 10),
        "上旬": (1, 10),
        "中旬": (11, 20),
        "下旬": (21, 31),
        "底": (21, 31),
        "末": (21, 31),
    }.get(groups.get("part") or "", (1, 31))
    last = month_end(first)
    return first.replace(day=start), last.replace(day=min(end, last.day))


def _full_date(match: re.Match[str], _today: date) -> Span:
    day = date(int(match[1]), int(match[2]), int(match[3]))
    return day, day


def _month_of_year(match: re.Match[str], today: date) -> Span:
    month, year = _number(match["month"]), _year(match["year"], today)
    if year is not None:
        return _part_of(date(year, month, 1), match)
    span = _part_of(date(today.year, month, 1), match)
    return span if span[0] <= today else _part_of(date(today.year - 1, month, 1), match)


def _relative_month(match: re.Match[str], today: date) -> Span:
    back = match["which"].count("上") + match["which"].count("前")
    return _part_of(_months_after(today, 1 if match["which"].startswith("下") else -back), match)


def _last(match: re.Match[str], today: date) -> Span:
    """最近三个月, 近半年, 10天内: counted back from today, which is the last of the days."""
    return _back(match, today) + timedelta(days=1), today


def _back(match: re.Match[str], today: date) -> date:
    unit, half = match["unit"], bool(match["half"] or match["n"] == "半")
    count = 0 if match["n"] in ("半", "") else _SEVERAL[unit] if match["n"] == "几" else _number(match["n"])
    if unit in ("天", "周"):
        return today - timedelta(days=count * (7 if unit == "周" else 1) + (3 if half else 0))
    months = {"月": 1, "季度": 3, "年": 12}[unit]
    day = _same_day(today, -count * months)
    if not half:
        return day
    return _same_day(day, -6) if unit == "年" else day - timedelta(days=15)


def _ago(match: re.Match[str], today: date) -> Span:
    """三天前 is that day; 两周前, 三个月前 and 一年前 are the whole week, month or year."""
    day, unit = _back(match, today), match["unit"]
    if unit == "天":
        return day, day
    if unit == "周":
        return _week(day)
    if unit == "年" and not match["half"] and match["n"] != "半":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    return day.replace(day=1), month_end(day)


def _week(day: date) -> Span:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def _named_week(match: re.Match[str], today: date) -> Span:
    which = match["which"]
    monday, sunday = _week(today + timedelta(weeks=1 if which.startswith("下") else -which.count("上")))
    if match["weekday"] is None:
        return monday, sunday
    return _days_before(monday, -_WEEKDAYS.index(match["weekday"]))


def _weekday(match: re.Match[str], today: date) -> Span:
    return _days_before(today, (today.weekday() - _WEEKDAYS.index(match["weekday"])) % 7)


def _weekend(match: re.Match[str], today: date) -> Span:
    _, sunday = _week(today - timedelta(weeks=(match["which"] or "").count("上")))
    if sunday - timedelta(days=1) > today:
        sunday -= timedelta(weeks=1)
    return sunday - timedelta(days=1), sunday


def _near_day(match: re.Match[str], today: date) -> Span:
    return _days_before(today, _NEAR[match["which"]])


def _day_of_month(match: re.Match[str], today: date) -> Span | None:
    day = _number(match["day"])
    for back in range(3):
        first = _months_after(today, -back)
        if day <= month_end(first).day and first.replace(day=day) <= today:
            return first.replace(day=day), first.replace(day=day)
    return None


def _quarter(match: re.Match[str], today: date) -> Span:
    which, current = match["which"], (today.month - 1) // 3
    if which in "一二三四1234":
        quarter = _number(which) - 1
        year = _year(match["year"], today) or (today.year if quarter <= current else today.year - 1)
        first = date(year, quarter * 3 + 1, 1)
    else:
        first = _months_after(date(today.year, current * 3 + 1, 1), -3 * which.count("上"))
    return first, month_end(_months_after(first, 2))


def _half_year(match: re.Match[str], today: date) -> Span:
    month = 1 if match["which"] == "上" else 7
    year = _year(match["year"], today) or (today.year if month <= today.month else today.year - 1)
    return date(year, month, 1), month_end(date(year, month + 5, 1))


def _edge_of_year(match: re.Match[str], today: date) -> Span:
    month = 1 if match["edge"] == "初" else 12
    year = _year(match["year"], today) or (today.year if month <= today.month else today.year - 1)
    return date(year, month, 1), date(year, month, 31)


def _whole_year(match: re.Match[str], today: date) -> Span:
    year = _year(match["year"], today)
    assert year is not None
    return date(year, 1, 1), date(year, 12, 31)


def _edge_of_month(match: re.Match[str], today: date) -> Span:
    span = _part_of(_months_after(today, 0), match)
    return span if span[0] <= today else _part_of(_months_after(today, -1), match)


def _vague(_match: re.Match[str], today: date) -> Span:
    return today - timedelta(days=_VAGUE_DAYS - 1), today


def _festival(in_year: Callable[[int], Span]) -> Rule:
    """The festival in the year named, else the last one that has begun."""

    def rule(match: re.Match[str], today: date) -> Span:
        year = _year(match["year"], today)
        if year is not None:
            return in_year(year)
        this_year = in_year(today.year)
        return this_year if this_year[0] <= today else in_year(today.year - 1)

    return rule


def _next_day(match: re.Match[str], since: date) -> Span | None:
    day = _number(match["day"])
    months = (_months_after(since, later) for later in range(3))
    days = (first.replace(day=day) for first in months if day <= month_end(first).day)
    return next(((found, found) for found in days if found >= since), None)


def _next_month(match: re.Match[str], since: date) -> Span:
    month = _number(match["month"])
    span = _part_of(date(since.year, month, 1), match)
    return span if span[1] >= since else _part_of(date(since.year + 1, month, 1), match)


def _next_weekday(match: re.Match[str], since: date) -> Span:
    return _days_before(since, -((_WEEKDAYS.index(match["weekday"]) - since.weekday()) % 7))


_COUNTED = rf"(?P<n>{_N}|半)(?:个|来|多)*(?P<half>半)?(?P<unit>天|周|月|季度|年)"

_RULES: tuple[tuple[str, Rule], ...] = (
    (r"(?<!\d)(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)", _full_date),
    (r"(?<!\d)(20\d\d)([01]\d)([0-3]\d)(?!\d)", _full_date),
    (rf"{_YEAR}?(?<![\d./])(?P<month>\d{{1,2}})[./](?P<day>\d{{1,2}})(?![\d./])", _month_of_year),
    (rf"{_YEAR}?(?<![\d双])(?P<month>{_N})月(?:{_PART})?", _month_of_year),
    (rf"(?P<which>上上个?|上一?个?|这一?个?|本|当|前一?个|下一?个?)月(?:{_PART})?", _relative_month),
    (rf"{_YEAR}?(?<![近去前])第?(?P<which>[一二三四1234]|上上个?|上一?个?|这个?|本)季度", _quarter),
    (rf"{_YEAR}?的?(?P<which>[上下])半年", _half_year),
    (rf"{_COUNTED}(?:之前|以前|前)", _ago),
    (rf"(?:最近|近|过去|这|前|上)的?这?{_COUNTED}", _last),
    (rf"{_COUNTED}(?:之内|以内|内|来)", _last),
    (rf"^{_COUNTED}(?:的|$)", _last),
    (r"(?P<which>上)?个?周末", _weekend),
    (rf"(?P<which>上上个?|上一?个?|这一?个?|本|下个?)周(?P<weekday>[{_WEEKDAYS}])?", _named_week),
    (rf"周(?P<weekday>[{_WEEKDAYS}])", _weekday),
    (r"(?P<which>大前|前|昨|琴|寻|噚|今|当|明|听|后)[天日晚早晨儿]", _near_day),
    *((rf"{_YEAR}?(?:{words})", _festival(in_year)) for words, in_year in FESTIVALS),
    (rf"(?<!\d)(?P<day>{_N})号", _day_of_month),
    (rf"(?:{_YEAR}|年)年?(?P<edge>初|底|末)", _edge_of_year),
    (rf"{_YEAR}", _whole_year),
    (r"本年|全年", lambda _, today: (date(today.year, 1, 1), date(today.year, 12, 31))),
    (r"月(?P<part>初|底|末)", _edge_of_month),
    (r"(?P<part>[上中下]旬)", _edge_of_month),
    (r"最近|近期|近来|近日|这阵子|前阵子|这段时间|前段时间|这几天|前几天", _vague),
)

_ENDS: tuple[tuple[str, Rule], ...] = (
    (rf"(?P<day>{_N})号", _next_day),
    (rf"(?P<month>{_N})月(?:{_PART})?", _next_month),
    (rf"周(?P<weekday>[{_WEEKDAYS}])", _next_weekday),
)
