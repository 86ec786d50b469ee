"""The evaluation command's figures, and its complaints about files."""

import json
from pathlib import Path

import pytest

from bot.knowledge import evaluate
from bot.knowledge.errors import InvalidEvaluationFileError
from bot.knowledge.evaluate import Query, measure

CORPUS = [
    {"id": "lost", "text": "银行卡丢了怎么办", "variants": ["卡丢了"], "answer": "请挂失。"},
    {"id": "fee", "text": "转账收手续费吗"},
    {"id": "hours", "text": "网点几点上班", "variants": []},
]
QUERIES = [{"query": "卡丢了咋办", "relevant": ["lost"]}, {"query": "手续费", "relevant": ["fee", "hours"]}]


def lines(folder: Path, name: str, rows: list[dict[str, object]]) -> Path:
    file = folder / name
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n", encoding="utf-8")
    return file


def test_figures_of_all_three_systems(tmp_path: Path) -> None:
    corpus, queries = lines(tmp_path, "corpus", CORPUS), lines(tmp_path, "queries", QUERIES)
    figures = evaluate.run(corpus, queries)
    assert all(system in evaluate.table(figures) for system in figures)
    assert set(figures) == {"retriever", "bm25", "tfidf"}
    for figure in figures.values():
        assert set(figure) == {"hit@1", "hit@3", "hit@10", "mrr", "build_s", "p50_ms", "p95_ms"}
        assert figure["hit@1"] == figure["mrr"] == 1.0


def test_measures_by_rank() -> None:
    found = {"q1": ["a", "b", "c", "d"], "q2": ["x", "y"], "q3": []}
    asked = [Query("q1", frozenset("bd")), Query("q2", frozenset("x")), Query("q3", frozenset("a"))]
    figures = measure(lambda query: found[query], asked)
    assert figures["hit@1"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["hit@3"] == figures["hit@10"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["mrr"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("corpus", "queries", "message"),
    [
        ([], QUERIES, "corpus is empty"),
        ([*CORPUS, {"text": "没有编号"}], QUERIES, "corpus, line 4: id"),
        ([*CORPUS, CORPUS[0]], QUERIES, "an id comes twice"),
        (CORPUS, [{"query": "问", "relevant": ["none"]}], "queries, line 1: the corpus has no none"),
        (CORPUS, [{"query": "问", "relevant": []}], "queries, line 1: relevant"),
    ],
)
def test_bad_files_are_named(
    tmp_path: Path, corpus: list[dict[str, object]], queries: list[dict[str, object]], message: str
) -> None:
    with pytest.raises(InvalidEvaluationFileError, match=message):
        evaluate.run(lines(tmp_path, "corpus", corpus), lines(tmp_path, "queries", queries))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidEvaluationFileError, match="cannot be read"):
        evaluate.run(tmp_path / "none", tmp_path / "none")
