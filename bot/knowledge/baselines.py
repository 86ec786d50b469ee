"""What retrieval is measured against: two systems anybody would build in an hour."""

import logging
from collections.abc import Sequence

import bm25s
import jieba
import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.knowledge.entries import Entry
from bot.knowledge.text import search_key

_DEPTH = 100
jieba.setLogLevel(logging.WARNING)  # it announces loading its dictionary


class WordBm25:
    """BM25 over the words that jieba finds; one document an entry, holding all its phrasings."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._ids = [entry.id for entry in entries]
        self._vocabulary: dict[str, int] = {}
        documents = [
            [self._vocabulary.setdefault(word, len(self._vocabulary)) for text in entry.texts for word in _words(text)]
            for entry in entries
        ]
        self._bm25 = bm25s.BM25()
        self._bm25.index((documents, self._vocabulary), show_progress=False)

    def __call__(self, query: str) -> list[str]:
        known = [self._vocabulary[word] for word in _words(query) if word in self._vocabulary]
        scores = self._bm25.get_scores(known) if known else np.zeros(len(self._ids), dtype=np.float32)
        return [self._ids[i] for i in _best(scores)]


class CharacterTfidf:
    """Cosine of TF-IDF vectors over character 1–3-grams; an entry is as near as its nearest phrasing."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._ids = [entry.id for entry in entries]
        self._starts = np.cumsum([0, *(len(entry.texts) for entry in entries[:-1])])
        self._vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), preprocessor=search_key)
        self._matrix = self._vectorizer.fit_transform(text for entry in entries for text in entry.texts)

    def __call__(self, query: str) -> list[str]:
        cosines = (self._matrix @ self._vectorizer.transform([query]).T).toarray().ravel()
        return [self._ids[i] for i in _best(np.maximum.reduceat(cosines, self._starts))]


def _words(text: str) -> list[str]:
    return list(jieba.cut(search_key(text)))


def _best(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.intp]:
    return np.argsort(-scores, kind="stable")[:_DEPTH]
