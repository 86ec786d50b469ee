"""Why the retriever decides as it does, for the editor who tries a sentence."""

from collections.abc import Iterator

from bot.knowledge.courtesy import essence
from bot.knowledge.editing.hit_test import Candidate, HitTest
from bot.knowledge.retriever import Explanation, Retriever

SHOWN = 5


def explain(retriever: Retriever, text: str) -> HitTest:
    """What would be done with `text`, and the best five with their figures. Some milliseconds of CPU."""
    told = retriever.explain(text)
    found, calibration = told.answer, told.index.calibration
    best = found.hits[0] if found.hits else None
    entry = retriever.entry(best.entry_id) if best else None
    return HitTest(
        decision=found.decision,
        verbatim=entry is not None and essence(text) in map(essence, entry.texts),
        answer=best.answer if best and found.decision == "answer" else None,
        answer_at=calibration.answer_at,
        choices_at=calibration.choices_at,
        meant=min(1.0, sum(match.probability for match in told.matches)),
        version=found.version,
        candidates=list(_candidates(told)),
    )


def _candidates(told: Explanation) -> Iterator[Candidate]:
    for match in told.matches[:SHOWN]:
        features = match.features
        yield Candidate(
            entry_id=match.entry.id,
            question=match.entry.question,
            answer=match.entry.answer,
            probability=match.probability,
            meaning=features["centre"],
            words=features["words"],
            nearest=told.index.searcher.text(match.text),
            likeness=features["nearest"],
        )
