"""Numbers of resident identity cards (GB 11643)."""

import re
from collections.abc import Iterator
from datetime import date

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from bot.privacy.detectors.match import ALONE_AFTER, ALONE_BEFORE, GAP, IS, Candidate, compact
from bot.privacy.findings import Kind

_NUMBER = re.compile(rf"{ALONE_BEFORE}\d(?:{GAP}?\d){{16}}{GAP}?[\dXx]{ALONE_AFTER}")
_NAMED = re.compile(
    rf"(?:身份证|证件|身分证|ID ?card){IS}"
    rf"(?P<value>(?<![0-9A-Za-z])\d(?:{GAP}?\d){{14}}(?:(?:{GAP}?\d){{2}}{GAP}?[\dXx])?){ALONE_AFTER}",
    re.IGNORECASE,
)
_MONTH_AND_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_SHAPE = re.compile(rf"[1-9]\d{{5}}(?:(?:19|20)\d\d{_MONTH_AND_DAY}\d{{3}}[\dX]|\d\d{_MONTH_AND_DAY}\d{{3}})")


def resident_ids(text: str) -> Iterator[Candidate]:
    """18 digits with a real birth date and the right check digit.

    Where it is called 身份证, a slip in the check digit still leaves most of it, and one of 15 digits is an old one.
    """
    for match in _NUMBER.finditer(text):
        value = compact(match[0])
        if _is_valid(value):
            yield Candidate(Kind.RESIDENT_ID, *match.span(), value)
    for match in _NAMED.finditer(text):
        value = compact(match["value"])
        if _SHAPE.fullmatch(value):
            yield Candidate(Kind.RESIDENT_ID, *match.span("value"), value)


def _is_valid(number: str) -> bool:
    """Area codes change too often to be held against it."""
    try:
        born = ric.get_birth_date(number)
        return date(1900, 1, 1) <= born and ric.calc_check_digit(number[:-1]) == number[-1]
    except (ValidationError, ValueError):
        return False
