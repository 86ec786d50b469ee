"""Real supervisord around small programs: start, restart, give up, stop, end with whoever started it."""

import configparser
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from bot.operations.processes import Process
from bot.operations.supervisor import Supervisor, render
from bot.settings import ROOT

SLEEP = (sys.executable, "-c", "import time; time.sleep(600)")
FALL = (sys.executable, "-c", "raise SystemExit('cannot work')")


def program(tmp_path: Path, name: str, command: tuple[str, ...]) -> Process:
    return Process(name, name, command, 0, "", "", tmp_path / "var" / "log" / f"{name}.log", {"GREETING": "你好 100%"})


def eventually(condition: Callable[[], object], within_s: float = 15) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.1)


def pid_of(supervisor: Supervisor, name: str) -> int:
    return next((state.pid for state in supervisor.states() if state.name == name), 0)


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Callable[..., Supervisor]]:
    running = []

    def start(**commands: tuple[str, ...]) -> Supervisor:
        programs = [program(tmp_path, name, command) for name, command in commands.items()]
        supervisor = Supervisor(programs, tmp_path / "var", stop_wait_s=2)
        running.append(supervisor)
        supervisor.start()
        return supervisor

    yield start
    for supervisor in running:
        supervisor.stop()


def test_a_killed_process_is_started_again(supervised: Callable[..., Supervisor]) -> None:
    supervisor = supervised(one=SLEEP, two=SLEEP)
    eventually(lambda: pid_of(supervisor, "one") and pid_of(supervisor, "two"))
    first = pid_of(supervisor, "one")
    os.kill(first, signal.SIGKILL)
    eventually(lambda: pid_of(supervisor, "one") not in (0, first))


def test_one_that_keeps_stopping_is_given_up(supervised: Callable[..., Supervisor], tmp_path: Path) -> None:
    supervisor = supervised(one=FALL)
    eventually(lambda: [state.state for state in supervisor.states()] == ["FATAL"])
    assert "cannot work" in (tmp_path / "var" / "log" / "one.log").read_text()


def test_stop_leaves_no_process_and_no_file_of_ours(supervised: Callable[..., Supervisor]) -> None:
    stubborn = (sys.executable, "-c", "import signal, time; signal.signal(15, print); time.sleep(600)")
    supervisor = supervised(one=SLEEP, two=stubborn)
    eventually(lambda: pid_of(supervisor, "one") and pid_of(supervisor, "two"))
    pids = [pid_of(supervisor, "one"), pid_of(supervisor, "two")]
    time.sleep(1)  # the stubborn one needs a moment to become so
    supervisor.stop()
    assert not any(psutil.pid_exists(pid) for pid in pids)


STARTER = f"""
import sys, time
from pathlib import Path
from bot.operations.processes import Process
from bot.operations.supervisor import Supervisor
var = Path(sys.argv[1])
supervisor = Supervisor([Process("one", "one", {SLEEP!r}, 0, "", "", var / "log" / "one.log")], var)
supervisor.start()
while not [state for state in supervisor.states() if state.pid]:
    time.sleep(0.1)
print(supervisor.states()[0].pid, flush=True)
time.sleep(600)
"""


def test_everything_ends_with_its_starter_even_when_that_is_killed(tmp_path: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(tmp_path / "var")], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout is not None
    pid = int(starter.stdout.readline())
    assert psutil.pid_exists(pid)
    starter.kill()
    starter.wait()
    starter.stdout.close()
    eventually(lambda: not psutil.pid_exists(pid))


def test_the_configuration_says_where_output_goes(tmp_path: Path) -> None:
    talks = program(tmp_path, "gateway", ("python with space", "-m", "100%"))
    silent = Process("rasa", "Rasa", SLEEP, 0, "", "", tmp_path / "rasa.log", talks=False)
    text = render([talks, silent], tmp_path / "s.sock", tmp_path / "supervisord.log", stop_wait_s=10)
    parser = configparser.RawConfigParser()
    parser.read_string(text)
    gateway, rasa = parser["program:gateway"], parser["program:rasa"]
    assert gateway["command"] == "'python with space' -m 100%%"
    assert gateway["environment"] == 'GREETING="你好 100%%"'
    assert gateway["stdout_logfile"] == "/dev/fd/1"
    assert gateway["stderr_logfile"].endswith("log/gateway.log")
    assert gateway["stderr_logfile_maxbytes"] == "20MB"
    assert rasa["redirect_stderr"] == "true"
    assert rasa["stdout_logfile"].endswith("rasa.log")
