"""What customers type when they have been sent a one-time code."""

import re
import unicodedata

_ALONE = re.compile(r"[^\d元块万¥]{0,8}(\d{6})[^\d元块万¥]{0,4}")
"""Six digits and little else."""
_HALVES = re.compile(r"(?<!\d)(\d{3})[-‐-―](\d{3})(?!\d)")
_NAMED = re.compile("验证码|校验码|动态码|短信码|驗證碼|code", re.IGNORECASE)
_SIX_DIGITS = re.compile(r"(?<!\d)(\d{6})(?![\d元块万])")
_PASSWORD = re.compile("(?:取款|取现|支付|登[录陆]|交易|查询|卡|网银|手机银行)的?密码")
_STORY = re.compile("有人|对方|别人|骗|诈|陌生|[他她]|客服|告诉")
_NUMERALS = str.maketrans("零〇一幺二两三四五六七八九", "0011223456789")


def code_in(text: str) -> str | None:
    """The six digits of a message that says little else, or that calls them a code; None where there are none.

    Full-width digits count, and so do digits with spaces or a hyphen between them, and 一二三四五六. What is called the
    password of something is no code, nor is what tells what happened to somebody's code.
    """
    compact = _HALVES.sub(r"\1\2", re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    found = _ALONE.fullmatch(compact) or re.fullmatch(r"(\d{6})", compact.translate(_NUMERALS))
    if found is not None and not _PASSWORD.search(compact):
        return found[1]
    told = _NAMED.search(compact) and not _STORY.search(compact)
    named = _SIX_DIGITS.findall(compact) if told else []
    return named[0] if len(named) == 1 else None
