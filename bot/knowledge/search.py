"""Finds the entries nearest to a query: meaning by vectors in FAISS, characters and sounds by BM25."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import bm25s
import faiss
import numpy as np
from sentence_transformers import SentenceTransformer

from bot.knowledge import embedder
from bot.knowledge.embedder import Vectors
from bot.knowledge.entries import Entry
from bot.knowledge.text import ngrams, search_key, sound_ngrams

_ANSWER_CHARS = 150
_CENTROID_SHARE = 0.75
_WORDS_SHARE = 0.1
_SOUNDS_SHARE = 0.1
_ROWS = 400


@dataclass(frozen=True)
class Match:
    """An entry found: `similarity` is about a cosine (-1 to 1) of meaning, `score` orders matches (words added)."""

    entry: Entry
    similarity: float
    score: float


class Searcher:
    """Searches a fixed list of entries."""

    def __init__(self, entries: Sequence[Entry], model: SentenceTransformer, rows: faiss.Index) -> None:
        """`rows` holds one vector for each text of each entry, in order (see `entry_rows`)."""
        self.entries = tuple(entries)
        self.model = model
        self.rows = rows
        self._owners = np.repeat(np.arange(len(entries)), [len(entry.texts) for entry in entries])
        if rows.ntotal != len(self._owners):
            raise ValueError(f"{rows.ntotal} vectors for {len(self._owners)} texts")
        self._words = _Words(entries, ngrams)
        self._sounds = _Words(entries, sound_ngrams)

    @classmethod
    def build(cls, entries: Sequence[Entry], model: SentenceTransformer) -> "Searcher":
        """Embed and index `entries`."""
        vectors = entry_rows(entries, model)
        rows = faiss.IndexFlatIP(vectors.shape[1])
        rows.add(vectors)
        return cls(entries, model, rows)

    def search(self, query: str, limit: int) -> list[Match]:
        """At most `limit` entries, best first; none for a query without any letter."""
        if not search_key(query):
            return []
        found, rows = self.rows.search(embedder.encode(self.model, [query]), min(_ROWS, self.rows.ntotal))
        # Rows come best first, so the first row of an entry is its best.
        owners, best_row = np.unique(self._owners[rows[0]], return_index=True)
        similarity = found[0][best_row]
        words = _WORDS_SHARE * self._words.scores(query) + _SOUNDS_SHARE * self._sounds.scores(query)
        score = similarity + words[owners]
        order = np.argsort(-score, kind="stable")[:limit]
        return [Match(self.entries[owners[i]], float(similarity[i]), float(score[i])) for i in order]


def entry_rows(entries: Sequence[Entry], model: SentenceTransformer) -> Vectors:
    """One row for each text of each entry: the text's vector drawn towards the centre of its entry.

    The centre counts the answer as one more phrasing. A query's product with the row is then the weighted mean of
    its cosines with text and centre, so one flat index gives "best phrasing and centroid" at once.
    """
    answered = [entry for entry in entries if entry.answer]
    of_text = embedder.encode(model, [text for entry in entries for text in entry.texts])
    of_answer = dict(
        zip(
            (entry.id for entry in answered),
            embedder.encode(model, [entry.answer[:_ANSWER_CHARS] for entry in answered]) if answered else (),
            strict=True,
        )
    )
    rows = np.empty_like(of_text)
    start = 0
    for entry in entries:
        own = of_text[start : start + len(entry.texts)]
        centre = own.sum(axis=0) + of_answer.get(entry.id, 0)
        centre /= max(float(np.linalg.norm(centre)), 1e-9)
        rows[start : start + len(own)] = (1 - _CENTROID_SHARE) * own + _CENTROID_SHARE * centre
        start += len(own)
    return rows


class _Words:
    """BM25 over n-grams, one document an entry: its phrasings and its answer."""

    def __init__(self, entries: Sequence[Entry], cut: Callable[[str], list[str]]) -> None:
        """`cut` makes the n-grams of a search key."""
        self._cut = cut
        self._vocabulary: dict[str, int] = {}
        documents = [
            [
                self._vocabulary.setdefault(ngram, len(self._vocabulary))
                for text in (*entry.texts, entry.answer[:_ANSWER_CHARS])
                for ngram in cut(search_key(text))
            ]
            for entry in entries
        ]
        self._size = len(documents)
        self._bm25 = bm25s.BM25()
        self._bm25.index((documents, self._vocabulary), show_progress=False)

    def scores(self, query: str) -> Vectors:
        """One value an entry, 0–1, the best entry having 1."""
        known = [self._vocabulary[ngram] for ngram in self._cut(search_key(query)) if ngram in self._vocabulary]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        scores = np.asarray(self._bm25.get_scores(known), dtype=np.float32)
        return scores / max(float(scores.max()), 1e-9)
