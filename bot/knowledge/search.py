"""Finds the entries that may answer a query, and says of each in which ways it resembles the query."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from bot.knowledge import vectors
from bot.knowledge.courtesy import essence
from bot.knowledge.embedder import Embedder
from bot.knowledge.entries import Entry
from bot.knowledge.postings import Postings, Scores
from bot.knowledge.spelling import Spelling
from bot.knowledge.text import ngrams, search_key, sound_ngrams
from bot.knowledge.vectors import Vectors

_ANSWER_CHARS = 150
_BY_WORDS = 10
_CENTRES, _TEXTS = "centres.faiss", "texts.npy"

_SPANNING = 5
_SPAN_NOISE = 0.05

FEATURES = ("nearest", "three", "centre", "words", "sounds", "covered", "heard", "unsaid", "spanned")
"""Of a found entry: cosine to its nearest phrasing, the mean of the three nearest, to its centre; BM25 over characters
and over sounds, relative to the best entry; the share of the query's characters and sounds that stand in the entry;
the rarity of the rarest character of the query that the entry never uses; how much of the query's meaning its nearest
phrasings make up together, see `spanned`."""

Features = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Found:
    """Entries that may answer a query, in no order, by position; `features` has a row of `FEATURES` for each."""

    positions: npt.NDArray[np.int64]
    features: Features
    nearest: npt.NDArray[np.int64]
    """Which text of all is the nearest of each entry."""
    length: int
    """Characters of the query."""


class Searcher:
    """Searches a fixed list of entries."""

    def __init__(
        self,
        entries: Sequence[Entry],
        model: Embedder,
        *,
        centres: faiss.Index,
        texts: Vectors,
        words: Postings,
        sounds: Postings,
        spelling: Spelling,
    ) -> None:
        """`centres` holds one vector for each entry, `texts` one for each of their texts, in order."""
        self.entries = tuple(entries)
        self.model = model
        self._counts: npt.NDArray[np.int64] = np.array([len(entry.texts) for entry in entries])
        self._starts = np.cumsum(self._counts) - self._counts
        if centres.ntotal != len(self.entries) or len(texts) != self._counts.sum():
            raise ValueError(f"{centres.ntotal} and {len(texts)} vectors for {len(self.entries)} entries")
        self._centres = centres
        self._texts = texts
        self._words = words
        self._sounds = sounds
        self._spelling = spelling

    @classmethod
    def build(cls, entries: Sequence[Entry], model: Embedder) -> "Searcher":
        """Embed and index `entries`. The centre of an entry counts its answer as one more phrasing."""
        keys = [[essence(text) for text in entry.texts] for entry in entries]
        answers = [search_key(entry.answer)[:_ANSWER_CHARS] for entry in entries]
        texts = model.encode([key for own in keys for key in own])
        counts = np.array([len(own) for own in keys])
        centres = np.add.reduceat(texts, np.cumsum(counts) - counts, axis=0)
        answered = np.array([bool(answer) for answer in answers])
        if answered.any():
            centres[answered] += model.encode([answer for answer in answers if answer])
        centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
        documents = [[*own, answer] for own, answer in zip(keys, answers, strict=True)]
        return cls(
            entries,
            model,
            centres=vectors.build(centres),
            texts=texts,
            words=Postings.build(documents, ngrams),
            sounds=Postings.build(documents, sound_ngrams),
            spelling=Spelling.learn(text for entry in entries for text in entry.texts),
        )

    def search(self, query: str, limit: int) -> Found | None:
        """About `limit` entries that are near by meaning, and those nearest by words; None without any letter."""
        key = self._spelling.mend(essence(query))
        if not key:
            return None
        vector = self.model.encode([key])
        cosines, near = self._centres.search(vector, min(limit, len(self.entries)))
        (words, covered), (sounds, heard) = self._words.scores(key), self._sounds.scores(key)
        positions = np.union1d(near[0][near[0] >= 0], _best(words + sounds, _BY_WORDS))
        nearest, three, made_up, where = self._nearest(positions, vector[0])
        centre = self._centre(positions, vector[0], dict(zip(near[0].tolist(), cosines[0].tolist(), strict=True)))
        columns = [nearest, three, centre, _relative(words)[positions], _relative(sounds)[positions]]
        columns += [covered[positions], heard[positions], self._words.unsaid(key)[positions], made_up]
        features = np.stack(columns, axis=1).astype(np.float32)
        return Found(positions, features, where, len(key))

    def save(self, folder: Path) -> None:
        """Write all but the entries and the model."""
        vectors.save(self._centres, folder / _CENTRES)
        np.save(folder / _TEXTS, self._texts.astype(np.float16))
        self._words.save(folder, "words")
        self._sounds.save(folder, "heard")
        self._spelling.save(folder)

    @classmethod
    def load(cls, folder: Path, entries: Sequence[Entry], model: Embedder) -> "Searcher":
        """Map what `save` wrote into memory."""
        parts: dict[str, Any] = {
            "centres": vectors.load(folder / _CENTRES),
            "texts": np.load(folder / _TEXTS, mmap_mode="r"),
            "words": Postings.load(folder, "words", ngrams),
            "sounds": Postings.load(folder, "heard", sound_ngrams),
            "spelling": Spelling.load(folder),
        }
        return cls(entries, model, **parts)

    def text(self, number: int) -> str:
        """The text of that number (see `Found.nearest`)."""
        owner = int(np.searchsorted(self._starts, number, side="right")) - 1
        return self.entries[owner].texts[number - int(self._starts[owner])]

    def _nearest(
        self, positions: npt.NDArray[np.int64], vector: Features
    ) -> tuple[Features, Features, Features, npt.NDArray[np.int64]]:
        """For each entry the features of its texts (nearest, three, spanned), and which text is the nearest."""
        counts = self._counts[positions]
        ends = np.cumsum(counts)
        texts = self._texts[np.arange(ends[-1]) + np.repeat(self._starts[positions] - (ends - counts), counts)]
        texts = texts.astype(np.float32)
        # One line an entry, filled up with what is never near.
        table = np.full((len(positions), max(counts.max(), _SPANNING)), -2.0, dtype=np.float32)
        table[np.arange(table.shape[1]) < counts[:, None]] = texts @ vector
        order = np.argsort(-table, axis=1)[:, :_SPANNING]
        best = np.take_along_axis(table, order, axis=1)
        there = best > -2
        cosines = np.where(there, best, 0)
        three = cosines[:, :3].sum(axis=1) / there[:, :3].sum(axis=1)
        near = texts[np.where(there, (ends - counts)[:, None] + order, 0)] * there[:, :, None]
        return best[:, 0], three, spanned(near, cosines), self._starts[positions] + order[:, 0]

    def _centre(self, positions: npt.NDArray[np.int64], vector: Features, known: dict[int, float]) -> Features:
        """Cosines to the centres: found ones as they are, and of those found by words alone."""
        return np.array(
            [
                known[position] if position in known else float(self._centres.reconstruct(position) @ vector)
                for position in positions.tolist()
            ],
            dtype=np.float32,
        )


def spanned(texts: Features, cosines: Features) -> Features:
    """The squared length of a query's projection onto the space that some texts span: 0 (foreign) to 1 (within it).

    `texts` (entries, texts, width) are of length 1, or 0 where an entry has fewer, `cosines` (entries, texts) those to
    the query. A ridge keeps texts that say the same from counting as two directions.
    """
    own = texts @ texts.transpose(0, 2, 1) + _SPAN_NOISE * np.eye(texts.shape[1], dtype=np.float32)
    return np.asarray((cosines * np.linalg.solve(own, cosines[:, :, None])[:, :, 0]).sum(axis=1), dtype=np.float32)


def _best(scores: Scores, count: int) -> npt.NDArray[np.int64]:
    count = min(count, len(scores))
    return np.argpartition(-scores, count - 1)[:count]


def _relative(scores: Scores) -> Scores:
    return scores / max(float(scores.max()), 1e-9)
