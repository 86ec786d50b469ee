"""Whatever goes wrong inside, nobody outside sees more than a sentence and an id."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import websockets
from fastapi import FastAPI, WebSocket
from fastapi.responses import StreamingResponse

from bot.application import Gateway
from bot.channels.failures import cause_of
from bot.gateway import create_app
from tests.channels.conftest import listening

SECRET = "6222020200112233445"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def failing(gateway: Gateway) -> FastAPI:
    """The gateway with routes that fail."""
    app = create_app(gateway.settings, gateway)
    app.state.gateway = gateway

    async def boom() -> None:
        try:
            int(SECRET + "x")
        except ValueError as error:
            raise RuntimeError(f"card {SECRET}") from error

    async def half() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"half an answer"
            await boom()

        return StreamingResponse(parts())

    async def stream(socket: WebSocket) -> None:
        await socket.accept()
        await boom()

    app.add_api_route("/api/boom", boom)
    app.add_api_route("/api/half", half)
    app.add_api_websocket_route("/api/stream", stream)
    return app


def logged(caplog: pytest.LogCaptureFixture, event: str) -> dict[str, Any]:
    """The one line of this event, as its fields."""
    lines = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    (found,) = [line for line in lines if line["event"] == event]
    assert SECRET not in caplog.text
    return found


async def test_an_unforeseen_error_shows_a_sentence_and_an_id(
    failing: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(failing), base_url="http://test") as client:
        answer = await client.get("/api/boom", headers={"X-Request-Id": "mine"})
    body = answer.json()
    assert (answer.status_code, body["code"]) == (500, "internal")
    assert "稍后再试" in body["message"]
    assert set(body) == {"code", "message", "request_id"}
    assert answer.headers["x-request-id"] == body["request_id"] != "mine"
    line = logged(caplog, "request_failed")
    assert line["request_id"] == body["request_id"]
    assert (line["path"], line["cause"]) == ("/api/boom", "RuntimeError < ValueError")
    assert line["frames"][-1].endswith(" boom")


@pytest.mark.parametrize(("field", "code"), [("sqlite_errorname", "SQLITE_BUSY"), ("sqlstate", "40001")])
def test_the_error_of_a_database_comes_with_its_code_and_without_its_words(field: str, code: str) -> None:
    error = RuntimeError(SECRET)
    setattr(error, field, code)
    assert cause_of(error) == f"RuntimeError: {code}"


async def test_an_error_after_the_beginning_cuts_the_connection(failing: FastAPI) -> None:
    async with listening(failing) as address, httpx.AsyncClient() as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get(f"http://{address}/api/half")


async def test_a_failing_stream_is_closed_as_such(failing: FastAPI, caplog: pytest.LogCaptureFixture) -> None:
    async with listening(failing) as address, websockets.connect(f"ws://{address}/api/stream") as socket:
        with pytest.raises(websockets.ConnectionClosedError) as closed:
            await asyncio.wait_for(socket.recv(), 5)
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1011, "")
    assert logged(caplog, "request_failed")["cause"] == "RuntimeError < ValueError"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nothing", 404, "not_found"),
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/static/nothing.js", 404, "not_found"),
        ("PUT", "/api/chat/messages", 405, "method_not_allowed"),
        ("GET", "/api/chat/messages?after=x", 401, "invalid_session"),
    ],
)
async def test_every_refusal_has_one_shape(
    http: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    answer = await http.request(method, path)
    body = answer.json()
    assert (answer.status_code, body["code"], body["request_id"]) == (status, code, answer.headers["x-request-id"])
    assert body["message"]


@pytest.mark.parametrize(
    "content",
    [f'{{"token": ["{SECRET}"]}}', f'{{"token": {SECRET}', f'["{SECRET}"]', "[" * 60_000, b"\xff\xfe".decode("latin1")],
)
async def test_what_was_sent_is_not_echoed(http: httpx.AsyncClient, content: str) -> None:
    answer = await http.post("/api/chat/sessions", content=content.encode("latin1"), headers=JSON)
    assert answer.status_code in (400, 422)
    assert set(answer.json()) == {"code", "message", "request_id"}
    assert SECRET not in answer.text
