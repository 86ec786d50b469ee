"""`python -m bot crm outbox` on a database with a write that was refused."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.bootstrap import build_foundation
from bot.crm.writes import AddNote
from bot.settings import ROOT, Settings
from bot.storage import migrate
from bot.storage.database import Database

NUMBER = "TS2026112300015"


@pytest.fixture
async def url(tmp_path: Path) -> str:
    """A migrated database in which a note to an unknown case is parked."""
    settings = Settings(database_url=f"sqlite:///{tmp_path}/x.db")
    migrate.upgrade(settings)
    base = build_foundation(settings, db=Database(settings.database_url))
    async with base.db.write() as connection:
        await base.outbox.add(connection, AddNote(NUMBER, "客户电话13900000091", "k1"))
    await base.deliverer.deliver()
    await base.close()
    return settings.database_url


def outbox(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "crm", "outbox", *arguments]
    given = {**os.environ, "DATABASE_URL": url, "COLUMNS": "200"}
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, timeout=60)


async def test_it_is_shown_tried_again_and_given_up(url: str) -> None:
    shown = outbox(url)
    assert shown.returncode == 1
    assert all(said in shown.stdout for said in (NUMBER, "add_note", "parked", f"no case {NUMBER}"))
    assert "13900000091" not in shown.stdout
    retried = outbox(url, "--retry", "1")
    assert (retried.returncode, "parked" in retried.stdout) == (0, False)
    given_up = outbox(url, "--discard", "1", "--reason", "merged by hand")
    assert (given_up.returncode, given_up.stdout) == (0, "nothing waits for the CRM\n")
    assert outbox(url, "--retry", "1").stderr == "no write 1 waits\n"
