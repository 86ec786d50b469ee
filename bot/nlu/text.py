"""Bring what customers type into one written form, so that everything after it sees one spelling.

Needs only `opencc`; the NLU pipeline (Python 3.10) and the knowledge search (3.11) share it.
"""

import re
import unicodedata

from opencc import OpenCC

_TO_SIMPLIFIED = OpenCC("t2s")
_CHINESE = "\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff，！？：；（）"
# NFKC would turn these into ASCII; the text is also shown to people, who expect Chinese punctuation.
_NOT_CHINESE_PUNCTUATION = re.compile("[^，！？：；（）]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufe0e\ufe0f\ufeff]")
_SPACES = re.compile(r"\s+")
_SPACE_AT_CHINESE = re.compile(f"(?<=[{_CHINESE}]) | (?=[{_CHINESE}])")


def normalise(text: str, *, lower: bool = False) -> str:
    """Return `text` in simplified Chinese and half-width letters and digits, without spaces beside Chinese.

    Idempotent. Chinese punctuation and placeholders such as `[手机号1]` stay as they are. Letters keep their
    case (the text may be quoted to people later) unless `lower` is set.
    """
    text = _INVISIBLE.sub("", text)
    text = _NOT_CHINESE_PUNCTUATION.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text)
    text = _TO_SIMPLIFIED.convert(text)
    text = text.replace("帐", "账")  # OpenCC keeps 帐 of 帳單; the standard word for money is 账
    text = _SPACE_AT_CHINESE.sub("", _SPACES.sub(" ", text)).strip()
    return text.lower() if lower else text
