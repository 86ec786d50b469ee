"""How well the trained model understands, in Rasa's own environment."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from bot.operations.processes import RASA_PYTHON, rasa_environment, rasa_model
from bot.settings import ROOT, get_settings

HERE = Path(__file__).parent


def figures(file: Path) -> dict[str, float]:
    settings = get_settings()
    done = subprocess.run(
        [RASA_PYTHON, "-m", "bot.nlu.evaluate", file, "--model", rasa_model(settings), "--json"],
        cwd=ROOT,
        env={**os.environ, **rasa_environment(settings)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    assert set(answer) == {"n", "accuracy", "macro_f1", "recall", "entity_f1"}
    return answer


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("name", "accuracy", "macro_f1", "entity_f1"),
    [("dev", 0.98, 0.98, 0.97), ("held_out", 0.93, 0.92, 0.96)],  # measured figures are in docs/nlu.md
)
def test_the_trained_model_understands(name: str, accuracy: float, macro_f1: float, entity_f1: float) -> None:
    got = figures(HERE / f"{name}.jsonl")
    assert got["accuracy"] >= accuracy
    assert got["macro_f1"] >= macro_f1
    assert got["entity_f1"] >= entity_f1
