"""Bank cards: the number, the month in which the card ends, and the security code on its back."""

import re
from collections.abc import Iterator

from stdnum import luhn

from bot.privacy.detectors.match import (
    ALONE_AFTER,
    ALONE_BEFORE,
    GAP,
    IS,
    LINK,
    Candidate,
    are_amounts,
    compact,
    digits,
    digits_alone,
    is_named_otherwise,
    matches,
)
from bot.privacy.findings import Kind
from bot.privacy.plain import MASKS

# --- the number ---

_NUMBERS = tuple(
    re.compile(f"{ALONE_BEFORE}{grouping}{ALONE_AFTER}")
    for grouping in (
        rf"\d{{4}}(?:{GAP}\d{{4}}){{3}}{GAP}\d{{1,3}}",
        rf"\d{{4}}(?:{GAP}\d{{4}}){{2}}{GAP}\d{{1,4}}",
        rf"\d{{6}}{GAP}\d{{7,13}}",
        rf"\d{{4}}{GAP}\d{{6}}{GAP}\d{{4,5}}",
        r"\d(?: \d){12,18}",
        r"\d(?:-\d){12,18}",
        r"\d{13,19}",
    )
)
_NAMED_NUMBER = re.compile(
    rf"(?:卡号|银行卡|信用卡|储蓄卡|借记卡|工资卡|社保卡){IS}(?P<value>(?<!\d)\d(?:{GAP}?\d){{15,18}}){ALONE_AFTER}"
)
# Bank cards in China: UnionPay (62, 60), Visa, Mastercard, JCB, Amex, and older domestic debit cards (9…, 10…).
_ISSUERS = re.compile(r"4|5|6|9[0-9]|3[4-9]|2[2-7]|10")

# --- the end ---

_MONTH = r"(?:0[1-9]|1[0-2])"
_YEAR = r"(?:20)?[2-4]\d"
_SHORT = rf"(?<!\d)(?:{_MONTH} ?[/.-] ?{_YEAR}|{_MONTH} ?[2-4]\d|{_YEAR} ?[/.-] ?{_MONTH})(?![\d/.-]|年|月|元|万|块)"
_LONG = rf"(?<!\d){_YEAR} ?年 ?(?:1[0-2]|0?[1-9]) ?月(?:底|份)?(?! ?\d{{1,2}} ?[日号])"
_UNTIL = (
    r"(?:有效期|有效日期|卡片?的?(?:到期|过期)(?:日期?|时间)?"
    r"|(?<![A-Za-z])(?:exp(?:iry|ires|iration)?(?: date)?|valid thru|good thru)(?![A-Za-z]))"
)
_UNTIL_LINK = r"[到期至截止限日时间是为:=写印的我就了应该. ,，]{0,12}"
_EXPIRIES = (
    re.compile(rf"{_UNTIL}{_UNTIL_LINK}(?P<value>{_SHORT})", re.IGNORECASE),
    re.compile(rf"(?P<value>{_SHORT})[就是的到期为( ]{{0,6}}(?:有效期|过期)", re.IGNORECASE),
    re.compile(rf"{MASKS[Kind.BANK_CARD]}[ ,，、;|]*(?:/ ?)?(?P<value>{_SHORT})"),
)
_EXPIRIES_NEAR_A_CARD = (
    re.compile(rf"{_UNTIL}{_UNTIL_LINK}(?P<value>{_LONG})", re.IGNORECASE),
    re.compile(rf"(?P<value>{_LONG})[就会才]?[到过]期"),
    re.compile(rf"到期{_UNTIL_LINK}(?P<value>{_SHORT})"),
)
_A_CARD = re.compile(rf"卡|{MASKS[Kind.BANK_CARD]}|(?i:cvv|visa|master)")
_SOMETHING_ELSE = re.compile(
    "活动|优惠|券|身份证|证件|护照|存款|存单|定期|定存|理财|产品|合同|积分|权益|保险|保单|基金|国债|报价|贷款|权限|授权"
)

# --- the security code ---

_CVV = (
    r"(?:(?<![A-Za-z])(?:CVV2?|CVC2?|CVN2?)(?: ?码)?(?![A-Za-z])|安全码"
    r"|(?:背面|反面|后面|卡背|签名[栏条]?|信用卡)[^0-9，,。]{0,6}?[后末]?[三3][位个](?:数字?)?)"
)
_CVVS = tuple(
    re.compile(source, re.IGNORECASE)
    for source in (
        rf"{_CVV}{LINK}(?: is )?(?P<value>(?<=[VCN]2)\d{{3}}(?!\d)|{digits(3, 4)})",
        rf"(?P<value>{digits_alone(3, 4)})(?:[(（ 就是的我卡背面]|这个){{0,4}}(?:CVV2?|CVC2?|CVN2?|安全码)",
        rf"{MASKS[Kind.CARD_EXPIRY]}[ ,，、;/|]*(?P<value>{digits(3, 4)})",
    )
)


def bank_cards(text: str) -> Iterator[Candidate]:
    """13 to 19 digits of an issuer with the right check digit (Luhn).

    Where it is called a card number, a slip in a digit still leaves most of it.
    """
    for pattern in _NUMBERS:
        for match in pattern.finditer(text):
            value = compact(match[0])
            if _is_valid(value) and not are_amounts(match[0]) and not is_named_otherwise(text, match.start()):
                yield Candidate(Kind.BANK_CARD, *match.span(), value)
    for match in _NAMED_NUMBER.finditer(text):
        value = compact(match["value"])
        if _ISSUERS.match(value):
            yield Candidate(Kind.BANK_CARD, *match.span("value"), value)


def expiries(text: str) -> Iterator[Candidate]:
    """Month and year of a card, said to be its 有效期 or beside its number; not the day something else ends."""
    for pattern in (*_EXPIRIES, *_EXPIRIES_NEAR_A_CARD):
        for match in matches(pattern, text):
            start, end = match.span("value")
            something_else = _SOMETHING_ELSE.search(text, max(0, match.start() - 10), start)
            of_a_card = pattern in _EXPIRIES or _A_CARD.search(text, max(0, start - 30), end + 12)
            if of_a_card and not something_else:
                yield Candidate(Kind.CARD_EXPIRY, start, end, match["value"].replace(" ", ""))


def cvvs(text: str) -> Iterator[Candidate]:
    """The three or four digits on the back of a card, said to be that or beside its expiry."""
    for pattern in _CVVS:
        for match in matches(pattern, text):
            yield Candidate(Kind.CVV, *match.span("value"), compact(match["value"]))


def _is_valid(number: str) -> bool:
    return 13 <= len(number) <= 19 and _ISSUERS.match(number) is not None and luhn.is_valid(number)
