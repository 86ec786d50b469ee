"""Answers customers' questions from the built index, or says how sure it is not."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.clock import Clock, bank_date, utc_now
from bot.knowledge import store
from bot.knowledge.calibration import CHOICES, CONSIDERED
from bot.knowledge.courtesy import essence
from bot.knowledge.entries import Entry
from bot.knowledge.index import KnowledgeIndex, Match
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
    version: str = ""
    """Of the knowledge base that was asked."""


@dataclass(frozen=True)
class Explanation:
    """An answer with the index that gave it and every match that was weighed, likeliest first."""

    answer: Answer
    index: KnowledgeIndex
    matches: list[Match]


class Retriever:
    """Searches the index and decides by its calibrated thresholds. CPU-bound, a millisecond a question.

    Threads may ask while another puts a new index to use: each question is answered wholly from one of them.
    """

    def __init__(self, index: KnowledgeIndex, *, own_name: str = "", clock: Clock = utc_now) -> None:
        """`own_name` is the bank's: who puts it into a question means nothing by it."""
        self._own_name = own_name
        self._clock = clock
        self._in_use = _Questions(index)

    @classmethod
    def load(cls, folder: Path, *, own_name: str = "", clock: Clock = utc_now) -> "Retriever":
        """Read the index in `folder`. Raises IndexUnusableError."""
        return cls(store.load(folder), own_name=own_name, clock=clock)

    def use(self, index: KnowledgeIndex) -> None:
        """Answer from `index` from now on."""
        self._in_use = _Questions(index)

    @property
    def version(self) -> str:
        """Which state of the knowledge base the answers come from."""
        return self._in_use.index.version

    @property
    def build(self) -> str | None:
        """The name of the build in use; None when it was not loaded from files."""
        return self._in_use.index.name

    def answer(self, query: str) -> Answer:
        """Decide on `query`, a text as the customer typed it. A phrasing typed word for word is simply answered."""
        known = self._in_use
        query = self._without_own_name(query)
        version, calibration = known.index.version, known.index.calibration
        verbatim = known.verbatim.get(essence(query))
        if verbatim is not None and self._holds(verbatim):
            return Answer("answer", (Hit(verbatim.id, verbatim.question, verbatim.answer, 1.0),), version)
        hits = [
            Hit(match.entry.id, match.entry.question, match.entry.answer, match.probability)
            for match in self._considered(known.index, query)
        ]
        best = tuple(hits[:CHOICES])
        if best and best[0].score >= calibration.answer_at:
            return Answer("answer", best, version)
        # The scores are probabilities of events that exclude each other, so their sum is that of any of them.
        meant = sum(hit.score for hit in hits)
        return Answer("choices" if best and meant >= calibration.choices_at else "miss", best, version)

    def explain(self, query: str) -> Explanation:
        """What `answer` decides on `query`, with all that was weighed."""
        index = self._in_use.index
        return Explanation(self.answer(query), index, self._considered(index, self._without_own_name(query)))

    def entry(self, entry_id: str) -> Entry | None:
        """The entry of that id, for a pressed choice; None when it is unknown or no longer holds."""
        entry = self._in_use.entries.get(entry_id)
        return entry if entry is not None and self._holds(entry) else None

    def _without_own_name(self, query: str) -> str:
        rest = query.replace(self._own_name, "") if self._own_name else query
        return rest if search_key(rest) else query

    def _considered(self, index: KnowledgeIndex, query: str) -> list[Match]:
        return [match for match in index.find(query, CONSIDERED) if self._holds(match.entry)]

    def _holds(self, entry: Entry) -> bool:
        return entry.holds_on(bank_date(self._clock()))


class _Questions:
    """An index with its entries by id and by every text."""

    def __init__(self, index: KnowledgeIndex) -> None:
        self.index = index
        self.entries = {entry.id: entry for entry in index.searcher.entries}
        self.verbatim = {essence(text): entry for entry in self.entries.values() for text in entry.texts}
