"""`python -m bot evaluate`: measure understanding and retrieval on files of one's own."""

import json
import os
import subprocess
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.failures import fails_clearly
from bot.operations.console import Console

app = typer.Typer(help="Measure understanding and retrieval on files of your own.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Make the last line one JSON object.")]


@app.command()
@fails_clearly
def nlu(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, help='Lines {"text", "intent", "entities": [{"entity", "value"}]}.'
        ),
    ],
    as_json: Json = False,
) -> None:
    """Accuracy, macro-F1, per-intent table and confusions of the trained Rasa model."""
    from bot.operations.processes import RASA_PYTHON, rasa_environment, rasa_model, require_rasa_environment
    from bot.settings import ROOT, get_settings

    settings = get_settings()
    require_rasa_environment()
    command = [str(RASA_PYTHON), "-m", "bot.nlu.evaluate", str(file.resolve())]
    command += ["--model", str(rasa_model(settings)), *(["--json"] if as_json else [])]
    environment = {**os.environ, **rasa_environment(settings)}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603 - our own program
    raise typer.Exit(done.returncode)


@app.command()
@fails_clearly
def nlu_latency(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help='Lines {"text": …}.')] = Path(
        "tests/nlu/dev2.jsonl"
    ),
) -> None:
    """p50 and p95 of Rasa's /model/parse, one line at a time, and its memory."""
    from bot.operations import nlu_latency as bench
    from bot.operations.processes import require_rasa_environment
    from bot.settings import get_settings

    require_rasa_environment()
    with Console().aside("asking a Rasa of its own"):
        got = bench.measure(get_settings(), bench.texts(file))
    memory = "unknown" if got.memory_mb is None else f"{got.memory_mb} MB"
    print(f"{got.n} lines: p50 {got.p50:.1f} ms, p95 {got.p95:.1f} ms, memory at most {memory}")


@app.command()
@fails_clearly
def retrieval(
    corpus: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help='Lines {"id", "text", "variants", "answer"}.')
    ],
    queries: Annotated[Path, typer.Option(exists=True, dir_okay=False, help='Lines {"query", "relevant"}.')],
    as_json: Json = False,
) -> None:
    """hit@1, hit@3, hit@10 and MRR of the project's retriever, of BM25 and of TF-IDF on a corpus of your own."""
    from bot.knowledge import evaluate

    with Console().aside("measuring retrieval") as progress:
        figures = evaluate.run(corpus, queries, progress=progress)
    print(evaluate.table(figures))
    if as_json:
        print(json.dumps(figures))


@app.command()
@fails_clearly
def vectors(
    sizes: Annotated[list[int] | None, typer.Option("--size", min=1_000, help="How many vectors; repeatable.")] = None,
    kinds: Annotated[list[str] | None, typer.Option("--kind", help="flat, hnsw or ivf; repeatable.")] = None,
) -> None:
    """Flat, HNSW and IVF side by side at 10⁴, 10⁵ and 10⁶ vectors; HNSW at 10⁶ alone takes a quarter of an hour."""
    from bot.knowledge import bench
    from bot.knowledge.vectors import Kind

    chosen = [Kind(kind) for kind in kinds or Kind]
    print(bench.head())
    with Console().aside("measuring vector indexes") as progress:
        for size, kind, figures in bench.run(sizes or (10_000, 100_000, 1_000_000), chosen, progress=progress):
            print(bench.row(size, kind, figures), flush=True)
