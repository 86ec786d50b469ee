"""What the detectors share: a candidate, what may stand around a number of its own, and what says what it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.privacy.findings import Kind


@dataclass(frozen=True)
class Candidate:
    """`text[start:end]` of a plain text is of this kind."""

    kind: Kind
    start: int
    end: int
    value: str


GAP = r"(?: {1,3}| ?[-._/] ?)"
"""Between the groups of a number."""

# A number of its own: not part of a longer word, number, amount or decimal.
ALONE_BEFORE = r"(?<![0-9A-Za-z])(?<!\d\.)(?<!\d,)(?<![¥$])"
ALONE_AFTER = (
    r"(?![0-9A-Za-z])(?![.,]\d)(?! ?(?:[百千]?万|亿|元|块|圆|美[元金]|港[元币]|人民币))"  # 5000块 is an amount
)
_NO_UNIT = (
    r"(?! ?(?:位|次|年|月|天|日|个|条|分|秒|小时|%|多|级|号|点|遍|人|字|层|期|张|笔|家|岁|米|里|倍|以|度))(?![-/]\d)"
)

IS = r"[号码是为就的:= ,，()]{0,12}"
"""Between the name of a number and the number."""

# Between the name of a secret and the secret. None of these is made of others: with two ways to read a text the search
# would take time exponential in its length; bounded for the same reason.
_FILLER = (
    "(?:[我你您他她这那个就也都还上里写说的码数字号老新旧是为:=\"“'「(（叫填输入报给来发过]"
    "|[了设置定改换用成重变更刚才，,、 -]|应该|好像|现在|一直|以前|原来|短信|手机|[三四六346]位|背面|显示|收到|记得)"
)
LINK = rf"{_FILLER}{{0,14}}?"

_PUBLIC_NUMBER = re.compile(
    r"955\d{2}|95[16]\d{2,3}|955000|100(?:00|10|50|60|86|99)|123(?:03|05|06|09|15|33|45|48|63|66|78|81|88|93)"
    r"|[48]00\d{7}"
)
_OTHER_NUMBER = re.compile(
    r"(?:(?:订单|流水|交易|快递|运单|物流|合同|保单|凭证|发票|工单|投诉|受理|业务|申请|回单|参考|序列|设备|批次|账单|商户|终端)"
    r"(?:编)?[号单码]*|单号|编号|编码|QQ号?|qq号?)[是为:#\s]*$"
)


def digits(least: int, most: int) -> str:
    """A pattern of so many digits after the word that names them, alone or in groups; no amount, count or date."""
    return rf"(?<!\d)(?!20\d\d-\d\d?-\d)\d(?:[ -]?\d){{{least - 1},{most - 1}}}{ALONE_AFTER}{_NO_UNIT}"


def digits_alone(least: int, most: int) -> str:
    """The same where the word comes later, so that nothing may stand directly before."""
    return ALONE_BEFORE + digits(least, most)


def compact(text: str) -> str:
    """Digits and letters alone, and capital letters."""
    return re.sub(r"[^0-9A-Za-z]", "", text).upper()


def is_public_number(number: str) -> bool:
    """Hotlines: those of banks (95xxx), of networks (10086), of the state (12378) and toll-free numbers."""
    return _PUBLIC_NUMBER.fullmatch(number) is not None


def is_named_otherwise(text: str, start: int) -> bool:
    """Whether the words before `start` call the number an order, a shipment, a contract and the like."""
    return _OTHER_NUMBER.search(text, max(0, start - 16), start) is not None


def are_amounts(groups: str) -> bool:
    """1000 2000 3000: several, and round every one of them."""
    amounts = re.split(r"\D+", groups)
    return len(amounts) > 1 and all(amount.endswith("00") for amount in amounts)


def matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Every match, also those that begin within another one's context; `value` is the group that counts."""
    position = 0
    while (match := pattern.search(text, position)) is not None:
        yield match
        position = max(match.start() + 1, match.start("value"))
