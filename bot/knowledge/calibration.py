"""Turns what a search found into probabilities, and sets the two thresholds, from questions kept out of training.

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

_FOLDS = 3
_MISSING = 6
"""One in so many entries is missing in a fold."""
_MIN_TEXTS = 4
_MIN_TRIALS = 40
_SHARPNESSES = np.arange(5.0, 61.0)
_WANTED_PRECISION = 0.95

Floats = npt.NDArray[np.float64]
MakeModel = Callable[[Sequence[Entry]], SentenceTransformer]


@dataclass(frozen=True)
class Calibration:
    """How a match's probability comes about: P(the question is answered here) × P(this match | it is).

    The second is a softmax over the matches' scores, the first a logistic regression on the best match's similarity
    and log softmax. The defaults were measured on the project's own knowledge base and serve those too small.
    """

    sharpness: float = 14.0
    similarity: float = 9.0
    share: float = 0.9
    bias: float = -4.7
    answer_at: float = 0.8
    """From this probability of the best match on, it is given as the answer: 95 % of those were right."""
    choices_at: float = 0.4
    """From this probability on that one of the best three is meant, they are offered; below, nothing was found."""
    trials: int = 0
    """How many held-out questions it rests on; 0 for the defaults."""

    def probabilities(self, matches: Sequence[Match]) -> list[float]:
        """For each match the probability (0–1) that it answers the query."""
        log_shares = _log_shares(matches, self.sharpness)
        logit = self.similarity * matches[0].similarity + self.share * log_shares[0] + self.bias
        return [float(p) for p in np.exp(log_shares) / (1 + np.exp(-logit))]


@dataclass(frozen=True)
class Trial:
    """A held-out question, what was found (best first), and where the right entry came (0 is best, None nowhere)."""

    matches: Sequence[Match]
    rank: int | None


def calibrate(
    entries: Sequence[Entry], make_model: MakeModel, *, outside: Sequence[str] = (), seed: int = 0
) -> Calibration:
    """Measure on phrasings and whole entries held out in turn, and on `outside`, questions no entry answers."""
    return fit([trial for trial in trials(entries, make_model, outside=outside, seed=seed) if trial.matches])


def fit(results: Sequence[Trial]) -> Calibration:
    """The calibration that explains `results`; the defaults when they are too few or all alike."""
    answered = np.array([trial.rank is not None for trial in results])
    if len(results) < _MIN_TRIALS or answered.all() or not answered.any():
        return Calibration()
    sharpness = max(_SHARPNESSES, key=lambda value: _likelihood(results, value))
    best = [(trial.matches[0].similarity, _log_shares(trial.matches, sharpness)[0]) for trial in results]
    gate = LogisticRegression(C=100.0).fit(np.array(best), answered)
    (similarity, share), bias = gate.coef_[0], gate.intercept_[0]
    fitted = Calibration(float(sharpness), float(similarity), float(share), float(bias), trials=len(results))
    confidence = np.array([fitted.probabilities(trial.matches)[0] for trial in results])
    right = np.array([trial.rank == 0 for trial in results])
    return replace(fitted, answer_at=lowest_threshold(confidence, right, _WANTED_PRECISION))


def lowest_threshold(confidence: Floats, good: npt.NDArray[np.bool_], wanted: float) -> float:
    """The lowest value at or above which the share of `good` reaches `wanted`; 1.0 when none does."""
    order = np.argsort(-confidence, kind="stable")
    share = np.cumsum(good[order]) / np.arange(1, len(order) + 1)
    reached = np.flatnonzero(share >= wanted)
    return float(confidence[order][reached[-1]]) if len(reached) else 1.0


def trials(entries: Sequence[Entry], make_model: MakeModel, *, outside: Sequence[str], seed: int) -> Iterator[Trial]:
    """Questions asked of searchers that have not seen them; in every fold some entries are missing altogether.

    The missing ones stand for questions of the bank's own field that the knowledge base does not answer.
    """
    chance = random.Random(seed)  # noqa: S311 - sampling, not secrecy
    testable = [entry for entry in entries if entry.written and len(entry.texts) >= _MIN_TEXTS]
    chance.shuffle(testable)
    if len(testable) < _MISSING:
        return
    for fold in range(_FOLDS):
        missing = {entry.id for entry in testable[fold::_MISSING]}
        held_out = {entry.id: chance.choice(entry.phrasings) for entry in testable}
        known = [
            replace(entry, phrasings=tuple(p for p in entry.phrasings if p != held_out.get(entry.id)))
            for entry in entries
            if entry.id not in missing
        ]
        searcher = Searcher.build(known, make_model(known))
        for entry_id, question in held_out.items():
            yield _trial(searcher, question, entry_id)
        for question in outside[fold::_FOLDS]:
            yield _trial(searcher, question, None)


def _trial(searcher: Searcher, question: str, entry_id: str | None) -> Trial:
    matches = searcher.search(question, CONSIDERED)
    ids = [match.entry.id for match in matches]
    return Trial(matches, ids.index(entry_id) if entry_id in ids else None)


def _log_shares(matches: Sequence[Match], sharpness: float) -> Floats:
    """Logarithm of the softmax of the matches' scores."""
    scores = np.array([match.score for match in matches]) * sharpness
    shifted = scores - scores.max()
    shares: Floats = shifted - np.log(np.exp(shifted).sum())
    return shares


def _likelihood(results: Sequence[Trial], sharpness: float) -> float:
    """Log-likelihood of the right entries of those trials that have one."""
    return float(sum(_log_shares(t.matches, sharpness)[t.rank] for t in results if t.rank is not None))
