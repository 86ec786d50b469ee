"""Answers customers' questions from the built index, or says how sure it is not."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.clock import Clock, bank_date, utc_now
from bot.knowledge.calibration import CHOICES, CONSIDERED
from bot.knowledge.entries import Entry
from bot.knowledge.index import KnowledgeIndex
from bot.knowledge.search import Match
from bot.knowledge.text import search_key

Decision = Literal["answer", "choices", "miss"]


@dataclass(frozen=True)
class Hit:
    """An entry that may answer the question; `score` is the probability (0–1) that it does."""

    entry_id: str
    question: str
    answer: str
    score: float


@dataclass(frozen=True)
class Answer:
    """What to do: give the first hit's answer, offer the hits' questions, or say that nothing was found.

    `hits` are the best, at most three, best first; also of a miss, for those who improve the knowledge base.
    """

    decision: Decision
    hits: tuple[Hit, ...]


class Retriever:
    """Searches the index and decides by its calibrated thresholds. CPU-bound, a few milliseconds a question."""

    def __init__(self, index: KnowledgeIndex, *, clock: Clock = utc_now) -> None:
        self._index = index
        self._clock = clock
        self._entries = {entry.id: entry for entry in index.searcher.entries}
        self._verbatim = {search_key(text): entry for entry in self._entries.values() for text in entry.texts}

    @classmethod
    def load(cls, folder: Path, *, clock: Clock = utc_now) -> "Retriever":
        """Read the index in `folder`. Raises IndexUnusableError."""
        return cls(KnowledgeIndex.load(folder), clock=clock)

    @property
    def version(self) -> str:
        """Which state of the knowledge base the answers come from."""
        return self._index.version

    def answer(self, query: str) -> Answer:
        """Decide on `query`, a text as the customer typed it. A phrasing typed word for word is simply answered."""
        verbatim = self._verbatim.get(search_key(query))
        if verbatim is not None and self._holds(verbatim):
            return Answer("answer", (Hit(verbatim.id, verbatim.question, verbatim.answer, 1.0),))
        matches = [match for match in self._index.searcher.search(query, CONSIDERED) if self._holds(match.entry)]
        if not matches:
            return Answer("miss", ())
        hits = tuple(self._hits(matches))[:CHOICES]
        calibration = self._index.calibration
        if hits[0].score >= calibration.answer_at:
            return Answer("answer", hits)
        # The scores are probabilities of events that exclude each other, so their sum is that of any of them.
        return Answer("choices" if sum(hit.score for hit in hits) >= calibration.choices_at else "miss", hits)

    def entry(self, entry_id: str) -> Entry | None:
        """The entry of that id, for a pressed choice; None when it is unknown or no longer holds."""
        entry = self._entries.get(entry_id)
        return entry if entry is not None and self._holds(entry) else None

    def _holds(self, entry: Entry) -> bool:
        return entry.valid_until is None or bank_date(self._clock()) <= entry.valid_until

    def _hits(self, matches: list[Match]) -> Iterator[Hit]:
        for match, score in zip(matches, self._index.calibration.probabilities(matches), strict=True):
            yield Hit(match.entry.id, match.entry.question, match.entry.answer, score)
