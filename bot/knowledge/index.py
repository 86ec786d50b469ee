"""The built form of the knowledge base: entries, their searcher, and how sure a match is."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from bot.knowledge.calibration import Calibration, fit
from bot.knowledge.embedder import Embedder, PretrainedEmbedder
from bot.knowledge.entries import Entry
from bot.knowledge.search import FEATURES, Features, Found, Searcher
from bot.knowledge.synonyms import Synonyms
from bot.knowledge.trials import trials

Progress = Callable[[str], None]
ENTRY_LIST = TypeAdapter(list[Entry])


@dataclass(frozen=True)
class Match:
    """An entry found: the probability (0–1) that it answers the query, and why."""

    entry: Entry
    probability: float
    row: Features
    """See `features`; kept as it was found, since answering does not read it."""
    text: int
    """Number of its text that is nearest to the query, see `Searcher.text`."""

    @property
    def features(self) -> dict[str, float]:
        """By the names in `search.FEATURES`."""
        return dict(zip(FEATURES, self.row.tolist(), strict=True))


class KnowledgeIndex:
    """One state of the knowledge base, ready to be asked; never changed once made, so that threads may share it."""

    def __init__(
        self, searcher: Searcher, calibration: Calibration, embedding_model: str | None, *, name: str | None = None
    ) -> None:
        """`name` is that of the build it was loaded from."""
        self.name = name
        self.searcher = searcher
        self.calibration = calibration
        self.embedding_model = embedding_model
        content = ENTRY_LIST.dump_json(list(searcher.entries)) + str(embedding_model).encode()
        self.version = hashlib.sha256(content).hexdigest()[:12]
        """Short hash of what can be answered and by which model: the same knowledge has the same version."""

    @classmethod
    def build(
        cls,
        entries: Sequence[Entry],
        synonyms: Synonyms,
        *,
        outside: Sequence[str],
        embedding_model: str | None,
        progress: Progress,
    ) -> "KnowledgeIndex":
        """Train (or load the pretrained model), index and calibrate; no entry answers a question of `outside`."""
        make_model = model_maker(synonyms, embedding_model, progress)
        progress("calibrating on held-out phrasings")
        calibration = fit(list(trials(entries, make_model, outside=outside)))
        return cls(Searcher.build(entries, make_model(entries)), calibration, embedding_model)

    def find(self, query: str, limit: int) -> list[Match]:
        """The entries that may answer `query`, likeliest first; about `limit` are looked at closely."""
        found = self.searcher.search(query, limit)
        return [] if found is None else self._matches(found)

    def _matches(self, found: Found) -> list[Match]:
        order, probabilities = self.calibration.probabilities(found)
        return [
            Match(
                self.searcher.entries[found.positions[place]],
                probability,
                found.features[place],
                int(found.nearest[place]),
            )
            for place, probability in zip(order.tolist(), probabilities.tolist(), strict=True)
        ]


def model_maker(
    synonyms: Synonyms, embedding_model: str | None, progress: Progress
) -> Callable[[Sequence[Entry]], Embedder]:
    """How a model is made for some entries: trained on them, or the same pretrained one for all."""
    if embedding_model is None:
        # Needs torch, which takes seconds to load and which answering does not need.
        from bot.knowledge.training import train

        return lambda entries: train(entries, synonyms, progress=progress)
    model = PretrainedEmbedder(embedding_model)
    return lambda _entries: model
