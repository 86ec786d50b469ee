"""`python -m bot staff` on an empty database."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.cli.staff import RoleName
from bot.settings import ROOT
from bot.staff.roles import ROLES


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/x.db"


def staff(url: str, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "staff", *arguments]
    env = {**os.environ, "DATABASE_URL": url, "COLUMNS": "200"}
    return subprocess.run(command, cwd=ROOT, env=env, input=given, capture_output=True, text=True, timeout=60)


def test_the_first_admin_is_made_from_a_script(url: str) -> None:
    assert "no accounts" in staff(url, "list").stdout
    who = ("add", "shen", "--name", "沈洁", "--role", "admin", "--password-stdin")
    weak = staff(url, *who, given="password1234\n")
    assert (weak.returncode, weak.stderr) == (1, "the password is too easy to guess\n")
    made = staff(url, *who, given="correct horse\n")
    assert (made.returncode, made.stdout) == (0, "shen is admin now\n")
    again = staff(url, *who, given="correct horse\n")
    assert (again.returncode, again.stderr) == (1, "there is an account 'shen' already\n")
    shown = staff(url, "list").stdout
    assert all(told in shown for told in ("shen", "沈洁", "admin"))
    engine = create_engine(url)
    with engine.connect() as connection:
        (actor,) = connection.scalars(text("SELECT actor FROM audit_log WHERE action = 'staff.add'"))
    engine.dispose()
    assert actor.startswith("admin:")


def test_every_role_can_be_given() -> None:
    assert tuple(role.value for role in RoleName) == ROLES
