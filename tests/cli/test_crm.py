"""`python -m bot crm check` against the stub as a program of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.settings import ROOT


@pytest.fixture(scope="module")
def environment() -> Iterator[dict[str, str]]:
    """What the stub says at its start to run the assistant with."""
    command = [sys.executable, "-m", "tests.stubs.zoho", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as stub:
        assert stub.stdout is not None
        yield dict(re.findall(r"(\w+)=(\S+)", stub.stdout.readline()))
        stub.terminate()


def check(environment: dict[str, str], tmp_path: Path) -> subprocess.CompletedProcess[str]:
    given = {**os.environ, **environment, "DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}
    command = [sys.executable, "-m", "bot", "crm", "check"]
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, timeout=60)


def test_a_schema_that_fits_is_told_so_until_it_does_not(environment: dict[str, str], tmp_path: Path) -> None:
    done = check(environment, tmp_path)
    assert (done.returncode, done.stdout) == (0, "the mapping fits the CRM (zoho)\n")
    url = f"{environment['ZOHO_API_URL']}/control/fields/Cases/Case_No"
    httpx.put(url, json={"data_type": "date"}).raise_for_status()
    done = check(environment, tmp_path)
    assert (done.returncode, done.stdout) == (1, "case.number: Cases.Case_No is of type date; needed: text\n")


def test_a_crm_that_does_not_answer_is_told_in_one_line(environment: dict[str, str], tmp_path: Path) -> None:
    done = check({**environment, "ZOHO_ACCOUNTS_URL": "http://127.0.0.1:9"}, tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Zoho token: ConnectError\n"
