"""Turns texts into vectors: a small model of our own trained at build, or a pretrained one, behind one interface.

Both are a `SentenceTransformer`. Ours needs no download: each character n-gram has a vector, a text is their mean.
"""

import zlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file, save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule

from bot.knowledge.text import ngrams, search_key

Vectors = npt.NDArray[np.float32]
"""One row a text, of length 1."""

BUCKETS = 32_768
MEMBERS = 3
WIDTH = 128
_FIRST_SPREAD = 1 / 16


class NgramEmbedding(InputModule):  # type: ignore[misc]  # the library is not typed
    """The static model: `MEMBERS` independent tables of n-gram vectors, whose cosines are averaged.

    One table is a noisy judge (its start is random); three side by side gained one point of hit@1. N-grams are
    hashed into `BUCKETS` rows, so that unknown ones pull a text away from what is known instead of vanishing.
    """

    def __init__(self, *, seed: int = 0, buckets: int = BUCKETS, members: int = MEMBERS, width: int = WIDTH) -> None:
        super().__init__()
        self.members = members
        self.width = width
        start = torch.randn(buckets, members * width, generator=torch.Generator().manual_seed(seed))
        # Sparse gradients: a dense Adam would touch all rows in every step, which took ten times as long.
        self.bag = torch.nn.EmbeddingBag.from_pretrained(start * _FIRST_SPREAD, freeze=False, mode="mean", sparse=True)

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, torch.Tensor]:
        """Hash the n-grams of `inputs` (texts as customers type them) into one flat list with offsets."""
        buckets = self.bag.num_embeddings
        return flatten([bucket_ids(search_key((prompt or "") + text), buckets) for text in inputs])

    def forward(self, features: dict[str, torch.Tensor], **_: Any) -> dict[str, torch.Tensor]:
        """Add `sentence_embedding`: rows of length 1, one slice a member."""
        views = self.views(features)
        return {**features, "sentence_embedding": views.flatten(1) / self.members**0.5}

    def views(self, features: dict[str, torch.Tensor]) -> torch.Tensor:
        """(texts, members, width): what each member sees, each of length 1."""
        mean: torch.Tensor = self.bag(features["input_ids"], features["offsets"])
        return torch.nn.functional.normalize(mean.view(-1, self.members, self.width), dim=2)

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Write the table in half precision."""
        save_file({"ngrams": self.bag.weight.detach().half()}, Path(output_path) / "ngrams.safetensors")

    @classmethod
    def load(cls, model_name_or_path: str, **_: Any) -> "NgramEmbedding":
        """Read what `save` wrote into a folder."""
        table = load_file(Path(model_name_or_path) / "ngrams.safetensors")["ngrams"].float()
        model = cls.__new__(cls)
        super(NgramEmbedding, model).__init__()
        model.members = MEMBERS
        model.width = table.shape[1] // MEMBERS
        model.bag = torch.nn.EmbeddingBag.from_pretrained(table, mode="mean")
        return model


@lru_cache(maxsize=100_000)
def bucket_ids(key: str, buckets: int) -> npt.NDArray[np.int64]:
    """Rows of the table for a search key; one at least."""
    return np.array([zlib.crc32(ngram.encode()) % buckets for ngram in ngrams(key)] or [0])


def flatten(rows: Sequence[npt.NDArray[np.int64]]) -> dict[str, torch.Tensor]:
    """What the model's forward takes, from the buckets of each text."""
    offsets = np.cumsum([0, *(len(row) for row in rows[:-1])])
    return {"input_ids": torch.from_numpy(np.concatenate(rows)), "offsets": torch.from_numpy(offsets)}


def as_sentence_transformer(model: NgramEmbedding) -> SentenceTransformer:
    """Our model in the library's clothes. Loading by path would refuse a module class it does not know."""
    return SentenceTransformer(modules=[model], device="cpu")


def pretrained(name: str) -> SentenceTransformer:
    """The model of that name or path, e.g. BAAI/bge-small-zh-v1.5."""
    return SentenceTransformer(name, device="cpu")


def encode(model: SentenceTransformer, texts: Sequence[str]) -> Vectors:
    """One row of length 1 for each text."""
    vectors = model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False, batch_size=256)
    return np.ascontiguousarray(vectors, dtype=np.float32)
