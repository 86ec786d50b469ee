"""Multinomial logistic regression at inference: plain arrays, numpy only.

Trained elsewhere (scikit-learn, see `intent_classifier`), kept as one `.npz` and one `.json` file, so that a
model neither pickles code nor loads scikit-learn to answer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class LinearModel:
    """Weights of shape (labels, features) and a bias per label."""

    labels: tuple[str, ...]
    weights: Floats
    bias: Floats

    def __post_init__(self) -> None:
        if self.weights.shape[0] != len(self.labels) or self.bias.shape != (len(self.labels),):
            raise ValueError(f"{len(self.labels)} labels, weights {self.weights.shape}, bias {self.bias.shape}")

    def probabilities(self, indices: npt.NDArray[np.int32], values: Floats) -> Floats:
        """Softmax over the labels for one sparse row: column `indices` and their `values`."""
        scores = self.weights[:, indices] @ values + self.bias
        odds = np.exp(scores - scores.max())
        return np.asarray(odds / odds.sum(), dtype=np.float32)

    def save(self, folder: Path) -> None:
        np.savez_compressed(folder / "weights.npz", weights=self.weights.astype(np.float16), bias=self.bias)
        (folder / "labels.json").write_text(json.dumps(self.labels, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            return cls(tuple(labels), arrays["weights"].astype(np.float32), arrays["bias"])


def scaled(values: Floats) -> Floats:
    """Counts of one row damped and brought to unit length: a long story weighs as much as three words."""
    damped: Floats = np.log1p(values)
    length = np.float32(np.linalg.norm(damped))
    return np.divide(damped, length, dtype=np.float32) if length else damped
