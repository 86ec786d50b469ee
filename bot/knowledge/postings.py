"""In which entries an n-gram stands, and how much that says: BM25 and the share of a query that an entry covers."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

Cut = Callable[[str], list[str]]
Scores = npt.NDArray[np.float32]
_ARRAYS = ("starts", "documents", "weights", "rarity")


class Postings:
    """One document an entry. The weights are bm25s's; they are added up here because coverage needs the lists too."""

    def __init__(self, cut: Cut, size: int, terms: dict[str, int], arrays: dict[str, npt.NDArray[np.generic]]) -> None:
        """`cut` makes the n-grams of a search key; term t of `terms` stands in documents[starts[t]:starts[t + 1]]."""
        self._cut = cut
        self._size = size
        self._terms = terms
        self._arrays = arrays
        self._starts = arrays["starts"].tolist()
        self._unknown = float(np.log(2 * size + 2))

    @classmethod
    def build(cls, documents: Sequence[Sequence[str]], cut: Cut) -> "Postings":
        """From the search keys of each document."""
        terms: dict[str, int] = {}
        numbered = [[terms.setdefault(gram, len(terms)) for key in keys for gram in cut(key)] for keys in documents]
        bm25 = bm25s.BM25()
        bm25.index((numbered, terms), show_progress=False)
        starts = np.asarray(bm25.scores["indptr"], dtype=np.int64)
        held_by = np.diff(starts)
        arrays: dict[str, npt.NDArray[np.generic]] = {
            "starts": starts,
            "documents": np.asarray(bm25.scores["indices"], dtype=np.int32),
            "weights": np.asarray(bm25.scores["data"], dtype=np.float32),
            "rarity": np.log(1 + (len(documents) - held_by + 0.5) / (held_by + 0.5)).astype(np.float32),
        }
        return cls(cut, len(documents), terms, arrays)

    def scores(self, key: str) -> tuple[Scores, Scores]:
        """For each document BM25, and the share (0–1) of the query's n-grams, by rarity, that stand in it."""
        grams = set(self._cut(key))
        known = [self._terms[gram] for gram in grams if gram in self._terms]
        if not known:
            return np.zeros(self._size, np.float32), np.zeros(self._size, np.float32)
        spans = [(self._starts[term], self._starts[term + 1]) for term in known]
        documents = np.concatenate([self._arrays["documents"][a:b] for a, b in spans])
        weights = np.concatenate([self._arrays["weights"][a:b] for a, b in spans])
        rarity = self._arrays["rarity"][known]
        spread = np.repeat(rarity, [b - a for a, b in spans])
        bm25 = np.bincount(documents, weights, minlength=self._size)
        whole = float(rarity.sum()) + self._unknown * (len(grams) - len(known))
        covered = np.bincount(documents, spread, minlength=self._size) / whole
        return bm25.astype(np.float32), covered.astype(np.float32)

    def unsaid(self, key: str) -> Scores:
        """For each document the rarity (0–1) of the rarest single character of the query that it lacks; 0 if none."""
        rarest = np.zeros(self._size, np.float32)
        terms = [self._terms.get(character) for character in set(key)]
        rarity = [(self._unknown if t is None else float(self._arrays["rarity"][t]), t) for t in terms]
        for rare, term in sorted(rarity, key=lambda pair: pair[0]):
            start, end = (0, 0) if term is None else (self._starts[term], self._starts[term + 1])
            holders = self._arrays["documents"][start:end]
            before = rarest[holders]
            rarest[:] = rare
            rarest[holders] = before
        return rarest / np.float32(self._unknown)

    def save(self, folder: Path, name: str) -> None:
        """Write `name`-*.npy and `name`.json."""
        (folder / f"{name}.json").write_text(json.dumps([self._size, list(self._terms)], ensure_ascii=False), "utf-8")
        for array in _ARRAYS:
            np.save(folder / f"{name}-{array}.npy", self._arrays[array])

    @classmethod
    def load(cls, folder: Path, name: str, cut: Cut) -> "Postings":
        """Map what `save` wrote into memory."""
        size, terms = json.loads((folder / f"{name}.json").read_text("utf-8"))
        arrays = {array: np.load(folder / f"{name}-{array}.npy", mmap_mode="r") for array in _ARRAYS}
        return cls(cut, size, {term: number for number, term in enumerate(terms)}, arrays)
