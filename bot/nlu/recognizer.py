"""Finds the entities of a message with a blank spaCy pipeline: a dictionary of words and patterns for the rest.

One character is one token: a tokenizer of words would break 近三个月 or 3月5日. No trained model is involved.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from bot.nlu import patterns
from bot.nlu.repair import Repair

Dictionary = Mapping[str, Mapping[str, str]]
"""Entity type → spelling → value, e.g. {"account_type": {"xyk": "信用卡", "信用卡": "信用卡"}}."""

_LATIN_GOES_ON = re.compile("[A-Za-z]{2}")
_ARABIC = str.maketrans("〇零一二三四五六七八九幺", "0012345678" + "91")


@dataclass(frozen=True)
class Entity:
    """`text[start:end]` is where it stands; `value` is what it says (the surface, or the standard word for it)."""

    type: str
    value: str
    start: int
    end: int


class Recognizer:
    """Entities of the types `account_type, card_tail, amount, date, product, phone, complaint_target`."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._words = {kind: _ruler(kind, words) for kind, words in dictionary.items()}
        self._repair = Repair(word for words in dictionary.values() for word in words.values())

    def find(self, text: str, *, complaining: bool = False) -> list[Entity]:
        """Entities of a normalised `text` in the order they stand, none overlapping another.

        `complaining`: the message complains, so words that may be the target of a complaint (手机银行, 柜员) are
        one; otherwise such a word is an entity only when it is all the message (an answer to a question).
        """
        found: list[Entity] = []
        for candidate in self._candidates(text, complaining):
            if all(candidate.end <= other.start or other.end <= candidate.start for other in found):
                found.append(candidate)
        return sorted(found, key=lambda entity: entity.start)

    def _candidates(self, text: str, complaining: bool) -> Iterator[Entity]:
        """What may be an entity, the surer first."""
        yield from _matches("phone", patterns.PHONES, text)
        yield from _card_tails(patterns.CARD_TAILS, text)
        targets = self._targets(text)
        if complaining:
            yield from targets
        yield from self._of_dictionary("account_type", text)
        yield from self._of_dictionary("product", text)
        yield from (target for target in targets if _is_only(target, text))
        yield from _dates(text)
        yield from _matches("amount", patterns.AMOUNTS, text)
        if len(text) <= patterns.BARE_CARD_TAIL_MAX_CHARS:
            yield from _card_tails([patterns.BARE_CARD_TAIL], text)
        yield from _matches("amount", patterns.LOOSE_AMOUNTS, text)

    def _targets(self, text: str) -> list[Entity]:
        """Whom a complaint is about, or where it happened; what it is about (手续费) where neither is said."""
        whom = list(self._of_dictionary("complaint_target", text))
        return whom or [
            replace(what, type="complaint_target") for what in self._of_dictionary("complaint_subject", text)
        ]

    def _of_dictionary(self, kind: str, text: str) -> Iterator[Entity]:
        ruler = self._words.get(kind)
        if ruler is None:
            return
        doc: Doc = ruler(self._repair.mend(text))
        for span in doc.ents:
            if not _within_latin_word(text, span.start_char, span.end_char):
                yield Entity(kind, span.ent_id_ or span.text, span.start_char, span.end_char)


def _within_latin_word(text: str, start: int, end: int) -> bool:
    """Whether what stands there is only a part of a word, such as the app of disappointed."""
    return any(_LATIN_GOES_ON.match(text, place) for place in (start - 1, end - 1) if place >= 0)


def _is_only(target: Entity, text: str) -> bool:
    before, after = text[: target.start], text[target.end :]
    return bool(patterns.BEFORE_TARGET.fullmatch(before) and patterns.AFTER_TARGET.fullmatch(after))


def _ruler(kind: str, words: Mapping[str, str]) -> Language:
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "char"}}})
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns(
        [
            {"label": kind, "pattern": spelling, **({"id": value} if value != spelling else {})}
            for spelling, value in words.items()
        ]
    )
    return nlp


def _matches(kind: str, expressions: Iterable[re.Pattern[str]], text: str) -> Iterator[Entity]:
    for expression in expressions:
        for match in expression.finditer(text):
            yield Entity(kind, match["value"], *match.span("value"))


def _dates(text: str) -> Iterator[Entity]:
    for entity in _matches("date", patterns.DATES, text):
        till = patterns.TILL.match(text, entity.end)
        end = till.end() if till else entity.end
        yield Entity("date", text[entity.start : end], entity.start, end)


def _card_tails(expressions: Iterable[re.Pattern[str]], text: str) -> Iterator[Entity]:
    for entity in _matches("card_tail", expressions, text):
        if patterns.DENIED_BEFORE.search(text[: entity.start]) or patterns.DENIED_AFTER.match(text[entity.end :]):
            continue
        value = entity.value if entity.value.startswith("[") else entity.value.translate(_ARABIC)
        yield Entity("card_tail", value, entity.start, entity.end)
