"""Turns texts into vectors: a small model of our own trained at build, or a pretrained one, behind one interface."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.knowledge.synonyms import Synonyms
from bot.knowledge.text import ngrams, sound_ngrams
from bot.knowledge.vectors import Vectors

WIDTH = 128
MEMBERS = 3
"""Two see characters, the third sounds. One alone is a noisy judge, its start is random."""

Ids = npt.NDArray[np.int64]

_VOCABULARY = "vocabulary.json"


class Embedder(Protocol):
    """What search and calibration need of a model."""

    def encode(self, keys: Sequence[str]) -> Vectors:
        """One row of length 1 for each search key."""
        ...


class Vocabulary:
    """The n-grams that have a row in the tables, those of characters and those of sounds; row 0 is of none.

    Where entries have many phrasings, a pair of characters that stands in a single one teaches nothing of the others:
    leaving those out halves the tables and the time to train, and finds a little more.
    """

    def __init__(self, characters: Sequence[str], sounds: Sequence[str], synonyms: Synonyms) -> None:
        self.synonyms = synonyms
        self._lists = (list(characters), list(sounds))
        self._characters, self._sounds = ({gram: row for row, gram in enumerate(own, 1)} for own in self._lists)

    @classmethod
    def learn(cls, keys: Sequence[str], synonyms: Synonyms, *, least_texts: int = 1) -> "Vocabulary":
        """From the search keys of all texts; a pair must stand in `least_texts` of them."""
        characters, sounds = _held_by(_read(key, synonyms) for key in keys), _held_by(map(sound_ngrams, keys))
        return cls(
            [gram for gram, texts in characters.items() if texts >= least_texts or len(gram) == 1],
            [gram for gram, texts in sounds.items() if texts >= least_texts or " " not in gram],
            synonyms,
        )

    @property
    def sizes(self) -> tuple[int, int]:
        """Rows of the two tables."""
        return len(self._characters) + 1, len(self._sounds) + 1

    def rows(self, key: str) -> tuple[Ids, Ids]:
        """The rows of the two tables that a search key touches; one of each at least."""
        return _known(_read(key, self.synonyms), self._characters), _known(sound_ngrams(key), self._sounds)

    def save(self, folder: Path) -> None:
        """Write the n-grams and the synonyms."""
        (folder / _VOCABULARY).write_text(json.dumps(self._lists, ensure_ascii=False), encoding="utf-8")
        self.synonyms.save(folder / "synonyms.json")

    @classmethod
    def load(cls, folder: Path) -> "Vocabulary":
        """Read what `save` wrote."""
        characters, sounds = json.loads((folder / _VOCABULARY).read_text(encoding="utf-8"))
        return cls(characters, sounds, Synonyms.read(folder / "synonyms.json"))


class NgramEmbedder:
    """Every n-gram has a vector, a text is their mean; plain arrays, so that a query takes 50 µs and no library."""

    def __init__(self, characters: Vectors, sounds: Vectors, vocabulary: Vocabulary) -> None:
        """The tables, a row for each n-gram: (…, (MEMBERS - 1) * WIDTH) and (…, WIDTH), of any float type."""
        self._characters = characters
        self._sounds = sounds
        self._vocabulary = vocabulary

    def encode(self, keys: Sequence[str]) -> Vectors:
        """One row of length 1 for each search key, one slice a member."""
        characters, sounds = zip(*map(self._vocabulary.rows, keys), strict=True)
        seen = [_means(self._characters, characters), _means(self._sounds, sounds)]
        views = np.concatenate(seen, axis=1).reshape(len(keys), MEMBERS, -1)
        views /= np.maximum(np.linalg.norm(views, axis=2, keepdims=True), 1e-9) * MEMBERS**0.5
        return views.reshape(len(keys), -1)

    def save(self, folder: Path) -> None:
        """Write the tables in half precision, and the vocabulary."""
        np.save(folder / "characters.npy", self._characters.astype(np.float16))
        np.save(folder / "sounds.npy", self._sounds.astype(np.float16))
        self._vocabulary.save(folder)

    @classmethod
    def load(cls, folder: Path) -> "NgramEmbedder":
        """Map what `save` wrote into memory; only the rows that are used are read."""
        characters, sounds = (np.load(folder / name, mmap_mode="r") for name in ("characters.npy", "sounds.npy"))
        return cls(characters, sounds, Vocabulary.load(folder))


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


def _read(key: str, synonyms: Synonyms) -> list[str]:
    """Known words count a second time as the first of their group, so that groups lie close."""
    common = synonyms.common(key)
    return ngrams(key) if common == key else ngrams(key) + ngrams(common)


def _held_by(texts: Iterable[Sequence[str]]) -> Counter[str]:
    """In how many texts each n-gram stands."""
    return Counter(chain.from_iterable(map(dict.fromkeys, texts)))


def _known(grams: Sequence[str], numbers: dict[str, int]) -> Ids:
    return np.array([numbers[gram] for gram in grams if gram in numbers] or [0])


def _means(table: Vectors, rows: Sequence[Ids]) -> Vectors:
    return np.array([table[own].mean(axis=0, dtype=np.float32) for own in rows])
