"""`python -m bot privacy export`, `erase` and `retain` as programs of their own."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.bootstrap import build_foundation
from bot.cli.app import app
from bot.conversations.messages import Author, Draft
from bot.settings import ROOT, Settings
from bot.storage import migrate

CUSTOMER = "C1001"


@pytest.fixture
async def url(tmp_path: Path) -> str:
    """A migrated database in which the customer has said something."""
    settings = Settings(database_url=f"sqlite:///{tmp_path}/x.db")
    migrate.upgrade(settings)
    base = build_foundation(settings)
    conversation_id = (await base.log.open("web")).conversation_id
    await base.identity.bind(conversation_id, CUSTOMER)
    sealed = await base.vault.seal(conversation_id, "打13912340007找我")
    async with base.log.change(conversation_id) as change:
        await change.append(Draft(Author.CUSTOMER, sealed))
    await base.close()
    return settings.database_url


def privacy(url: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "bot", "privacy", *arguments]
    given = {**os.environ, "DATABASE_URL": url, "VAR_DIR": str(Path(url[len("sqlite:///") :]).parent), "COLUMNS": "200"}
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, timeout=60)


async def test_a_copy_in_a_file_that_nobody_else_reads(url: str, tmp_path: Path) -> None:
    file = tmp_path / "copy.json"
    done = privacy(url, "export", CUSTOMER, "--output", str(file))
    assert (done.returncode, done.stdout) == (0, f"written to {file}\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["database"]["sealed_values"][0]["value"] == "13912340007"


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "copy.json"
    file.write_text("mine")
    done = CliRunner().invoke(app, ["privacy", "export", CUSTOMER, "--output", str(file)])
    assert (done.exit_code, file.read_text()) == (1, "mine")


def test_erasing_takes_a_reason_and_a_yes() -> None:
    for arguments, code in (([], 2), (["--reason", " ", "--yes"], 2), (["--reason", "by letter"], 1)):
        assert CliRunner().invoke(app, ["privacy", "erase", CUSTOMER, *arguments], input="n\n").exit_code == code


async def test_erasing_says_what_went_and_what_stays(url: str) -> None:
    done = privacy(url, "erase", CUSTOMER, "--reason", "by letter", "--yes")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "erased: what was said (1)" in lines
    assert "erased: the keys of sealed values (1)" in lines
    assert any(line.startswith("kept:   who read or changed the customer's data (1), until 20") for line in lines)
    assert lines[-2:] == [
        "not touched: CRM, the bank's own system of record",
        "not touched: core banking, the bank's own system of record",
    ]
    again = privacy(url, "erase", CUSTOMER, "--reason", "by letter", "--yes").stdout
    assert again.startswith("nothing was left to erase\n")


async def test_retention_by_class(url: str) -> None:
    due = privacy(url, "retain", "--dry-run")
    assert due.returncode == 0, due.stderr
    assert "RETAIN_MESSAGE_DAYS" in due.stdout
    assert "due to go" in due.stdout
