"""Turns texts into vectors: a small model of our own trained at build, or a pretrained one, behind one interface."""

import zlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.knowledge.synonyms import Synonyms
from bot.knowledge.text import ngrams, sound_ngrams
from bot.knowledge.vectors import Vectors

BUCKETS = 32_768
WIDTH = 128
MEMBERS = 3
"""Two see characters, the third sounds. One alone is a noisy judge, its start is random."""

Ids = npt.NDArray[np.int64]


class Embedder(Protocol):
    """What search and calibration need of a model."""

    def encode(self, keys: Sequence[str]) -> Vectors:
        """One row of length 1 for each search key."""
        ...


class NgramEmbedder:
    """Every n-gram has a vector, a text is their mean; plain arrays, so that a query takes 50 µs and no library.

    N-grams are hashed into `BUCKETS` rows, so that unknown ones pull a text away from what is known instead of
    vanishing.
    """

    def __init__(self, characters: Vectors, sounds: Vectors, synonyms: Synonyms) -> None:
        """The tables: (BUCKETS, (MEMBERS - 1) * WIDTH) and (BUCKETS, WIDTH), of any float type."""
        self._characters = characters
        self._sounds = sounds
        self._synonyms = synonyms

    def encode(self, keys: Sequence[str]) -> Vectors:
        """One row of length 1 for each search key, one slice a member."""
        features = [Ngrams.of(key, self._synonyms) for key in keys]
        seen = [_means(self._characters, [f.characters for f in features])]
        seen.append(_means(self._sounds, [f.sounds for f in features]))
        views = np.concatenate(seen, axis=1).reshape(len(keys), MEMBERS, -1)
        views /= np.maximum(np.linalg.norm(views, axis=2, keepdims=True), 1e-9) * MEMBERS**0.5
        return views.reshape(len(keys), -1)

    def save(self, folder: Path) -> None:
        """Write the tables in half precision, and the synonyms."""
        np.save(folder / "characters.npy", self._characters.astype(np.float16))
        np.save(folder / "sounds.npy", self._sounds.astype(np.float16))
        self._synonyms.save(folder / "synonyms.json")

    @classmethod
    def load(cls, folder: Path) -> "NgramEmbedder":
        """Map what `save` wrote into memory; only the rows that are used are read."""
        characters, sounds = (np.load(folder / name, mmap_mode="r") for name in ("characters.npy", "sounds.npy"))
        return cls(characters, sounds, Synonyms.read(folder / "synonyms.json"))


class Ngrams:
    """The rows of the two tables that a text touches; one of each at least."""

    __slots__ = ("characters", "sounds")

    def __init__(self, characters: Ids, sounds: Ids) -> None:
        self.characters = characters
        self.sounds = sounds

    @classmethod
    def of(cls, key: str, synonyms: Synonyms) -> "Ngrams":
        """Of a search key. Known words count a second time as the first of their group, so that groups lie close."""
        plain, common = _buckets(key), synonyms.common(key)
        return cls(plain if common == key else np.concatenate([plain, _buckets(common)]), _sound_buckets(key))


class PretrainedEmbedder:
    """A published model, e.g. BAAI/bge-small-zh-v1.5."""

    def __init__(self, name: str) -> None:
        """`name` or path; downloads it when it is not there."""
        # Takes ten seconds and 300 MB, for nothing where our own model serves.
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(name, device="cpu")

    def encode(self, keys: Sequence[str]) -> Vectors:
        """One row of length 1 for each search key."""
        vectors = self._model.encode(list(keys), normalize_embeddings=True, show_progress_bar=False, batch_size=256)
        return np.ascontiguousarray(vectors, dtype=np.float32)


@lru_cache(maxsize=100_000)
def _buckets(key: str) -> Ids:
    return _hashed(ngrams(key))


@lru_cache(maxsize=100_000)
def _sound_buckets(key: str) -> Ids:
    return _hashed(sound_ngrams(key))


def _hashed(grams: Sequence[str]) -> Ids:
    return np.array([zlib.crc32(gram.encode()) % BUCKETS for gram in grams] or [0])


def _means(table: Vectors, rows: Sequence[Ids]) -> Vectors:
    counts = np.array([len(row) for row in rows])
    sums = np.add.reduceat(table[np.concatenate(rows)].astype(np.float32), np.cumsum(counts) - counts, axis=0)
    return np.asarray(sums / counts[:, None], dtype=np.float32)
