"""The command line answers at once, explains itself, and refuses bad input with the right exit code."""

import socket
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
    ["audit"],
    ["audit", "show"],
    ["audit", "verify"],
    ["crm"],
    ["crm", "check"],
    ["crm", "outbox"],
    ["evaluate"],
    ["evaluate", "nlu"],
    ["evaluate", "retrieval"],
    ["knowledge"],
    ["knowledge", "check"],
    ["privacy"],
    ["privacy", "erase"],
    ["privacy", "export"],
    ["privacy", "rekey"],
    ["privacy", "retain"],
    ["wechat"],
    ["wechat", "menu"],
    ["wechat", "simulate"],
]
USAGE_ERROR = 2
PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "k" * 32,
    "VAULT_KEYS": '{"v1": "' + "v" * 32 + '"}',
    "SITE_TOKEN_KEYS": '{"site": "' + "t" * 32 + '"}',
    "SMS": "none",
    "TRUSTED_PROXIES": '["10.0.0.1"]',
}


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
        ["crm", "outbox", "--discard", "3"],
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


def test_production_tells_everything_it_refuses_at_once() -> None:
    result = bot("run", ENVIRONMENT="production", SECRET_KEY="short-but-own", REDIS_URL="redis://elsewhere")
    assert (result.returncode, result.stdout) == (1, "")
    said = result.stderr.splitlines()
    assert all(line.startswith("settings: ") for line in said)
    for name in ("SECRET_KEY", "SITE_TOKEN_KEYS", "SMS=console", "TLS_CERT_FILE", "REDIS_URL"):
        assert sum(name in line for line in said) == 1, said
    assert "short-but-own" not in result.stderr


@pytest.mark.parametrize(("host", "is_warned"), [("0.0.0.0", True), ("127.0.0.1", False)])
def test_a_development_system_that_others_can_reach_is_warned_of(host: str, is_warned: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:  # so that nothing is started
        result = bot("run", GATEWAY_HOST=host, GATEWAY_PORT=str(taken.getsockname()[1]))
    assert result.returncode == 1
    assert ("others can reach this development system" in result.stderr) is is_warned


def test_demo_customers_are_refused_in_production(tmp_path: Path) -> None:
    result = bot("seed", **PRODUCTION, DATABASE_URL=f"sqlite:///{tmp_path}/bank.db")
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


def test_wechat_is_not_simulated_in_production() -> None:
    result = bot("wechat", "simulate", **PRODUCTION)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "the simulator is for ENVIRONMENT=development only.\n"


def test_the_wechat_menu_is_shown() -> None:
    result = bot("wechat", "menu", WECHAT_PUBLIC_URL="https://wx.bank.example")
    assert result.returncode == 0
    assert "绑定银行账户 → https://wx.bank.example/wechat/bind" in result.stdout
    without_account = bot("wechat", "menu", **PRODUCTION)
    assert without_account.returncode == 1
    assert "WECHAT_APP_ID" in without_account.stderr
