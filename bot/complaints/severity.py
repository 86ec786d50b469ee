"""Which complaints go to a person at once."""

import re
from functools import lru_cache
from pathlib import Path

import yaml

from bot.complaints.models import Concern

_GONE = re.compile("骗了|骗走|骗去|被骗|被盗|盗刷|转走|刷走|划走")
_SUM = re.compile(r"[\d.]+[多来]?[万千百wWkK块元]|\d{3,}|[一二两三四五六七八九十百几好]+[多来]?[万千百块元]")
_DEMANDS = re.compile("管不管|不管|破银行|什么破|垃圾|责任|赔|还我|追回来|气死|[!！]{2}")
_SUPPOSED = re.compile("如果|要是|万一|假如|会不会|防止|怎么防|预防")
_WORDS = Path(__file__).with_name("grave_words.yml")


def concerns_of(text: str) -> tuple[Concern, ...]:
    """What `text` speaks of that makes a complaint urgent, by the words in `grave_words.yml`."""
    patterns, harmless = _patterns()
    plain = harmless.sub("", re.sub(r"\s", "", text))
    return tuple(concern for concern, words in patterns.items() if words.search(plain))


def is_urgent(text: str) -> bool:
    """Whether a complaint that says `text` goes to a person at once."""
    return bool(concerns_of(text))


def is_grave(text: str) -> bool:
    """Whether `text` brings a person, complaint or not. That the customer is old or ill alone does not."""
    return any(concern is not Concern.VULNERABLE for concern in concerns_of(text))


def reports_loss(text: str) -> bool:
    """Whether `text` tells that money is gone by fraud, rather than asks what one does in such a case."""
    plain = re.sub(r"\s", "", text)
    gone = Concern.FRAUD in concerns_of(plain) and _GONE.search(plain) is not None
    return gone and (_SUM.search(plain) or _DEMANDS.search(plain)) is not None and not _SUPPOSED.search(plain)


@lru_cache
def _patterns() -> tuple[dict[Concern, re.Pattern[str]], re.Pattern[str]]:
    """What is grave, and what only sounds so."""
    words: dict[str, list[str]] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    harmless = words.pop("harmless")
    return {Concern(concern): _any_of(phrases) for concern, phrases in words.items()}, _any_of(harmless)


def _any_of(words: list[str]) -> re.Pattern[str]:
    # 12345 within a longer number, or as an amount, is no hotline.
    return re.compile("|".join(rf"(?<!\d){word}(?!\d|元|块)" if word.isdigit() else re.escape(word) for word in words))
