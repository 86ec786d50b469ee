"""Words typed by sound, put back as the knowledge base writes them: yu e → 余额, 转帐 mistyped 砖账 → 转账."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import jieba
from pypinyin import lazy_pinyin

from bot.knowledge.text import search_key, sound

_LATIN = re.compile(r"[a-z]{2,}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_LONGEST = 4
_FILE = "spelling.json"


class Spelling:
    """Knows the words of a knowledge base by their letters and their sound."""

    def __init__(self, words: dict[str, int]) -> None:
        """`words`, Chinese and Latin, with how often they come; of two that sound alike the more frequent wins."""
        self._words = words
        self._by_letters: dict[str, str] = {}
        self._by_sound: dict[tuple[str, ...], str] = {}
        for word in sorted(words, key=lambda word: (words[word], word)):
            if _CHINESE.fullmatch(word):
                self._by_letters[_letters(word)] = word
                if len(word) > 1:
                    self._by_sound[_sounds(word)] = word
        self._longest_letters = max(map(len, self._by_letters), default=0)

    @classmethod
    def learn(cls, texts: Iterable[str]) -> "Spelling":
        """From all phrasings of a knowledge base."""
        words: Counter[str] = Counter()
        pairs: set[str] = set()
        for key in map(search_key, texts):
            words.update(_LATIN.findall(key))
            words.update(_cut(key))
            pairs.update(key[i : i + 2] for i in range(len(key) - 1))
        # Pairs are no words, but what is made of known pairs needs no mending.
        return cls(dict.fromkeys(sorted(pairs), 0) | words)

    def mend(self, key: str) -> str:
        """A search key with pinyin written out, and words unknown here replaced by known ones of the same sound."""
        return self._homophones(_LATIN.sub(lambda letters: self._written(letters[0]), key))

    def save(self, folder: Path) -> None:
        """Write the words."""
        (folder / _FILE).write_text(json.dumps(self._words, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Spelling":
        """Read what `save` wrote."""
        return cls(json.loads((folder / _FILE).read_text(encoding="utf-8")))

    def _written(self, letters: str) -> str:
        """The words whose pinyin makes up all of `letters`, the fewest; `letters` when there are none."""
        if letters in self._words:
            return letters
        best: list[list[str] | None] = [[], *([None] * len(letters))]
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - self._longest_letters), end):
                before, word = best[start], self._by_letters.get(letters[start:end])
                if before is not None and word is not None:
                    found = best[end]
                    if found is None or len(before) + 1 < len(found):
                        best[end] = [*before, word]
        return "".join(best[-1]) if best[-1] else letters

    def _homophones(self, key: str) -> str:
        made = []
        start = 0
        while start < len(key):
            piece = self._longest_known(key, start) or self._mended(key, start) or key[start]
            made.append(piece)
            start += len(piece)
        return "".join(made)

    def _longest_known(self, key: str, start: int) -> str | None:
        pieces = (key[start : start + length] for length in range(_LONGEST, 1, -1))
        return next((piece for piece in pieces if piece in self._words), None)

    def _mended(self, key: str, start: int) -> str | None:
        for length in range(_LONGEST, 1, -1):
            piece = key[start : start + length]
            if len(piece) == length and _CHINESE.fullmatch(piece):
                word = self._by_sound.get(_sounds(piece))
                if word is not None and len(word) == length and self._words[word]:
                    return word
        return None


# A build learns three times, from nearly the same texts.
@lru_cache(maxsize=50_000)
def _cut(key: str) -> tuple[str, ...]:
    return tuple(word for word in jieba.cut(key) if len(word) <= _LONGEST and _CHINESE.fullmatch(word))


@lru_cache(maxsize=100_000)
def _letters(word: str) -> str:
    return "".join(lazy_pinyin(word))


def _sounds(word: str) -> tuple[str, ...]:
    return tuple(syllable for character in word for syllable in sound(character))
