"""Measures the kinds of vector index side by side on made-up vectors: speed, recall, size, time to build."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import faiss
import numpy as np

from bot.knowledge import vectors
from bot.knowledge.embedder import Ids
from bot.knowledge.index import Progress
from bot.knowledge.vectors import Kind, Vectors

WIDTH = 256
_LATENT = 64
_PHRASINGS = 10
_QUERIES = 1_000
_NEIGHBOURS = 10
COLUMNS = ("recall@10", "p50_ms", "p95_ms", "build_s", "size_mb")


def run(
    sizes: Sequence[int], kinds: Sequence[Kind], *, progress: Progress
) -> Iterator[tuple[int, Kind, dict[str, float]]]:
    """For each size and kind: recall of the ten nearest, ms a query, seconds to build, megabytes. One thread."""
    faiss.omp_set_num_threads(1)
    for size in sizes:
        rows, queries = phrasings(size, seed=size)
        progress(f"{size:,} vectors: the exact neighbours")
        exact = vectors.build(rows, Kind.flat).search(queries, _NEIGHBOURS)[1]
        for kind in kinds:
            progress(f"{size:,} vectors: {kind}")
            started = time.perf_counter()
            index = vectors.build(rows, kind)
            build_s = time.perf_counter() - started
            yield size, kind, {**_asked(index, queries, exact), "build_s": build_s, "size_mb": _megabytes(index)}


def phrasings(count: int, *, seed: int) -> tuple[Vectors, Vectors]:
    """`count` rows as a knowledge base has them, ten phrasings about each question, and phrasings not among them.

    Drawn in a space of fewer dimensions and turned into the full width, since texts do not fill it evenly.
    """
    chance = np.random.default_rng(seed)
    spread = chance.normal(size=(_LATENT, WIDTH), scale=1 / np.arange(1, _LATENT + 1)[:, None] ** 0.5)
    topics = chance.normal(size=(max(1, count // _PHRASINGS), _LATENT)).astype(np.float32)

    def of(owners: Ids) -> Vectors:
        texts = topics[owners] + 0.7 * chance.standard_normal((len(owners), _LATENT), dtype=np.float32)
        rows = texts @ spread.astype(np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    owners = np.arange(count) % len(topics)
    return of(owners), of(chance.integers(0, len(topics), _QUERIES))


def row(size: int, kind: Kind, figures: dict[str, float]) -> str:
    """A line of the table in docs/knowledge.md."""
    return f"| {size:,} | {kind} | " + " | ".join(f"{figures[column]:.4g}" for column in COLUMNS) + " |"


def head() -> str:
    """The first two lines of the table."""
    return f"| vectors | kind | {' | '.join(COLUMNS)} |\n" + "|---" * (len(COLUMNS) + 2) + "|"


def _asked(index: faiss.Index, queries: Vectors, exact: Ids) -> dict[str, float]:
    times, found = [], 0
    for query, nearest in zip(queries, exact, strict=True):
        started = time.perf_counter()
        rows = index.search(query[None], _NEIGHBOURS)[1][0]
        times.append((time.perf_counter() - started) * 1000)
        found += len(np.intersect1d(rows, nearest))
    p50, p95 = np.percentile(times, (50, 95))
    return {"recall@10": found / exact.size, "p50_ms": float(p50), "p95_ms": float(p95)}


def _megabytes(index: faiss.Index) -> float:
    """On disk, and in memory once all of it has been read."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "index"
        vectors.save(index, file)
        return file.stat().st_size / 1e6
