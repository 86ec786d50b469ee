"""Linear classification at inference, one against the rest: plain arrays, numpy only.

Trained elsewhere (scikit-learn, see `fitting`), kept as one `.npz` and one `.json` file, so that a model neither
pickles code nor loads scikit-learn to answer.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Columns = npt.NDArray[np.int32]


@dataclass(frozen=True)
class LinearModel:
    """Weights of shape (features, labels) and a bias per label; `vocabulary` is the row of each feature."""

    labels: tuple[str, ...]
    vocabulary: Mapping[str, int]
    weights: Floats
    bias: Floats

    def __post_init__(self) -> None:
        if self.weights.shape != (len(self.vocabulary), len(self.labels)) or self.bias.shape != (len(self.labels),):
            raise ValueError(
                f"{len(self.vocabulary)} features, {len(self.labels)} labels,"
                f" weights {self.weights.shape}, bias {self.bias.shape}"
            )

    def scores(self, features: Iterable[str]) -> Floats:
        """Of one text for each label: above 0 it is rather this label than any other, about -1 surely not.

        Features that training did not keep count for nothing.
        """
        columns, values = vector(self.vocabulary, features)
        return np.asarray(values @ self.weights[columns] + self.bias, dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write into `folder`, which is made if it is not there."""
        folder.mkdir(exist_ok=True)
        np.savez_compressed(folder / "weights.npz", weights=self.weights.astype(np.float16), bias=self.bias)
        names = {"labels": self.labels, "features": sorted(self.vocabulary, key=self.vocabulary.__getitem__)}
        (folder / "names.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
        vocabulary = {feature: row for row, feature in enumerate(names["features"])}
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            return cls(tuple(names["labels"]), vocabulary, arrays["weights"].astype(np.float32), arrays["bias"])


def softmax(scores: Floats) -> Floats:
    """Shares of 1 that grow with the scores."""
    odds = np.exp(scores - scores.max())
    return np.asarray(odds / odds.sum(), dtype=np.float32)


def vector(vocabulary: Mapping[str, int], features: Iterable[str]) -> tuple[Columns, Floats]:
    """One text as columns and values: counts damped, of unit length, so that a long story weighs as much as a word."""
    counts = Counter(column for feature in features if (column := vocabulary.get(feature)) is not None)
    values = np.log1p(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))
    length = np.linalg.norm(values)
    return np.fromiter(counts, dtype=np.int32, count=len(counts)), values / length if length else values
