"""The private process that runs actions: for whoever shows the token, and nobody else."""

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.action_server import create_app
from bot.application import Services
from bot.bearer import authorization, process_token

CALL = {
    "next_action": "action_small_talk",
    "sender_id": "c.1",
    "tracker": {
        "sender_id": "c.1",
        "slots": {},
        "latest_message": {"text": "谢谢", "intent": {"name": "thank"}},
        "events": [],
        "paused": False,
        "latest_action_name": None,
    },
    "domain": {},
}


@pytest.fixture
async def server(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(services)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://a") as client:
        yield client


def right(services: Services) -> dict[str, str]:
    return authorization(process_token(services.settings.secret_key.get_secret_value(), "actions"))


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic wrong", "令牌"])
async def test_an_action_runs_for_nobody_without_the_token(server: httpx.AsyncClient, header: str) -> None:
    answer = await server.post("/webhook", json=CALL, headers={"authorization": header.encode()})
    assert answer.status_code == 401
    assert "responses" not in answer.text


async def test_the_token_of_another_process_opens_nothing(server: httpx.AsyncClient, services: Services) -> None:
    other = process_token(services.settings.secret_key.get_secret_value(), "rasa")
    assert (await server.post("/webhook", json=CALL, headers=authorization(other))).status_code == 401


async def test_with_the_token_an_action_runs(server: httpx.AsyncClient, services: Services) -> None:
    answer = await server.post("/webhook", json=CALL, headers=right(services))
    assert answer.status_code == 200
    assert answer.json()["responses"][0]["text"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"\xff"])
async def test_what_is_no_call_is_refused(server: httpx.AsyncClient, services: Services, body: bytes) -> None:
    headers = {**right(services), "content-type": "application/json"}
    assert (await server.post("/webhook", content=body, headers=headers)).status_code in (400, 422)


async def test_it_describes_itself_to_nobody(server: httpx.AsyncClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json", "/", "/actions"):
        assert (await server.get(path)).status_code == 404


async def test_an_editor_can_try_a_sentence(server: httpx.AsyncClient, services: Services) -> None:
    assert (await server.post("/hit-test", json={"text": "卡丢了"})).status_code == 401
    answer = await server.post("/hit-test", json={"text": "卡丢了"}, headers=right(services))
    assert answer.status_code == 200, answer.text
    assert answer.json()["decision"] in ("answer", "choices", "miss")
