"""`python -m bot run`: healthy, restarted after a crash, in nobody's way, and gone without a trace."""

import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import httpx
import psutil
import pytest

from bot.bearer import authorization, process_token
from bot.settings import DEVELOPMENT_SECRET
from tests.e2e.running import RunningSystem

pytestmark = pytest.mark.e2e


def eventually(condition: Callable[[], object], within_s: float = 120) -> None:
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


def shown(process: Literal["rasa", "actions"]) -> dict[str, str]:
    return authorization(process_token(DEVELOPMENT_SECRET, process))


def test_all_three_answer(system: RunningSystem) -> None:
    assert httpx.get(f"{system.url}/readyz", timeout=5).json() == {"database": True, "dialogue": True}
    assert is_healthy(f"{system.actions_url}/healthz")


def test_rasa_is_ready_to_talk_as_soon_as_it_listens(system: RunningSystem) -> None:
    webhook = f"{system.rasa_url}/webhooks/gateway/webhook"
    message = {"sender": "smoke.1", "message": "你好"}
    assert httpx.post(webhook, json=message, headers=shown("rasa"), timeout=10).json()[0]["text"]
    assert httpx.post(webhook, json=message, timeout=10).status_code == httpx.codes.UNAUTHORIZED


def test_nobody_can_replace_the_model(system: RunningSystem) -> None:
    assert httpx.put(f"{system.rasa_url}/model", json={}, timeout=5).status_code == httpx.codes.UNAUTHORIZED
    known = httpx.put(f"{system.rasa_url}/model", json={}, headers=shown("rasa"), timeout=5)
    assert known.status_code == httpx.codes.NOT_FOUND


def test_actions_run_for_nobody_without_the_token(system: RunningSystem) -> None:
    assert httpx.post(f"{system.actions_url}/webhook", json={}, timeout=5).status_code == httpx.codes.UNAUTHORIZED


def test_the_private_processes_listen_on_loopback_only(system: RunningSystem) -> None:
    private = {int(url.rpartition(":")[2]) for url in (system.actions_url, system.rasa_url)}
    listening = [
        connection.laddr
        for pid in system.pids()
        for connection in psutil.Process(pid).net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port in private
    ]
    assert {at.port for at in listening} == private
    assert {at.ip for at in listening} == {"127.0.0.1"}


def test_no_token_or_secret_is_on_a_command_line_and_rasa_is_given_none_of_ours(system: RunningSystem) -> None:
    tokens = {shown(name)["Authorization"].removeprefix("Bearer ") for name in ("rasa", "actions")}
    assert not any(token in command for command in system.pids().values() for token in tokens)
    rasa = psutil.Process(pid_of(system, "rasa run")).environ()
    assert rasa["RASA_TOKEN"] in tokens
    assert rasa["SECRET_KEY"] == rasa["DATABASE_URL"] == ""
    assert oct((system.log_dir.parent / "supervisord.conf").stat().st_mode)[-3:] == "600"


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
