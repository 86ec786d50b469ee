"""`python -m bot privacy rekey` as a program of its own, on a database that holds sealed values."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.privacy.vault import Vault
from bot.settings import ROOT, Settings
from bot.storage.database import Database
from bot.storage.migrate import upgrade

OLD, NEW = "o" * 32, "n" * 32
PHONE = "13900000001"


@pytest.fixture
async def database_url(tmp_path: Path) -> str:
    """Two conversations whose keys are wrapped under the key `old`."""
    url = f"sqlite:///{tmp_path}/x.db"
    upgrade(Settings(database_url=url))
    db = Database(url)
    for conversation in ("a", "b"):
        await Vault(db, {"old": OLD}).seal(conversation, PHONE)
    await db.close()
    return url


def rekey(database_url: str, keys: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    given = {**os.environ, "DATABASE_URL": database_url, "VAULT_KEYS": json.dumps(keys)}
    command = [sys.executable, "-m", "bot", "privacy", "rekey"]
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, timeout=60)


async def test_it_says_how_many_and_what_can_go(database_url: str) -> None:
    done = rekey(database_url, {"old": OLD, "new": NEW})
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "2 of 2 data keys wrapped anew; all are under 'new'",
        "can be removed from VAULT_KEYS: old",
    ]
    db = Database(database_url)
    assert await Vault(db, {"new": NEW}).open("a", "[手机号1]") == PHONE
    await db.close()


def test_a_key_that_is_missing_is_named_in_one_line(database_url: str) -> None:
    done = rekey(database_url, {"new": NEW})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("VAULT_KEYS holds no key 'old'")
