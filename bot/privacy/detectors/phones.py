"""Mobile and landline numbers of China."""

import re
from collections.abc import Iterator

from bot.privacy.detectors.match import (
    ALONE_AFTER,
    ALONE_BEFORE,
    GAP,
    Candidate,
    are_amounts,
    compact,
    is_named_otherwise,
    is_public_number,
)
from bot.privacy.findings import Kind

_CALLED = "|".join(f"(?<={word})" for word in ("tel", "Tel", "TEL", "wx", "vx", "WX", "VX", "phone"))
_MOBILE = re.compile(
    rf"(?:{ALONE_BEFORE}|{_CALLED})(?:\(?(?:\+|00)?86\)?{GAP}?)?"
    rf"(?P<value>1[3-9]\d{GAP}?\d{{4}}{GAP}?\d{{4}}|1[3-9]\d{{2}}{GAP}\d{{4}}{GAP}\d{{3}}"
    rf"|1[3-9]\d{{0,2}}(?:{GAP}\d{{2,4}}){{2,4}}|1(?:[ -][3-9])(?:[ -]\d){{9}}){ALONE_AFTER}"
)
_EXTENSION = r"(?:(?: ?转 ?|-)\d{1,5}(?!\d))?"
_LOCAL = r"[2-8]\d{2,3}[ -]?\d{4}"
_END = r"(?![0-9A-Za-z])(?!\.\d)"
_LANDLINE = re.compile(
    r"(?<![0-9A-Za-z])(?<!\d[.-])(?:\(?(?:\+|00)86\)?[ -]?)?"
    rf"(?P<value>\(?0(?:10|2\d|[3-9]\d\d)\)?[ -]{{0,3}}{_LOCAL}{_EXTENSION}){_END}"
)
_FROM_ABROAD = re.compile(rf"\(?(?:\+|00)86\)?[ -]?(?P<value>(?:10|2\d|[3-9]\d\d)[ -]?{_LOCAL}{_EXTENSION}){_END}")
_NAMED_LANDLINE = re.compile(
    r"(?:座机|固话|固定电话|宅电|(?:家|家里|家庭|单位|公司|办公|办公室|住宅)的?电话)[号码是为就: ]{0,8}"
    rf"(?P<value>{_LOCAL}{_EXTENSION}){ALONE_AFTER}"
)
_OF_THE_BANK = re.compile(
    r"(?:网点|支行|分行|营业厅|营业部|客服|银行|你们行?|贵行|派出所|物业|12345)的?(?:咨询|服务|投诉|固定|办公|联系)?"
    r"(?:电话|热线|座机|号码)?(?:号码)?[是为:在打 ]{0,4}$"
)


def mobiles(text: str) -> Iterator[Candidate]:
    """Eleven digits from 13 to 19, in the groups in which people write them."""
    for match in _MOBILE.finditer(text):
        value = compact(match["value"])
        if len(value) == 11 and not are_amounts(match["value"]) and not is_named_otherwise(text, match.start()):
            yield Candidate(Kind.MOBILE, *match.span(), value)


def landlines(text: str) -> Iterator[Candidate]:
    """An area code and seven or eight digits; without one, where it is named. What the bank publishes is public."""
    for pattern in (_LANDLINE, _FROM_ABROAD, _NAMED_LANDLINE):
        for match in pattern.finditer(text):
            value, start = compact(match["value"]), match.start("value")
            public = is_public_number(value) or _OF_THE_BANK.search(text, max(0, start - 24), start)
            if not public and not is_named_otherwise(text, start):
                whole = match.span("value") if pattern is _NAMED_LANDLINE else match.span()
                yield Candidate(Kind.LANDLINE, *whole, value)
