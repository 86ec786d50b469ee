"""How a text sounds: input methods and voice input replace characters by others of the same sound (挂矢 for 挂失)."""

from __future__ import annotations

import re

from pypinyin import lazy_pinyin

_DIGITS = re.compile(r"[0-9]+")
# Sounds that many speakers do not tell apart: zh/z, ch/c, sh/s, ng/n, l/n.
_FLAT = re.compile(r"^([zcs])h")
_NASAL = re.compile(r"ng$")
_LATERAL = re.compile(r"^l(?=[aeiouv])")


def sounds(text: str) -> list[str]:
    """Toneless syllables of the Chinese characters, similar sounds made one.

    A number is how many digits it has: four are mostly a card, two (88) a goodbye.
    """
    text = _DIGITS.sub(lambda number: f"n{len(number[0])}", text.lower())
    return [_merged(syllable) for syllable in lazy_pinyin(text) if syllable.strip()]


def _merged(syllable: str) -> str:
    return _LATERAL.sub("n", _NASAL.sub("n", _FLAT.sub(r"\1", syllable)))
