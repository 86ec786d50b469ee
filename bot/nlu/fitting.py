"""Fits the linear model of intents with scikit-learn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np

from bot.nlu.linear import LinearModel, vector


def fit(texts: Sequence[Sequence[str]], intents: Sequence[str], *, c: float, balance: float) -> LinearModel:
    """The support vector machine of `texts`, each given by its features, and the intent of each.

    `c`: inverse strength of the L2 penalty. `balance`: 0 lets an intent weigh by its number of texts (`ask_faq` has
    most), 1 makes all weigh the same.
    """
    from sklearn.svm import LinearSVC

    vocabulary = repeated(texts)
    fitted = LinearSVC(C=c, class_weight=weights(intents, balance), random_state=0)
    fitted.fit(matrix(vocabulary, texts), intents)
    return LinearModel(
        tuple(fitted.classes_), vocabulary, fitted.coef_.T.astype(np.float32), fitted.intercept_.astype(np.float32)
    )


def repeated(texts: Iterable[Iterable[str]]) -> dict[str, int]:
    """A column for each feature of more than one text: a longer one that occurs once says more about its writer.

    Single characters and words (tks) are kept even so: what was seen once is known (see `bot.nlu.judge.familiarity`).
    """
    found = Counter(chain.from_iterable(map(set, texts)))
    kept = sorted(feature for feature, n in found.items() if n > 1 or " " not in feature)
    return {feature: column for column, feature in enumerate(kept)}


def matrix(vocabulary: Mapping[str, int], texts: Iterable[Iterable[str]]) -> Any:
    """A sparse row for each text."""
    from scipy.sparse import csr_matrix

    rows = [vector(vocabulary, features) for features in texts]
    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    data = (np.concatenate([values for _, values in rows]), np.concatenate([columns for columns, _ in rows]), ends)
    return csr_matrix(data, shape=(len(rows), len(vocabulary)))


def weights(intents: Sequence[str], balance: float) -> dict[str, float]:
    """What each text of an intent weighs."""
    counts = Counter(intents)
    mean = len(intents) / len(counts)
    return {intent: (mean / count) ** balance for intent, count in counts.items()}
