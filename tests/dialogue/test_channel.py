"""Rasa's one channel, in Rasa's own server and Python: routes, token, body size."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.operations.processes import RASA_PYTHON
from bot.settings import ROOT
from tests.e2e.running import free_ports

TOKEN = "t" * 64
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}

SERVER = Path(__file__).with_name("repeating_rasa.py")


@pytest.fixture(scope="module")
def rasa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Rasa's server without a model, which repeats what it is told."""
    (port,) = free_ports(1)
    log = tmp_path_factory.mktemp("rasa") / "log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [str(RASA_PYTHON), str(SERVER), str(port)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "RASA_TOKEN": TOKEN, "TF_CPP_MIN_LOG_LEVEL": "2"},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url, server, log)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 120
    while True:
        assert server.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        try:
            httpx.get(url)
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "令牌"])
@pytest.mark.parametrize(
    "path", ["/", "/webhooks/gateway/", "/webhooks/rest/", "/version", "/status", "/model", "/nowhere"]
)
def test_without_the_token_nothing_is_told(rasa: str, path: str, header: str) -> None:
    answer = httpx.get(rasa + path, headers={"Authorization": header.encode()})
    assert (answer.status_code, answer.content) == (401, b"")


def test_without_the_token_nothing_is_said(rasa: str) -> None:
    answer = httpx.post(f"{rasa}/webhooks/gateway/webhook", json={"sender": "c.1", "message": "你好"})
    assert (answer.status_code, answer.content) == (401, b"")


def test_with_the_token_the_bot_answers(rasa: str) -> None:
    webhook = f"{rasa}/webhooks/gateway/webhook"
    answer = httpx.post(webhook, json={"sender": "c.1", "message": "你好"}, headers=AUTHORIZED)
    assert answer.json() == [{"recipient_id": "c.1", "text": "你好"}]
    assert httpx.get(f"{rasa}/webhooks/gateway/", headers=AUTHORIZED).json() == {"status": "ok"}


@pytest.mark.parametrize(("sender", "read"), [("c.1", "查余额|看看积分"), ("in_form.1", "查余额，顺便看看积分")])
def test_of_several_requests_the_first_is_read_but_free_text_is_one_piece(rasa: str, sender: str, read: str) -> None:
    body = {"sender": sender, "message": "查余额，顺便看看积分"}
    answer = httpx.post(f"{rasa}/webhooks/gateway/webhook", json=body, headers=AUTHORIZED)
    assert answer.json()[0]["text"] == read


@pytest.mark.parametrize("path", ["/webhooks/rest/webhook", "/webhooks/callback/webhook", "/model", "/model/parse"])
def test_with_the_token_there_is_nothing_but_the_channel(rasa: str, path: str) -> None:
    answer = httpx.post(rasa + path, json={"sender": "c.1", "message": "你好"}, headers=AUTHORIZED)
    assert answer.status_code == 404


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"sender": "", "message": "x"}', b'{"sender": "c", "message": 1}'])
def test_what_is_no_message_is_refused(rasa: str, body: bytes) -> None:
    headers = {**AUTHORIZED, "content-type": "application/json"}
    assert httpx.post(f"{rasa}/webhooks/gateway/webhook", content=body, headers=headers).status_code == 422


def test_a_body_too_large_is_refused(rasa: str) -> None:
    body = {"sender": "c.1", "message": "长" * 65_536}
    assert httpx.post(f"{rasa}/webhooks/gateway/webhook", json=body, headers=AUTHORIZED).status_code == 413


def test_a_failure_tells_no_cause(rasa: str) -> None:
    body = {"sender": "c.1", "message": "fail"}
    answer = httpx.post(f"{rasa}/webhooks/gateway/webhook", json=body, headers=AUTHORIZED)
    assert (answer.status_code, answer.content) == (500, b"")


def test_it_refuses_a_short_token_and_needs_nothing_of_the_rest_of_the_project() -> None:
    program = """
import sys
from bot.dialogue.channel import GatewayInput
print(sorted(name for name in sys.modules if name.partition(".")[0] == "bot"))
GatewayInput.from_credentials({"token": "short"})
"""
    done = subprocess.run([str(RASA_PYTHON), "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "['bot', 'bot.dialogue', 'bot.dialogue.channel', 'bot.dialogue.requests']"
    assert done.returncode == 1
    assert "at least 32 characters" in done.stderr
