"""Sets how sure a match is, and the thresholds to answer and to offer, from questions kept out of training.

Neither transfers from one knowledge base to another, so both are measured at every build.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from bot.knowledge.ranking import Floats, Judge, Ranking
from bot.knowledge.search import Found
from bot.knowledge.trials import Trial

CONSIDERED = 20
"""How many matches by meaning a search looks at closely; the right one is among them in 98 of 100 questions."""
CHOICES = 3

_MIN_TRIALS = 40
_WANTED_PRECISION = 0.95
_OFFERED = 0.9
"""Choices are offered so readily that so many of the questions that have an answer get at least them."""
_PULL = 1.0
"""How strongly the weights are drawn towards the defaults: the log-likelihood given up for a distance of 1."""


# The defaults were measured on the project's own knowledge base and serve those too small. Signals, in order: those of
# search.FEATURES, log share, worth, leads (nearest, centre, covered, spanned), length.
_RANKING = Ranking()
_KNOWN = Judge((1.5, 0.5, 4.0, 0.0, 0.0, 2.0, 1.5, 0.0, 0.0, 0.3, 0.1, 0.0, 0.5, 0.0, 0.0, 0.0), -5.5)
_RIGHT = Judge((1.5, 0.0, 3.0, 0.0, 0.0, 1.5, 1.0, 0.0, 0.0, 1.0, 0.05, 1.0, 2.0, 1.0, 0.0, 0.0), -4.2)


@dataclass(frozen=True)
class Calibration:
    """How matches are ordered, and what makes their probabilities."""

    ranking: Ranking = _RANKING
    known: Judge = _KNOWN
    """Whether anything here answers the question."""
    right: Judge = _RIGHT
    """Whether the best match does."""
    answer_at: float = 0.8
    """From this probability of the best match on, it is given as the answer: 95 % of those were right."""
    choices_at: float = 0.4
    """From this probability that anything here is meant, the best three are offered; below, nothing was found."""
    trials: int = 0
    """How many held-out questions it rests on; 0 for the defaults."""

    def probabilities(self, found: Found) -> tuple[npt.NDArray[np.int64], Floats]:
        """Indexes into `found`, best first, and for each the probability (0–1) that it answers the query.

        Together they are the probability that anything here does.
        """
        order, shares = self.ranking.order(found)
        signals = self.ranking.signals(found)
        right = self.right.probability(signals)
        rest = max(self.known.probability(signals) - right, 0.0) / max(1 - shares[0], 1e-9)
        return order, np.concatenate([[right], np.minimum(shares[1:] * rest, right)])


def fit(results: Sequence[Trial]) -> Calibration:
    """The calibration that explains `results`; the defaults when they are too few or all alike."""
    answered = np.array([trial.right is not None for trial in results])
    if len(results) < _MIN_TRIALS or answered.all() or not answered.any():
        return Calibration()
    ranking = fit_ranking(results)
    best = np.array([trial.right is not None and ranking.order(trial.found)[0][0] == trial.right for trial in results])
    if best.all() or not best.any():
        return Calibration(ranking)
    signals = np.array([ranking.signals(trial.found) for trial in results])
    fitted = Calibration(ranking, _judge(signals, answered), _judge(signals, best), trials=len(results))
    found = [fitted.probabilities(trial.found)[1] for trial in results]
    offered = np.sort([shares.sum() for shares, known in zip(found, answered, strict=True) if known])
    return replace(
        fitted,
        answer_at=lowest_threshold(np.array([shares[0] for shares in found]), best, _WANTED_PRECISION),
        choices_at=float(offered[int((1 - _OFFERED) * len(offered))]),
    )


def fit_ranking(results: Sequence[Trial]) -> Ranking:
    """The likeliest weights given which of the found entries were right, drawn a little towards the defaults."""
    cases = [(trial.found.features.astype(np.float64), trial.right) for trial in results if trial.right is not None]
    start = np.array(Ranking().weights)

    def loss(weights: Floats) -> tuple[float, Floats]:
        pull = weights - start
        total, slope = _PULL * float(pull @ pull), 2 * _PULL * pull
        for features, right in cases:
            worth = features @ weights
            shares = np.exp(worth - worth.max())
            shares /= shares.sum()
            total -= float(np.log(max(shares[right], 1e-12)))
            slope -= features[right] - shares @ features
        return total, slope

    weights = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return Ranking(tuple(float(weight) for weight in weights))


def lowest_threshold(confidence: Floats, good: npt.NDArray[np.bool_], wanted: float) -> float:
    """The lowest value at or above which the share of `good` reaches `wanted`; 1.0 when none does."""
    order = np.argsort(-confidence, kind="stable")
    share = np.cumsum(good[order]) / np.arange(1, len(order) + 1)
    reached = np.flatnonzero(share >= wanted)
    return float(confidence[order][reached[-1]]) if len(reached) else 1.0


def _judge(signals: Floats, truth: npt.NDArray[np.bool_]) -> Judge:
    """A logistic regression, with the scaling that helps to fit it taken back out of its weights."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1_000)).fit(signals, truth)
    scaler, regression = model[0], model[1]
    weights = regression.coef_[0] / scaler.scale_
    return Judge(tuple(float(weight) for weight in weights), float(regression.intercept_[0] - weights @ scaler.mean_))
