"""Finding personal data in what a customer types: mobile, bank card and resident ID numbers.

Full-width digits count, and so do digits grouped by single spaces or hyphens. Whatever fails its check digit, is
part of a longer word or number, or reads as an amount or an order number is left alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import ValidationError


class Kind(str, Enum):
    """The kinds of personal data that are sealed."""

    MOBILE = "mobile"
    BANK_CARD = "bank_card"
    RESIDENT_ID = "resident_id"


@dataclass(frozen=True)
class Finding:
    """`text[start:end]` is personal data; `value` is its digits alone (and a final X of a resident ID)."""

    kind: Kind
    start: int
    end: int
    value: str


# Full-width forms of what the patterns know; one character for one, so that positions hold.
_HALF_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ－＋　\u00a0—–．", "0123456789Xx-+  --.")

_ALONE_BEFORE = r"(?<![0-9A-Za-z])(?<!\d\.)(?<![¥￥$])"
_ALONE_AFTER = r"(?![0-9A-Za-z])(?!\.\d)(?! ?(?:[百千]?万|亿|元|块))"

_RESIDENT_ID = re.compile(rf"{_ALONE_BEFORE}\d(?:[ -]?\d){{16}}[ -]?[\dXx]{_ALONE_AFTER}")
_BANK_CARDS = tuple(
    re.compile(f"{_ALONE_BEFORE}{grouping}{_ALONE_AFTER}")
    for grouping in (
        r"\d{4}(?:[ -]\d{4}){3}[ -]\d{1,3}",
        r"\d{4}(?:[ -]\d{4}){2}[ -]\d{1,4}",
        r"\d{6}[ -]\d{7,13}",
        r"\d{4}[ -]\d{6}[ -]\d{4,5}",
        r"\d(?:[ -]\d){12,18}",
        r"\d{13,19}",
    )
)
_MOBILE = re.compile(
    r"(?<![0-9A-Za-z])(?<!\d\.)(?<![¥￥$])(?:(?:\+|00)?86[ -]?)?"
    r"(1[3-9]\d[ -]?\d{4}[ -]?\d{4}|1[3-9]\d{2}[ -]\d{4}[ -]\d{3}|1(?: [3-9])(?: \d){9})" + _ALONE_AFTER
)

# Bank cards in China: UnionPay (62, 60), Visa, Mastercard, JCB, Amex, and older domestic debit cards (9…, 10…).
_ISSUERS = re.compile(r"4|5|6|9[0-9]|3[4-9]|2[2-7]|10")
_OTHER_NUMBER = re.compile(
    r"(?:订单|流水|交易|快递|运单|物流|合同|保单|凭证|发票|工单|投诉)(?:编)?[号单码]*[是为：:\s]*$"
)


def find(text: str) -> list[Finding]:
    """Everything personal in `text`, in order of position, never overlapping."""
    plain = text.translate(_HALF_WIDTH)
    found: list[Finding] = []
    for candidates in (_resident_ids, _bank_cards, _mobiles):
        for finding in candidates(plain):
            if not any(finding.start < other.end and other.start < finding.end for other in found):
                found.append(finding)
    return sorted(found, key=lambda finding: finding.start)


def _resident_ids(text: str) -> Iterator[Finding]:
    for match in _RESIDENT_ID.finditer(text):
        value = _compact(match[0])
        if _is_resident_id(value):
            yield Finding(Kind.RESIDENT_ID, *match.span(), value)


def _bank_cards(text: str) -> Iterator[Finding]:
    for pattern in _BANK_CARDS:
        for match in pattern.finditer(text):
            value = _compact(match[0])
            named_otherwise = _OTHER_NUMBER.search(text, 0, match.start())
            if _is_bank_card(value) and not named_otherwise:
                yield Finding(Kind.BANK_CARD, *match.span(), value)


def _mobiles(text: str) -> Iterator[Finding]:
    for match in _MOBILE.finditer(text):
        yield Finding(Kind.MOBILE, *match.span(), _compact(match[1]))


def _is_bank_card(digits: str) -> bool:
    return 13 <= len(digits) <= 19 and _ISSUERS.match(digits) is not None and luhn.is_valid(digits)


def _is_resident_id(number: str) -> bool:
    """By GB 11643: a birth date that exists and a check digit. Area codes change too often to be held against it."""
    try:
        born = ric.get_birth_date(number)
        return date(1900, 1, 1) <= born and ric.calc_check_digit(number[:-1]) == number[-1]
    except (ValidationError, ValueError):
        return False


def _compact(number: str) -> str:
    return number.replace(" ", "").replace("-", "").upper()
