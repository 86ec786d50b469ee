"""Which complaints go to a person at once."""

import re
from functools import lru_cache
from pathlib import Path

import yaml

_WORDS = Path(__file__).with_name("grave_words.yml")


def is_grave(text: str) -> bool:
    """Whether `text` speaks of fraud, personal safety, media or a regulator, by the words in `grave_words.yml`."""
    grave, harmless = _patterns()
    plain = harmless.sub("", re.sub(r"\s", "", text))
    return grave.search(plain) is not None


@lru_cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What is grave, and what only sounds so."""
    words: dict[str, list[str]] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    harmless = words.pop("harmless")
    return _any_of([word for kind in words.values() for word in kind]), _any_of(harmless)


def _any_of(words: list[str]) -> re.Pattern[str]:
    # 12345 within a longer number, or as an amount, is no hotline.
    return re.compile("|".join(rf"(?<!\d){word}(?!\d|元|块)" if word.isdigit() else re.escape(word) for word in words))
