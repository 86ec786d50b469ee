"""Puts right words of the dictionary that an input method or voice input wrote with characters of the same sound."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.nlu.pinyin import sounds

_CHINESE = re.compile("[\u4e00-\u9fff]{3,}")


class Repair:
    """Knows words of three characters and more: pairs of characters that sound like 金卡 or 年费 are often meant."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = {tuple(map(_sound, word)): word for word in words if _CHINESE.fullmatch(word)}
        self._lengths = sorted({len(word) for word in self._words.values()}, reverse=True)

    def mend(self, text: str) -> str:
        """`text`, of the same length, with 储需卡 as 储蓄卡; one character of such a word must be right."""
        for run in _CHINESE.finditer(text):
            for length in self._lengths:
                for start in range(run.start(), run.end() - length + 1):
                    written = text[start : start + length]
                    word = self._words.get(tuple(map(_sound, written)), written)
                    if any(a == b for a, b in zip(word, written, strict=True)):
                        text = text[:start] + word + text[start + length :]
        return text


@lru_cache(maxsize=8192)
def _sound(character: str) -> str:
    return sounds(character)[0]
