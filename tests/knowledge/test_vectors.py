"""The kinds of vector index find the same and survive the disk."""

from pathlib import Path

import numpy as np
import pytest

from bot.knowledge import bench, vectors
from bot.knowledge.vectors import Kind


def test_the_kind_grows_with_the_number() -> None:
    assert [vectors.kind_for(rows) for rows in (5_000, 100_000, 1_000_000)] == [Kind.flat, Kind.hnsw, Kind.ivf]


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_finds_a_row_by_itself(kind: Kind, tmp_path: Path) -> None:
    rows, _ = bench.phrasings(500, seed=1)
    vectors.save(vectors.build(rows, kind), tmp_path / "index")
    found = vectors.load(tmp_path / "index").search(rows[:50], 1)[1][:, 0]
    assert (found == np.arange(50)).mean() > 0.9


def test_the_bench_measures_each_kind() -> None:
    figures = list(bench.run([1_000], list(Kind), progress=lambda _: None))
    assert [kind for _, kind, _ in figures] == list(Kind)
    assert figures[0][2]["recall@10"] == 1
    assert all(set(figure) == set(bench.COLUMNS) for _, _, figure in figures)
    assert bench.row(*figures[0]).count("|") == bench.head().split("\n")[0].count("|")
