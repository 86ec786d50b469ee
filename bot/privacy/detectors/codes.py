"""One-time codes, said to be one."""

import re
from collections.abc import Iterator

from bot.privacy.detectors.match import LINK, Candidate, compact, digits, digits_alone, is_public_number, matches
from bot.privacy.findings import Kind

_WORD = (
    r"(?:(?:短信|手机|登录|支付|动态|安全)?(?:验证码|验證碼|校验码|确认码)|短信码|动态码|动态口令|动态密码|动态验证|激活码|取款码"
    r"|预约码|授权码|(?<![A-Za-z])(?:OTP|(?:verification|sms|security|auth)(?:entication)? code)(?![A-Za-z]))"
)
_PATTERNS = tuple(
    re.compile(source, re.IGNORECASE)
    for source in (
        rf"{_WORD}{LINK}(?: is )?(?P<value>{digits(4, 8)})",
        rf"{_WORD}[^0-9。]{{1,14}}?(?<![扣转花付存取充借贷还打])[了是说念报给][，,: ]?(?P<value>{digits(6, 6)})",
        rf"(?P<value>{digits_alone(4, 8)})[\"”'」]?"
        rf"(?:[(（ ,，的您我为就是发来这刚才]|这个|你们|收到|短信|登录){{0,6}}{_WORD}",
        rf"(?:短信|收到|发来)[^0-9。!?]{{0,8}}[六6]位(?:数字?)?{LINK}(?P<value>{digits(6, 6)})",
    )
)


def codes(text: str) -> Iterator[Candidate]:
    """Four to eight digits that follow or precede the word."""
    for pattern in _PATTERNS:
        for match in matches(pattern, text):
            value = compact(match["value"])
            if not is_public_number(value):
                yield Candidate(Kind.CODE, *match.span("value"), value)
