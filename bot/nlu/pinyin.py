"""How a text sounds: input methods and voice input replace characters by others of the same sound (挂矢 for 挂失).

Pinyin that was typed (cha yu e, zhuanzhang) sounds like the characters it stands for.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pypinyin import lazy_pinyin

_PIECES = re.compile(r"[a-z]+|[0-9]+|[^\sa-z0-9]")
_CHINESE = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[a-z]+")
_SYLLABLE = re.compile(
    r"(?:(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?(?:a|ai|an|ang|ao|e|ei|en|eng|i|ia|ian|iang|iao|ie|in|ing|iong|iu"
    r"|o|ong|ou|u|ua|uai|uan|uang|ue|ui|un|uo|v|ve)|er)"
)
_LONGEST_SYLLABLE = 6
_ENOUGH_WORDS = 2
# Sounds that many speakers do not tell apart: zh/z, ch/c, sh/s, ng/n, l/n.
_FLAT = re.compile(r"^([zcs])h")
_NASAL = re.compile(r"ng$")
_LATERAL = re.compile(r"^l(?=[aeiouv])")


def sounds(text: str) -> list[str]:
    """Toneless syllables of the Chinese characters and of typed pinyin, similar sounds made one; other words as is.

    A number is how many digits it has: four are mostly a card, two (88) a goodbye.
    """
    return [_merged(syllable) for syllable in lazy_pinyin(text.lower(), errors=_spelt)]  # type: ignore[arg-type]  # it takes lists


def is_pinyin(text: str) -> bool:
    """Whether `text` has no Chinese character and all its Latin words can be read as syllables."""
    words = _LATIN.findall(text.lower())
    return bool(words) and not _CHINESE.search(text) and all(syllables(word) for word in words)


def is_english(text: str) -> bool:
    """Whether `text` is a sentence of Latin words, no Chinese among them, of which at least half cannot be pinyin."""
    words = _LATIN.findall(text.lower())
    foreign = [word for word in words if len(word) > 1 and not syllables(word)]
    return len(foreign) >= _ENOUGH_WORDS and 2 * len(foreign) >= len(words) and not _CHINESE.search(text)


@lru_cache(maxsize=4096)
def syllables(word: str) -> tuple[str, ...]:
    """The fewest syllables that `word` (a–z) can be read as, longer ones first; empty when it cannot be."""
    readings: list[tuple[str, ...] | None] = [None] * len(word) + [()]  # of what is left from each place on
    for start in reversed(range(len(word))):
        for end in range(min(len(word), start + _LONGEST_SYLLABLE), start, -1):
            rest, best = readings[end], readings[start]
            if (
                rest is not None
                and (best is None or len(rest) + 1 < len(best))
                and _SYLLABLE.fullmatch(word, start, end)
            ):
                readings[start] = (word[start:end], *rest)
    return readings[0] or ()


def _spelt(text: str) -> list[str]:
    """The pieces of a run without Chinese characters."""
    pieces = []
    for piece in _PIECES.findall(text):
        if piece.isdigit():
            pieces.append(f"n{len(piece)}")
        else:
            pieces += (len(piece) > 1 and syllables(piece)) or [piece]
    return pieces


def _merged(syllable: str) -> str:
    return _LATERAL.sub("n", _NASAL.sub("n", _FLAT.sub(r"\1", syllable)))
