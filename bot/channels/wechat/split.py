"""Cutting a text to WeChat's size where a reader would pause."""

import re

_PAUSES = (
    re.compile(r"\n"),
    re.compile(r"[。！？!?；;…][”’」』）)】》]*"),
    re.compile(r"[，,、：: ]"),
)
"""Best places first. A pause is used when it comes in the second half of what fits."""


def split(text: str, limit: int) -> list[str]:
    """`text` in parts of at most `limit` bytes of UTF-8 each (4 or more); joined again they are `text`."""
    parts = []
    while len(text.encode()) > limit:
        end = _end(text, limit)
        parts.append(text[:end])
        text = text[end:]
    return [*parts, text] if text else parts


def _end(text: str, limit: int) -> int:
    fitting = text.encode()[:limit].decode(errors="ignore")
    for pause in _PAUSES:
        ends = [found.end() for found in pause.finditer(fitting)]
        if ends and ends[-1] > len(fitting) // 2:
            return ends[-1]
    return len(fitting)
