"""Words that a bank's people must not write to customers (金融产品网络营销管理办法), and what to write instead."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from bot.handoff.errors import ForbiddenWordingError

_FILE = Path(__file__).with_name("forbidden_words.yml")
_BETWEEN = r"[\s·.,，、*_\-~～]*"
_JOINED = re.compile("[、，,和或及与/]?")
"""What may stand between a negated word and the next one that the negation holds for."""
_HALF_WIDTH = str.maketrans("０１２３４５６７８９％", "0123456789%")


@dataclass(frozen=True)
class ForbiddenWording:
    """`text[start:end]` is a forbidden `word`; `instead` says what to write."""

    word: str
    start: int
    end: int
    rule: str
    instead: str


def check_wording(text: str) -> list[ForbiddenWording]:
    """Every forbidden wording in `text`, in order; of two that overlap the longer one."""
    words = _words()
    plain = text.translate(_HALF_WIDTH)
    allowed = [match.span() for match in words.allowed.finditer(plain)]
    found, negated_until = [], None
    for match in words.forbidden.finditer(plain):
        listed = negated_until is not None and _JOINED.fullmatch(plain, negated_until, match.start())
        if listed or words.negation.search(plain, 0, match.start()):
            negated_until = match.end()
        elif not any(start < match.end() and match.start() < end for start, end in allowed):
            word = re.sub(_BETWEEN, "", match[0])
            found.append(ForbiddenWording(word, *match.span(), *words.rules[word]))
    return found


def require_proper_wording(text: str) -> None:
    """Raises ForbiddenWordingError when `text` must not be sent."""
    if found := check_wording(text):
        raise ForbiddenWordingError([each.word for each in found])


@dataclass(frozen=True)
class _Words:
    forbidden: re.Pattern[str]
    negation: re.Pattern[str]
    allowed: re.Pattern[str]
    rules: dict[str, tuple[str, str]]


@lru_cache
def _words() -> _Words:
    file = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    rules = {word: (entry["rule"], entry["instead"]) for entry in file["rules"] for word in entry["words"]}
    return _Words(
        forbidden=_any_of(list(rules)),
        negation=re.compile(rf"(?:{'|'.join(map(re.escape, file['negations']))})$"),
        allowed=_any_of(file["allowed"]),
        rules=rules,
    )


def _any_of(words: list[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(_BETWEEN.join(map(re.escape, word)) for word in longest_first))
