"""Rasa's own check of the project's data; the stories are told in `tests/stories`."""

import os
import re
import subprocess
from pathlib import Path

from bot.operations.processes import RASA_PYTHON, rasa_environment
from bot.settings import ROOT, Settings


def rasa(tmp_path: Path, *arguments: str) -> str:
    """What `rasa …` says; fails when it does."""
    done = subprocess.run(
        [str(RASA_PYTHON), "-m", "rasa", *arguments],
        cwd=ROOT,
        env={**os.environ, **rasa_environment(Settings(var_dir=tmp_path))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]
    return done.stdout


def test_domain_and_data_are_valid(tmp_path: Path) -> None:
    said = rasa(tmp_path, "data", "validate", "--config", "config.yml", "--domain", "domain.yml", "--data", "data")
    warnings = re.findall(r"UserWarning: (.*)", said)
    # Most responses are said by actions, so no story names them.
    assert [warning for warning in warnings if not re.match(r"The utterance '\w+' is not used", warning)] == []
