"""The searchable form of the knowledge base: vectors in FAISS, words in BM25, built once and loaded by each process."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import bm25s
import faiss
import numpy as np
import numpy.typing as npt
from sentence_transformers import SentenceTransformer

from bot.knowledge import embedder
from bot.knowledge.calibration import Calibration
from bot.knowledge.embedder import NgramEmbedding, Vectors
from bot.knowledge.entries import Entry
from bot.knowledge.errors import IndexUnusableError
from bot.knowledge.text import ngrams, search_key

FORMAT = 1
"""Raised when an index of an older build can no longer be read."""

_CENTROID_SHARE = 0.75
_WORDS_SHARE = 0.05
_WORDS_SHARE_UNTRAINED = 0.4
_ROWS = 400
_ANSWER_CHARS = 150


@dataclass(frozen=True)
class Match:
    """An entry found: `similarity` is the cosine of meaning (-1–1), `score` orders matches (words added)."""

    entry: Entry
    similarity: float
    score: float


class KnowledgeIndex:
    """Finds the entries nearest to a query."""

    def __init__(self, entries: Sequence[Entry], model: SentenceTransformer, vectors: Vectors) -> None:
        """`vectors` has one row for each text of each entry, in order."""
        self.entries = tuple(entries)
        self.model = model
        self._owners = np.repeat(np.arange(len(entries)), [len(entry.texts) for entry in entries])
        self._vectors = faiss.IndexFlatIP(vectors.shape[1])
        self._vectors.add(vectors)
        self._words = _Words(entries)
        trained = np.mean([len(entry.texts) > 1 or bool(entry.answer) for entry in entries]) > 0.5  # noqa: PLR2004
        self._words_share = _WORDS_SHARE if trained else _WORDS_SHARE_UNTRAINED

    @classmethod
    def build(cls, entries: Sequence[Entry], model: SentenceTransformer) -> "KnowledgeIndex":
        """Embed and index `entries`."""
        return cls(entries, model, _rows(entries, model))

    def search(self, query: str, limit: int) -> list[Match]:
        """At most `limit` entries, best first."""
        if not search_key(query):
            return []
        vector = embedder.encode(self.model, [query])
        found, rows = self._vectors.search(vector, min(_ROWS, self._vectors.ntotal))
        owners, first = np.unique(self._owners[rows[0]], return_index=True)
        similarity = found[0][first]  # rows come best first: the first of an owner is its best phrasing
        score = similarity + self._words_share * self._words.scores(query)[owners]
        best = np.argsort(-score, kind="stable")[:limit]
        return [Match(self.entries[owners[i]], float(similarity[i]), float(score[i])) for i in best]
