"""`python -m bot run`: healthy, restarted after a crash, in nobody's way, and gone without a trace."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import pytest

from tests.e2e.running import RunningSystem

pytestmark = pytest.mark.e2e


def eventually(condition: Callable[[], object], within_s: float = 30) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.2)


def is_healthy(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.HTTPError:
        return False


def pid_of(system: RunningSystem, program: str) -> int:
    return next((pid for pid, command in system.pids().items() if program in command), 0)


def test_all_three_answer(system: RunningSystem) -> None:
    assert httpx.get(f"{system.url}/readyz", timeout=5).json() == {"database": True, "dialogue": True}
    assert is_healthy(f"{system.actions_url}/healthz")
    assert is_healthy(f"{system.rasa_url}/webhooks/rest/")


def test_rasa_is_ready_to_talk_as_soon_as_it_listens(system: RunningSystem) -> None:
    webhook = f"{system.rasa_url}/webhooks/rest/webhook"
    answer = httpx.post(webhook, json={"sender": "smoke.1", "message": "你好"}, timeout=10).json()
    assert answer[0]["text"]


def test_nobody_can_replace_the_model(system: RunningSystem) -> None:
    assert httpx.put(f"{system.rasa_url}/model", json={}, timeout=5).status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize(("program", "name"), [("bot.gateway", "gateway"), ("bot.action_server", "actions")])
def test_a_killed_process_comes_back(system: RunningSystem, program: str, name: str) -> None:
    url = {"gateway": system.url, "actions": system.actions_url}[name]
    before = pid_of(system, program)
    psutil.Process(before).send_signal(signal.SIGKILL)
    eventually(lambda: pid_of(system, program) not in (0, before) and is_healthy(f"{url}/healthz"))
    eventually(lambda: f"{name} had stopped and was started again" in system.console())


def test_a_second_one_says_which_port_is_in_use(system: RunningSystem, tmp_path: Path) -> None:
    second = RunningSystem(tmp_path)
    second.settings |= {"GATEWAY_PORT": system.settings["GATEWAY_PORT"]}
    assert second.command().wait(timeout=30) == 1
    assert second.console().startswith(f"port {system.settings['GATEWAY_PORT']} of the gateway is in use by ")
    assert "GATEWAY_PORT" in second.console()


def test_ctrl_c_stops_everything_and_leaves_nothing(tmp_path: Path) -> None:
    system = RunningSystem(tmp_path)
    system.start()
    pids = system.pids()
    assert len(pids) >= 4  # supervisord and its three
    assert system.stop() == 0
    assert [command for pid, command in pids.items() if psutil.pid_exists(pid)] == []
    assert system.console().splitlines()[-1] == "stopped"
