"""What the intent classifier looks at: n-grams of characters and of syllables, as strings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.nlu.pinyin import is_pinyin, sounds

_LONGEST = 3
_NUMBER = re.compile(r"\d+")
_PUNCTUATION = re.compile(r"[^\w\[\]]+")
_PAUSE = re.compile(r"[\s,，。.!！?？;；~～…]+")


def written(text: str) -> Iterator[str]:
    """Characters, also across words (查了没), and syllables, so that homophones count as what is meant."""
    plain = _PUNCTUATION.sub(" ", text).strip() or text  # only an emoji or a question mark
    yield from _ngrams("s", sounds(plain))
    yield from _ngrams("c", f"^{_NUMBER.sub(_length, plain).replace(' ', '')}$")


def spelt(text: str) -> Iterator[str]:
    """Syllables only: how a text is understood that was typed in pinyin."""
    yield from _ngrams("s", ["^", *sounds(_PUNCTUATION.sub(" ", text)), "$"])


VIEWS: Mapping[str, Callable[[str], Iterator[str]]] = {"written": written, "spelt": spelt}
"""Each has a model of its own. Texts are those of `bot.nlu.wording`; a feature comes as often as it occurs."""


def view_of(text: str) -> str:
    """The view by which `text` is understood."""
    return "spelt" if is_pinyin(text) else "written"


def clauses(text: str) -> list[str]:
    """What stands between punctuation, of two characters and more; nothing when the text is a single clause."""
    found = [clause for clause in _PAUSE.split(text) if len(clause) > 1]
    return found if len(found) > 1 else []


def _length(number: re.Match[str]) -> str:
    """What a number says is for the entities; here it is how many digits it has."""
    return str(min(len(number[0]), 9))


def _ngrams(kind: str, items: Sequence[str]) -> Iterator[str]:
    for length in range(1, _LONGEST + 1):
        for start in range(len(items) - length + 1):
            yield f"{kind}{' '.join(items[start : start + length])}"
