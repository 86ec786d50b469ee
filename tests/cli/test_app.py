"""The command line answers at once, explains itself, and refuses bad input with the right exit code."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.app import app
from bot.settings import ROOT

COMMANDS = [
    [],
    ["run"],
    ["train"],
    ["seed"],
    ["evaluate"],
    ["evaluate", "nlu"],
    ["evaluate", "retrieval"],
]
USAGE_ERROR = 2


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(command: list[str]) -> None:
    result = CliRunner().invoke(app, [*command, "--help"])
    assert result.exit_code == 0
    assert "Usage" in result.output


@pytest.mark.parametrize(
    "command",
    [
        ["dance"],
        ["train", "--only", "sauce"],
        ["evaluate", "nlu"],
        ["evaluate", "nlu", "no-such-file.jsonl"],
        ["evaluate", "retrieval", "--corpus", "pyproject.toml"],
    ],
    ids=" ".join,
)
def test_bad_input_is_refused(command: list[str]) -> None:
    assert CliRunner().invoke(app, command).exit_code == USAGE_ERROR


def test_help_loads_nothing_heavy() -> None:
    program = "import sys, bot.cli.app; print([m for m in ('torch', 'sqlalchemy', 'fastapi') if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


def test_wrong_settings_are_one_line_per_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    result = bot("train", GATEWAY_PORT="many", CODE_TRIES="few", VAR_DIR=str(tmp_path))
    assert result.returncode == 1
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == ["GATEWAY_PORT", "CODE_TRIES"]


def test_demo_customers_are_refused_in_production(tmp_path: Path) -> None:
    result = bot(
        "seed",
        ENVIRONMENT="production",
        SECRET_KEY="k" * 32,
        SITE_TOKEN_KEYS='{"site": "' + "t" * 32 + '"}',
        DATABASE_URL=f"sqlite:///{tmp_path}/bank.db",
    )
    assert result.returncode == 1
    assert result.stderr == "the demo bank and its agents are for ENVIRONMENT=development only.\n"


def bot(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`python -m bot …` with these settings and no others."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
