"""No route reads more than it needs, whatever a caller says of the length."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.application import Gateway
from bot.channels.body_limit import MAX_BODY_BYTES
from bot.gateway import create_app
from bot.knowledge.editing.sheet_routes import MAX_SHEET_BYTES, SHEET
from bot.settings import Settings
from tests.channels.conftest import listening, open_session

BIG = b'{"text": "' + b"x" * MAX_BODY_BYTES + b'"}'


async def chunked() -> AsyncIterator[bytes]:
    """Sent without a length."""
    for _ in range(MAX_BODY_BYTES // 4096 + 1):
        yield b"x" * 4096


def writing_routes() -> list[tuple[str, str]]:
    paths = create_app(Settings()).openapi()["paths"]
    return [(method, path) for path, methods in paths.items() for method in methods if method != "get"]


@pytest.mark.parametrize(("method", "path"), [*writing_routes(), ("post", "/wechat"), ("post", "/healthz")])
async def test_every_route_refuses_what_is_too_large(http: httpx.AsyncClient, method: str, path: str) -> None:
    content = b"x" * (MAX_SHEET_BYTES + 1) if path == SHEET else BIG
    answer = await http.request(method, path, content=content, headers={"X-Desk": "1"})
    assert (answer.status_code, answer.json()["code"]) == (413, "message_too_long")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/api/chat/messages", "/api/chat/sessions", "/api/desk/login"])
async def test_a_body_without_a_length_is_counted(gateway: Gateway, path: str) -> None:
    async with listening(create_app(gateway.settings, gateway)) as address, httpx.AsyncClient() as client:
        headers = {"X-Desk": "1"} if "desk" in path else await open_session_at(client, address)
        answer = await client.post(f"http://{address}{path}", content=chunked(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "message_too_long")


async def open_session_at(client: httpx.AsyncClient, address: str) -> dict[str, str]:
    session = (await client.post(f"http://{address}/api/chat/sessions")).json()["session"]
    return {"Authorization": f"Bearer {session}"}


async def test_a_length_that_is_too_small_is_not_believed(http: httpx.AsyncClient) -> None:
    headers = {**await open_session(http), "Content-Length": "10"}
    assert (await http.post("/api/chat/messages", content=BIG, headers=headers)).status_code == 413


@pytest.mark.parametrize(
    "length", ["10\r\nTransfer-Encoding: chunked", "-1", "ten", "99999999999999999999999999", "0x10", "1_0", "+10"]
)
async def test_a_length_that_lies_reaches_nothing(gateway: Gateway, length: str) -> None:
    """Two requests hidden in one would be the way past a proxy: none of these gets a 200, let alone two."""
    async with listening(create_app(gateway.settings, gateway)) as address:
        reader, writer = await asyncio.open_connection(*address.split(":"))
        head = f"POST /api/chat/sessions HTTP/1.1\r\nHost: {address}\r\nContent-Length: {length}\r\n\r\n"
        writer.write(head.encode() + b"{}GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        async with asyncio.timeout(10):
            answer = await reader.read(200)
        writer.close()
    assert answer.split(b" ")[1] in (b"400", b"413")


async def test_the_largest_message_there_is_still_gets_a_sentence(http: httpx.AsyncClient, gateway: Gateway) -> None:
    headers = {**await open_session(http), "Content-Type": "application/json"}
    body = json.dumps({"client_message_id": "m1", "text": "长" * 20_000}, ensure_ascii=False)
    answer = await http.post("/api/chat/messages", content=body.encode(), headers=headers)
    assert (answer.status_code, answer.json()["message"]) == (413, gateway.texts("utter_message_too_long", limit=2000))


def test_every_text_that_is_taken_in_has_a_length() -> None:
    description = create_app(Settings()).openapi()
    schemas = description["components"]["schemas"]
    bodies = [
        operation["requestBody"]["content"]["application/json"]["schema"]
        for methods in description["paths"].values()
        for operation in methods.values()
        if "application/json" in operation.get("requestBody", {}).get("content", {})  # files are another matter
    ]
    assert bodies
    assert [where for body in bodies for where in unbounded(body, schemas, "")] == []


def unbounded(schema: dict[str, Any], schemas: dict[str, Any], where: str) -> list[str]:
    """Where below `schema` a text of any length would be taken."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return unbounded(schemas[name], schemas, name)
    parts = [(where, part) for part in schema.get("anyOf", [])]
    parts += [(f"{where}.{name}", part) for name, part in schema.get("properties", {}).items()]
    if "items" in schema:
        parts.append((where, schema["items"]))
    is_open = schema.get("type") == "string" and not {"maxLength", "enum", "const", "pattern"} & schema.keys()
    is_open = is_open and schema.get("format") != "date"  # nothing longer is one
    return [where] * is_open + [found for name, part in parts for found in unbounded(part, schemas, name)]
