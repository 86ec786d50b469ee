"""`python -m bot.nlu.evaluate FILE`: how well the trained model understands the lines of a file.

Runs in Rasa's environment. A line of the file is `{"text", "intent", "entities"?: [{"entity", "value"}]}`; further
keys are ignored. Exit code 2 with one line of explanation when the file or the model cannot be used.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import statistics
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.nlu.scores import EntityPair, Scores, score
from bot.nlu.text import normalise


class UnusableError(Exception):
    """The file or the model cannot be evaluated; the message says why."""


@dataclass(frozen=True)
class Line:
    text: str
    intent: str
    entities: tuple[EntityPair, ...] | None


@dataclass(frozen=True)
class Parsed:
    """What the model said: the intent (`nlu_fallback` included), entities, and the seconds it took."""

    intent: str
    entities: tuple[EntityPair, ...]
    seconds: float


def read_lines(path: Path) -> list[Line]:
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableError(f"cannot read {path}: {error}") from error
    lines = [_line(text, f"{path}:{number}") for number, text in enumerate(content.splitlines(), 1) if text.strip()]
    if not lines:
        raise UnusableError(f"{path} has no lines to evaluate")
    return lines


def _line(text: str, where: str) -> Line:
    try:
        fields = json.loads(text)
        entities = fields.get("entities")
        pairs = None if entities is None else _pairs(entities)
        line = Line(fields["text"], fields["intent"], pairs)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnusableError(
            f'{where} is not {{"text", "intent", "entities": [{{"entity", "value"}}]}}: {error!r}'
        ) from error
    if not isinstance(line.text, str) or not isinstance(line.intent, str) or not line.text.strip():
        raise UnusableError(f"{where}: text and intent must be non-empty strings")
    return line


def _pairs(entities: Sequence[dict[str, Any]]) -> tuple[EntityPair, ...]:
    """What is there, each once however often it is said."""
    return tuple(dict.fromkeys((str(each["entity"]), normalise(str(each["value"]), lower=True)) for each in entities))


def newest_model(path: Path) -> Path:
    """`path` itself if it is a model file, else the newest model in that folder."""
    if path.is_file():
        return path
    models = sorted(path.glob("*.tar.gz"), key=lambda model: model.stat().st_mtime)
    if not models:
        raise UnusableError(f"no trained model at {path}: train one first (python -m bot train)")
    return models[-1]


async def parse_all(model: Path, lines: Sequence[Line]) -> list[Parsed]:
    import structlog
    from rasa.core.agent import Agent
    from rasa.exceptions import ModelNotFound

    # Rasa would print every message it parses between the figures.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.disable(logging.WARNING)

    try:
        agent = Agent.load(str(model))
    except (ModelNotFound, OSError, ValueError) as error:
        raise UnusableError(f"cannot load the model {model}: {error}") from error
    if not agent.is_ready():
        raise UnusableError(f"cannot load the model {model}")
    parsed = []
    for line in lines:
        started = time.perf_counter()
        # A leading "/" would be run as a command instead of understood; the gateway never lets one through.
        answer = await agent.parse_message(line.text.lstrip("/") or " ")
        seconds = time.perf_counter() - started
        parsed.append(Parsed(answer["intent"]["name"] or "", _pairs(answer["entities"]), seconds))
    return parsed


def report(scores: Scores, seconds: Sequence[float]) -> str:
    rows = [f"{'intent':<20} {'lines':>6} {'precision':>10} {'recall':>7} {'F1':>6}"]
    rows += [
        f"{intent:<20} {each.support:>6} {each.precision:>10.3f} {each.recall:>7.3f} {each.f1:>6.3f}"
        for intent, each in scores.intents.items()
    ]
    entity_f1 = "not annotated" if scores.entity_f1 is None else f"{scores.entity_f1:.3f}"
    rows += ["", f"lines {scores.n}, accuracy {scores.accuracy:.3f}, macro-F1 {scores.macro_f1:.3f}"]
    rows += [f"entity F1 {entity_f1}"]
    rows += [f"parse p50 {_percentile(seconds, 50):.1f} ms, p95 {_percentile(seconds, 95):.1f} ms"]
    rows += ["", "confusions (expected → predicted):" if scores.confusions else "no confusions"]
    rows += [f"  {count:>3}  {want} → {got}" for want, got, count in scores.confusions]
    return "\n".join(rows)


def _percentile(seconds: Sequence[float], percent: int) -> float:
    """In milliseconds."""
    if len(seconds) == 1:
        return seconds[0] * 1000
    return statistics.quantiles(seconds, n=100, method="inclusive")[percent - 1] * 1000


def evaluate(file: Path, model: Path) -> tuple[Scores, list[Line], list[Parsed]]:
    """Scores of `model` (a file or a folder of models) on the lines of `file`; UnusableError if either is bad."""
    lines = read_lines(file)
    parsed = asyncio.run(parse_all(newest_model(model), lines))
    scores = score(
        [line.intent for line in lines],
        [each.intent for each in parsed],
        [line.entities for line in lines],
        [each.entities for each in parsed],
    )
    return scores, lines, parsed


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.nlu.evaluate", description=__doc__)
    parser.add_argument("file", type=Path, help="JSON lines to evaluate")
    parser.add_argument("--model", type=Path, default=Path("models"), help="model file or folder of models")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON in the last line")
    parser.add_argument("--errors", action="store_true", help="print every line that was misunderstood")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")  # third-party deprecations of the old stack
    try:
        scores, lines, parsed = evaluate(options.file, options.model)
    except UnusableError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if options.errors:
        for line, each in zip(lines, parsed, strict=True):
            _print_error(line, each)
    print(report(scores, [each.seconds for each in parsed]))
    if options.json:
        print(json.dumps(_figures(scores), ensure_ascii=False))
    return 0


def _print_error(line: Line, parsed: Parsed) -> None:
    if line.intent != parsed.intent:
        print(f"{line.intent} → {parsed.intent}: {line.text}")
    if line.entities is not None and sorted(line.entities) != sorted(parsed.entities):
        print(f"entities {list(line.entities)} → {list(parsed.entities)}: {line.text}")


def _figures(scores: Scores) -> dict[str, Any]:
    return {
        "n": scores.n,
        "accuracy": round(scores.accuracy, 4),
        "macro_f1": round(scores.macro_f1, 4),
        "recall": {intent: round(each.recall, 4) for intent, each in scores.intents.items()},
        "entity_f1": None if scores.entity_f1 is None else round(scores.entity_f1, 4),
    }


if __name__ == "__main__":
    raise SystemExit(main())
