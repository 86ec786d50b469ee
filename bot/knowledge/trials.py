"""Questions asked of searchers that have not seen them: what calibration learns from."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.knowledge.embedder import Embedder
from bot.knowledge.entries import Entry
from bot.knowledge.search import Found, Searcher

_FOLDS = 2
_MISSING = 6
"""One in so many entries is missing in a fold."""
_MIN_TEXTS = 3
_ASKED = 20
_HELD_OUT = 4
"""One in so many phrasings of an entry is held out in a fold, two at most."""

MakeModel = Callable[[Sequence[Entry]], Embedder]


@dataclass(frozen=True)
class Trial:
    """A held-out question, what was found, and which of that is right; None when nothing is."""

    found: Found
    right: int | None


def trials(
    entries: Sequence[Entry], make_model: MakeModel, *, outside: Sequence[str] = (), seed: int = 0
) -> Iterator[Trial]:
    """Ask held-out phrasings, and the questions of `outside`, which no entry answers.

    In every fold some entries are missing altogether: they stand for questions of the bank's own field that the
    knowledge base does not answer.
    """
    chance = random.Random(seed)  # noqa: S311 - sampling, not secrecy
    testable = [entry for entry in entries if entry.written and len(entry.texts) >= _MIN_TEXTS]
    chance.shuffle(testable)
    if len(testable) < _MISSING:
        return
    for fold in range(_FOLDS):
        missing = {entry.id for entry in testable[fold::_MISSING]}
        held_out = {
            entry.id: chance.sample(entry.phrasings, min(2, max(1, len(entry.phrasings) // _HELD_OUT)))
            for entry in testable
        }
        known = [
            replace(entry, phrasings=tuple(p for p in entry.phrasings if p not in held_out.get(entry.id, ())))
            for entry in entries
            if entry.id not in missing
        ]
        searcher = Searcher.build(known, make_model(known))
        for entry_id, questions in held_out.items():
            for question in questions:
                yield from _trial(searcher, question, entry_id)
        for question in outside:
            yield from _trial(searcher, question, None)


def _trial(searcher: Searcher, question: str, entry_id: str | None) -> Iterator[Trial]:
    found = searcher.search(question, _ASKED)
    if found is not None:
        ids = [searcher.entries[position].id for position in found.positions]
        yield Trial(found, ids.index(entry_id) if entry_id in ids else None)
