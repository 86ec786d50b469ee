"""The live streams, over real WebSockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
import websockets
from websockets.asyncio.client import ClientConnection

from bot.bootstrap import Gateway
from bot.conversations.rasa import HandoffWish
from bot.gateway import create_app


@pytest.fixture
async def address(gateway: Gateway) -> AsyncIterator[str]:
    """`127.0.0.1:port` of a gateway that really listens."""
    app = create_app(gateway.settings, gateway)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await running


@asynccontextmanager
async def following(address: str, session: str, after: int = 0) -> AsyncIterator[ClientConnection]:
    url = f"ws://{address}/api/chat/stream?after={after}"
    async with websockets.connect(url, subprotocols=["zhanggui", session]) as socket:  # type: ignore[list-item]
        yield socket


async def frame(socket: ClientConnection) -> dict[str, Any]:
    received: dict[str, Any] = json.loads(await asyncio.wait_for(socket.recv(), 5))
    return received


async def opened(gateway: Gateway) -> tuple[str, str]:
    conversation_id = (await gateway.log.open("web")).conversation_id
    return conversation_id, await gateway.sessions.open(conversation_id)


async def test_backlog_first_then_what_is_said(gateway: Gateway, address: str) -> None:
    conversation_id, session = await opened(gateway)
    await gateway.conversations.receive(conversation_id, "m1", "一")
    async with following(address, session) as socket:
        assert [m["text"] for m in (await frame(socket))["messages"]] == ["一", "您说的是：一"]
        await gateway.conversations.receive(conversation_id, "m2", "二")
        seen: list[str] = []
        while len(seen) < 2:
            seen += [m["text"] for m in (await frame(socket))["messages"]]
        assert seen == ["二", "您说的是：二"]


async def test_coming_back_continues_after_the_last_seen(gateway: Gateway, address: str) -> None:
    conversation_id, session = await opened(gateway)
    await gateway.conversations.receive(conversation_id, "m1", "一")
    async with following(address, session, after=1) as socket:
        assert [m["seq"] for m in (await frame(socket))["messages"]] == [2]


async def test_the_place_in_the_queue_moves_while_waiting(gateway: Gateway, address: str) -> None:
    waiting = [await opened(gateway) for _ in range(2)]
    for conversation_id, _ in waiting:
        async with gateway.log.change(conversation_id) as change:
            await gateway.handoff.queue(change, HandoffWish("asked"))
    async with following(address, waiting[1][1]) as socket:
        first = await frame(socket)
        assert (first["state"], first["queue"]) == ("queued", {"position": 2})
        async with gateway.log.change(waiting[0][0]) as change:
            await gateway.handoff.cancel(change)
        assert (await frame(socket))["queue"] == {"position": 1}


async def test_a_stream_needs_a_session(address: str) -> None:
    with pytest.raises(websockets.InvalidStatus):
        async with following(address, "nonsense"):
            pass


async def test_the_session_may_come_as_a_header(gateway: Gateway, address: str) -> None:
    _, session = await opened(gateway)
    headers = {"Authorization": f"Bearer {session}"}
    async with websockets.connect(f"ws://{address}/api/chat/stream", additional_headers=headers) as socket:
        assert await frame(socket) == {"messages": [], "state": "bot"}


async def test_rubbish_from_the_client_is_ignored(gateway: Gateway, address: str) -> None:
    conversation_id, session = await opened(gateway)
    async with following(address, session) as socket:
        await frame(socket)
        for rubbish in ("nonsense", "[]", b"\x00", '{"typing": {}}'):
            await socket.send(rubbish)
        await gateway.conversations.receive(conversation_id, "m1", "还在吗")
        assert (await frame(socket))["messages"]


async def signed_in(gateway: Gateway, address: str) -> dict[str, str]:
    await gateway.agents.add("lin", "林晓", "correct horse")
    _, session = await gateway.agents.sign_in("lin", "correct horse")
    return {"Cookie": f"zhanggui_desk={session}"}


async def test_the_desk_hears_of_queue_words_and_typing(gateway: Gateway, address: str) -> None:
    cookie = await signed_in(gateway, address)
    conversation_id, session = await opened(gateway)
    desk_url = f"ws://{address}/api/desk/stream"
    async with websockets.connect(desk_url, additional_headers=cookie) as desk, following(address, session) as customer:
        assert await frame(desk) == {"type": "queue"}
        await frame(customer)
        async with gateway.log.change(conversation_id) as change:
            await gateway.handoff.queue(change, HandoffWish("asked"))
        told = await frame(desk)
        assert (told["type"], told["conversation_id"], told["state"]) == ("conversation", conversation_id, "queued")
        assert await frame(desk) == {"type": "queue"}
        await customer.send('{"typing": true}')
        assert await frame(desk) == {"type": "typing", "conversation_id": conversation_id}
        await frame(customer)
        await desk.send(json.dumps({"typing": conversation_id}))
        assert (await frame(customer))["typing"] is True


async def test_the_desk_stream_needs_an_agent_from_the_desks_own_page(gateway: Gateway, address: str) -> None:
    url = f"ws://{address}/api/desk/stream"
    cookie = await signed_in(gateway, address)
    for headers in ({}, {**cookie, "Origin": "http://elsewhere.example"}):
        with pytest.raises(websockets.InvalidStatus):
            async with websockets.connect(url, additional_headers=headers):
                pass
