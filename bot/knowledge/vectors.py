"""Which FAISS index holds the vectors, by how many there are: figures in docs/knowledge.md, `make bench-retrieval`."""

from enum import StrEnum
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
"""One row a text."""

_LINKS = 32
_BUILT_WITH = 80
_SEARCHED_WITH = 96
_PROBED = 128
_SAMPLE_A_LIST = 64
_LEAST_SAMPLE = 1
_ROUNDS = 10


class Kind(StrEnum):
    """How neighbours by inner product are found."""

    flat = "flat"
    """Looks at every row: exact."""
    hnsw = "hnsw"
    """Walks a graph of neighbours."""
    ivf = "ivf"
    """Looks at the nearest lists of rows, a byte a component."""


def kind_for(rows: int) -> Kind:
    """Exact while that takes under a millisecond, a graph while that is built within a minute, lists beyond."""
    if rows <= 20_000:
        return Kind.flat
    return Kind.hnsw if rows <= 100_000 else Kind.ivf


def build(vectors: Vectors, kind: Kind | None = None) -> faiss.Index:
    """An index of `vectors` (rows × width), of the kind that suits their number unless one is named."""
    rows, width = vectors.shape
    index: faiss.Index = _empty(kind or kind_for(rows), rows, width)
    if not index.is_trained:
        index.train(vectors)
    index.add(vectors)
    return index


def _empty(kind: Kind, rows: int, width: int) -> Any:
    if kind is Kind.ivf:
        return _lists(rows, width)
    if kind is Kind.flat:
        return faiss.IndexFlatIP(width)
    graph = faiss.IndexHNSWFlat(width, _LINKS, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction = _BUILT_WITH
    graph.hnsw.efSearch = _SEARCHED_WITH
    return graph


def _lists(rows: int, width: int) -> Any:
    lists = max(1, int(4 * rows**0.5))
    index: Any = faiss.index_factory(width, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.cp.max_points_per_centroid = _SAMPLE_A_LIST
    index.cp.min_points_per_centroid = _LEAST_SAMPLE  # small ones are built by choice only, no warning is wanted
    index.cp.niter = _ROUNDS
    index.nprobe = min(_PROBED, lists)
    return index


def save(index: faiss.Index, file: Path) -> None:
    """Write `index` so that `load` can read it."""
    faiss.write_index(index, str(file))


def load(file: Path) -> faiss.Index:
    """The index in `file`, its pages mapped and not copied, so that processes share them.

    Raises RuntimeError when it is damaged.
    """
    index: faiss.Index = faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC)
    return index
