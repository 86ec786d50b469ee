"""`python -m bot audit` on a real database file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.bootstrap import build_foundation
from bot.settings import ROOT, Settings
from bot.storage import migrate
from bot.storage.database import Database
from tests.privacy.tampering import tamper


@pytest.fixture
async def url(tmp_path: Path) -> str:
    """A migrated database with three rows in its audit log."""
    settings = Settings(database_url=f"sqlite:///{tmp_path}/x.db")
    migrate.upgrade(settings)
    base = build_foundation(settings)
    await base.audit.record("customer", "balance.read", "C1001", "c1", {"card_tail": "1234"})
    await base.audit.record("agent:lin", "customer_card.read", "C1001", "c1", {}, reason="a lost card")
    await base.audit.record("customer", "points.read", "C1002", "c2", {})
    await base.close()
    return settings.database_url


def audit(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "audit", *arguments]
    given = {**os.environ, "DATABASE_URL": url, "COLUMNS": "200"}
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, timeout=60)


async def test_an_intact_log_and_a_broken_one(url: str) -> None:
    intact = audit(url, "verify")
    assert (intact.returncode, intact.stdout[:29]) == (0, "3 rows intact; fingerprint 3:")
    fingerprint = intact.stdout.split()[-1]
    assert audit(url, "verify", "--expect", fingerprint).returncode == 0
    database = Database(url)
    await tamper(database, "UPDATE audit_log SET actor = 'agent:wu' WHERE id = 2")
    await database.close()
    broken = audit(url, "verify")
    assert (broken.returncode, broken.stdout) == (1, "")
    assert broken.stderr == "broken at row 2: edited, or not written by us\n"


async def test_a_customers_rows_are_shown_and_the_reading_is_kept(url: str) -> None:
    shown = audit(url, "show", "--customer", "C1001", "--since", "2026-01-01", "--reason", "asked by phone")
    assert shown.returncode == 0
    assert all(said in shown.stdout for said in ("balance.read", "a lost card", "agent:lin", '{"card_tail": "1234"}'))
    assert "points.read" not in shown.stdout
    again = audit(url, "show", "--customer", "C1001", "--limit", "2")
    assert "asked by phone" in again.stdout
    assert "more: --before" in again.stdout
