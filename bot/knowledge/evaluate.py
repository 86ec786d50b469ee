"""Measures retrieval on files of one's own: our retriever beside BM25 over words and TF-IDF over characters."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.knowledge.baselines import CharacterTfidf, WordBm25
from bot.knowledge.entries import Entry
from bot.knowledge.errors import InvalidEvaluationFileError
from bot.knowledge.index import KnowledgeIndex, Progress
from bot.knowledge.loader import load_outside
from bot.knowledge.synonyms import Synonyms
from bot.settings import get_settings

Find = Callable[[str], Sequence[str]]
"""Ids of the best entries for a query, at least ten where there are ten, best first."""

_DEPTH = 50
_COLUMNS = ("hit@1", "hit@3", "hit@10", "mrr", "build_s", "p50_ms", "p95_ms")


class _CorpusLine(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str
    text: str = Field(min_length=1)
    variants: tuple[str, ...] = ()
    answer: str | None = None


class _QueryLine(BaseModel):
    model_config = ConfigDict(frozen=True)

    query: str
    relevant: frozenset[str] = Field(min_length=1)


@dataclass(frozen=True)
class Query:
    """A question and the ids of the entries that answer it."""

    text: str
    relevant: frozenset[str]


Line = TypeVar("Line", bound=BaseModel)


def run(corpus: Path, queries: Path, *, progress: Progress = lambda _: None) -> dict[str, dict[str, float]]:
    """Build each system on `corpus` and ask it all of `queries`.

    Gives `{"retriever" | "bm25" | "tfidf": {"hit@1", "hit@3", "hit@10", "mrr", "build_s", "p50_ms", "p95_ms"}}`.
    Raises InvalidEvaluationFileError naming file and line.
    """
    entries = read_corpus(corpus)
    asked = read_queries(queries, {entry.id for entry in entries})
    makers: dict[str, Callable[[Sequence[Entry]], Find]] = {
        "retriever": _retriever(progress),
        "bm25": WordBm25,
        "tfidf": CharacterTfidf,
    }
    figures = {}
    for name, make in makers.items():
        progress(f"building {name}")
        started = time.perf_counter()
        find = make(entries)
        build_s = time.perf_counter() - started
        progress(f"asking {name}")
        figures[name] = {**measure(find, asked), "build_s": round(build_s, 2)}
    return {name: {column: figure[column] for column in _COLUMNS} for name, figure in figures.items()}


def table(figures: dict[str, dict[str, float]]) -> str:
    """The figures of `run` as lines to print."""
    lines = [f"{'':<10}" + "".join(f"{column:>10}" for column in _COLUMNS)]
    for name, figure in figures.items():
        lines.append(f"{name:<10}" + "".join(f"{figure[column]:>10.3f}" for column in _COLUMNS))
    return "\n".join(lines)


def measure(find: Find, queries: Sequence[Query]) -> dict[str, float]:
    """hit@k: the share of queries with a relevant entry among the first k; MRR over about fifty; times in ms."""
    ranks, times = [], []
    for query in queries:
        started = time.perf_counter()
        found = find(query.text)
        times.append((time.perf_counter() - started) * 1000)
        ranks.append(next((rank for rank, entry in enumerate(found, 1) if entry in query.relevant), np.inf))
    rank = np.array(ranks)
    figures = {f"hit@{k}": float((rank <= k).mean()) for k in (1, 3, 10)}
    figures["mrr"] = float((1 / rank).mean())
    figures["p50_ms"], figures["p95_ms"] = (float(np.percentile(times, p)) for p in (50, 95))
    return {name: round(value, 4) for name, value in figures.items()}


def read_corpus(file: Path) -> list[Entry]:
    """Entries from lines `{"id", "text", "variants"?, "answer"?}`. Raises InvalidEvaluationFileError."""
    lines = _read(file, _CorpusLine)
    if len({line.id for line in lines}) < len(lines):
        raise InvalidEvaluationFileError(f"{file}: an id comes twice")
    return [Entry(line.id, line.text, line.variants, line.answer or "") for line in lines]


def read_queries(file: Path, known: set[str]) -> list[Query]:
    """Queries from lines `{"query", "relevant": [ids]}`, all of `known` ids. Raises InvalidEvaluationFileError."""
    queries = [Query(line.query, line.relevant) for line in _read(file, _QueryLine)]
    for number, query in enumerate(queries, 1):
        if unknown := query.relevant - known:
            raise InvalidEvaluationFileError(f"{file}, line {number}: the corpus has no {min(unknown)}")
    return queries


def _read(file: Path, schema: type[Line]) -> list[Line]:
    lines = []
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidEvaluationFileError(f"{file} cannot be read: {error}") from error
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                lines.append(schema.model_validate_json(line))
            except ValidationError as error:
                problem = error.errors()[0]
                where = ".".join(map(str, problem["loc"])) or "line"
                raise InvalidEvaluationFileError(f"{file}, line {number}: {where}: {problem['msg']}") from error
    if not lines:
        raise InvalidEvaluationFileError(f"{file} is empty")
    return lines


def _retriever(progress: Progress) -> Callable[[Sequence[Entry]], Find]:
    """The project's own retriever, built as it is on the bank's knowledge base."""
    settings = get_settings()
    synonyms = Synonyms.load(settings.knowledge_dir / "synonyms.yml")
    outside = load_outside(settings.knowledge_dir / "outside.yml")

    def make(entries: Sequence[Entry]) -> Find:
        index = KnowledgeIndex.build(
            entries, synonyms, outside=outside, embedding_model=settings.embedding_model, progress=progress
        )
        return lambda query: [match.entry.id for match in index.find(query, _DEPTH)]

    return make
