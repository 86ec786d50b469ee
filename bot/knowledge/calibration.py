"""Turns what a search found into probabilities, and sets the two thresholds, from phrasings kept out of training.

Thresholds do not transfer from one knowledge base to another, so they are measured at every build.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sentence_transformers import SentenceTransformer
from sklearn.linear_model import LogisticRegression

from bot.knowledge.entries import Entry
from bot.knowledge.search import Match, Searcher

CONSIDERED = 50
"""How many matches of a search share the probability; the tail beyond adds nothing."""
CHOICES = 3

_FOLDS = 4
_MIN_TEXTS = 4
_MIN_TRIALS = 40
_SHARPNESS = 20.0
_WANTED_PRECISION = 0.95
_WANTED_CHOICES = 0.5

MakeModel = Callable[[Sequence[Entry]], SentenceTransformer]


@dataclass(frozen=True)
class Calibration:
    """Weights of a logistic regression on (similarity, log of the match's share), and two thresholds on its result.

    The defaults hold for knowledge bases too small to measure; they were measured on the project's own.
    """

    similarity: float = 8.0
    share: float = 1.0
    bias: float = -3.0
    answer_at: float = 0.8
    """From this probability on the best match is given as the answer (95 % of those are right)."""
    choices_at: float = 0.3
    """From this probability on up to three questions are offered; below it nothing was found."""
    trials: int = 0
    """How many held-out questions it rests on; 0 for the defaults."""

    def probabilities(self, matches: Sequence[Match]) -> list[float]:
        """For each match the probability (0–1) that it answers the query."""
        logits = features(matches) @ np.array([self.similarity, self.share]) + self.bias
        return [float(p) for p in 1 / (1 + np.exp(-logits))]


def features(matches: Sequence[Match]) -> npt.NDArray[np.float64]:
    """A row (similarity, log share) for each match; the share is a softmax over all of them."""
    similarity = np.array([match.similarity for match in matches])
    score = np.array([match.score for match in matches]) * _SHARPNESS
    log_share = score - score.max() - np.log(np.exp(score - score.max()).sum())
    return np.column_stack([similarity, log_share])


@dataclass(frozen=True)
class Trial:
    """A held-out question, what was found, and where the right entry came (0 is best, None is nowhere)."""

    matches: Sequence[Match]
    rank: int | None


def calibrate(entries: Sequence[Entry], make_model: MakeModel, *, seed: int = 0) -> Calibration:
    """Measure on phrasings and whole entries held out in turn; `make_model` trains on what is left."""
    results = [trial for trial in trials(entries, make_model, seed=seed) if trial.matches]
    right = np.array([trial.rank == 0 for trial in results])
    if len(results) < _MIN_TRIALS or right.all() or not right.any():
        return Calibration()
    best = np.array([features(trial.matches)[0] for trial in results])
    fitted = LogisticRegression(C=100.0).fit(best, right)
    (similarity, share), bias = fitted.coef_[0], fitted.intercept_[0]
    calibration = Calibration(float(similarity), float(share), float(bias), trials=len(results))
    confidence = np.array([calibration.probabilities(trial.matches)[0] for trial in results])
    offered = np.array([trial.rank is not None and trial.rank < CHOICES for trial in results])
    answer_at = lowest_threshold(confidence, right, _WANTED_PRECISION)
    unsure = confidence < answer_at
    choices_at = lowest_threshold(confidence[unsure], offered[unsure], _WANTED_CHOICES)
    return replace(calibration, answer_at=answer_at, choices_at=min(choices_at, answer_at))


def lowest_threshold(confidence: npt.NDArray[np.float64], good: npt.NDArray[np.bool_], wanted: float) -> float:
    """The lowest value at or above which the share of `good` reaches `wanted`; 1.0 when none does."""
    order = np.argsort(-confidence, kind="stable")
    share = np.cumsum(good[order]) / np.arange(1, len(order) + 1)
    reached = np.flatnonzero(share >= wanted)
    return float(confidence[order][reached[-1]]) if len(reached) else 1.0


def trials(entries: Sequence[Entry], make_model: MakeModel, *, seed: int) -> Iterator[Trial]:
    """Questions asked of searchers that have not seen them; in every fold some entries are missing altogether.

    The missing ones stand for questions of the bank's field that the knowledge base does not answer.
    """
    chance = random.Random(seed)  # noqa: S311 - sampling, not secrecy
    testable = [entry for entry in entries if entry.written and len(entry.texts) >= _MIN_TEXTS]
    chance.shuffle(testable)
    if len(testable) < _FOLDS:
        return
    for fold in range(_FOLDS):
        missing = {entry.id for entry in testable[fold::_FOLDS]}
        held_out = {entry.id: chance.choice(entry.phrasings) for entry in testable}
        known = [
            replace(entry, phrasings=tuple(p for p in entry.phrasings if p != held_out.get(entry.id)))
            for entry in entries
            if entry.id not in missing
        ]
        searcher = Searcher.build(known, make_model(known))
        for entry_id, question in held_out.items():
            matches = searcher.search(question, CONSIDERED)
            ids = [match.entry.id for match in matches]
            yield Trial(matches, ids.index(entry_id) if entry_id in ids else None)
