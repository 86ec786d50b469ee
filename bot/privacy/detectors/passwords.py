"""Passwords and PINs, said to be one."""

import re
from collections.abc import Iterator

from bot.privacy.detectors.match import LINK, Candidate, compact, digits, digits_alone, is_public_number, matches
from bot.privacy.findings import Kind

_WORD = r"(?:密码|密碼|密 码|卡密|口令|(?<![A-Za-z])(?:pin(?: ?码| code)?|pass(?:word|wd|code)|pwd)(?![A-Za-z]))"
_SAYS = rf"{LINK}(?:[是为:=叫成用就]|设置?的|[改输试填设]了?|->|is|was){LINK}"

# What a password looks like.
_MIXED = r"(?<![A-Za-z0-9])(?=[!-~]*[0-9])(?=[!-~]*[A-Za-z])[A-Za-z0-9!@#$%^&*._+=?~-]{4,32}"
_LETTERS = r"(?<![A-Za-z0-9])[A-Za-z!@#$%^&*._]{6,32}(?![A-Za-z0-9])"
_REPEATED = r"(?:[二两三四五六七八2-8]个[0-9零一二三四五六七八九幺](?![\d十百千万元块月年天])){1,4}"  # 六个8
_MADE_OF = (
    r"(?:(?:我|老婆|老公|孩子|儿子|女儿|爸|妈|家)?的?(?:生日|手机|电话|身份证|卡|工号|学号|车牌|名字|拼音)?"
    r"(?:尾号|号|后六位|后6位|加上?|和|\+)?)"
)

# Surely said to be one: even what looks like a phone number is a password then.
_SAID = (
    rf"{_WORD}{_SAYS}{_MADE_OF}(?P<value>{digits(4, 12)}|{_MIXED}|{_REPEATED})",
    rf"{_WORD}{LINK}[是为:=][ \"“']{{0,3}}(?P<value>{_LETTERS})",
)
_NEAR_BY = (
    rf"{_WORD}[ ,，、\"“]{{0,3}}(?P<value>{digits(6, 8)})",
    rf"(?<![A-Za-z])(?:pin(?: ?码| code)?|pwd|password) ?(?P<value>{digits(4, 8)})",
    rf"{_WORD}(?:(?![号码额编尾代金转打股单存取贷])[\u4e00-\u9fff ]){{1,6}}?(?P<value>{digits(6, 6)})",
    rf"{_WORD}[^0-9。]{{1,14}}?(?:(?<![号额期码日址])是|[设输填用]的)(?P<value>{digits(6, 6)})",
    rf"(?<![忘改置回记了]){_WORD}[ ,，、\"“]{{0,3}}(?P<value>{_MIXED})(?=$|[ ,，。;!登不错对吗吧也怎还试为能行这可])",
    rf"(?P<value>{digits_alone(4, 12)}|{_MIXED})[\"”'」)]?(?:这个(?!密))?(?:就?是|[做当]|作为|设为|当[做作]|这[个串组])"
    r"(?:我|他|她|你|的|这张|那张|银行|信用|储蓄|卡|取款|取现|交易|支付|登录|登陆|查询|网银|手机|app|账户|账号|原|旧|新|现在|老)"
    rf"{{0,8}}?{_WORD}",
)
_PATTERNS = tuple((re.compile(source, re.IGNORECASE), source in _SAID) for source in (*_SAID, *_NEAR_BY))

_SOMETHING_ELSE = re.compile(  # complaint numbers, devices, and what error messages show
    r"TS\d{13}|(?:iphone|ipad|ios|huawei|mate|android|win|vivo|oppo|redmi|error|https?|www|app).*", re.IGNORECASE
)
_MOBILE = re.compile(r"1[3-9]\d{9}")


def passwords(text: str) -> Iterator[Candidate]:
    """Digits, or letters with digits, that follow or precede the word; letters alone only after 是 or a colon."""
    for pattern, said in _PATTERNS:
        for match in matches(pattern, text):
            value = match["value"].rstrip(".?")
            a_phone = not said and _MOBILE.fullmatch(compact(value))
            if not a_phone and not _SOMETHING_ELSE.fullmatch(value) and not is_public_number(compact(value)):
                start = match.start("value")
                yield Candidate(Kind.PASSWORD, start, start + len(value), value)
