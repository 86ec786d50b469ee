"""Orders what a search found, and says how sure the order is: weights that calibration fits at build."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.knowledge.search import FEATURES, Found

Floats = npt.NDArray[np.float64]
_LEADING = [FEATURES.index(name) for name in ("nearest", "centre", "covered", "spanned")]


@dataclass(frozen=True)
class Ranking:
    """Weights of `FEATURES`: an entry's worth is their sum, its share among the found a softmax of the worths."""

    # Measured on the project's own knowledge base with one to eight phrasings an entry. More weight on the words and
    # on coverage helped with one phrasing (+.004) and cost with several (−.025).
    weights: tuple[float, ...] = (2.7, 0.0, 8.0, 1.1, 1.1, 0.0, 0.0, 0.0, 0.0)

    def order(self, found: Found) -> tuple[npt.NDArray[np.int64], Floats]:
        """Indexes into `found`, best first, and their shares (0–1, together 1) in that order."""
        worth = found.features @ np.array(self.weights)
        order = np.argsort(-worth, kind="stable")
        shares = np.exp(worth[order] - worth[order[0]])
        return order, shares / shares.sum()

    def signals(self, found: Found) -> Floats:
        """What tells whether the best is right: its features, its lead over the others, the query's length."""
        order, shares = self.order(found)
        best, others = found.features[order[0]], found.features[order[1:]]
        leads = best - others.max(axis=0) if len(others) else best
        log_share = np.log(shares[0])
        return np.array(
            [
                *best,
                log_share,
                float(best @ np.array(self.weights)),
                *leads[_LEADING],
                np.log(found.length + 1),
            ],
            dtype=np.float64,
        )


@dataclass(frozen=True)
class Judge:
    """A logistic regression on `Ranking.signals`."""

    weights: tuple[float, ...]
    bias: float

    def probability(self, signals: Sequence[float] | Floats) -> float:
        """0–1."""
        return float(1 / (1 + np.exp(-(np.array(self.weights) @ np.asarray(signals) + self.bias))))
