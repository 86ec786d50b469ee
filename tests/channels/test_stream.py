"""The live streams, over real WebSockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace
from typing import Any

import pytest
import websockets
from websockets.asyncio.client import ClientConnection

from bot.application import Gateway
from bot.channels.stream import serve
from bot.conversations.rasa import HandoffWish
from bot.staff.roles import Operation
from tests.staff.people import hire, session_of


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


async def refusal(address: str, path: str = "/api/chat/stream", **options: Any) -> tuple[int, str]:
    """Status and code with which a handshake is refused."""
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with websockets.connect(f"ws://{address}{path}", **options):
            pass
    response = refused.value.response
    return response.status_code, json.loads(response.body)["code"]


async def test_a_stream_needs_a_session(address: str) -> None:
    assert await refusal(address, subprotocols=["zhanggui", "nonsense"]) == (401, "invalid_session")
    assert await refusal(address) == (401, "invalid_session")


async def test_a_stream_begins_at_a_number(gateway: Gateway, address: str) -> None:
    _, session = await opened(gateway)
    for after in ("-1", "x", "6222020200112233445x"):
        path = f"/api/chat/stream?after={after}"
        assert await refusal(address, path, subprotocols=["zhanggui", session]) == (422, "invalid_message")


async def test_a_stream_is_opened_by_our_own_and_by_allowed_pages(gateway: Gateway, address: str) -> None:
    gateway.settings.allowed_origins = ["https://www.bank.example"]
    _, session = await opened(gateway)
    url = f"ws://{address}/api/chat/stream"
    offered: Any = ["zhanggui", session]
    for origin in (f"http://{address}", "https://www.bank.example"):
        async with websockets.connect(url, subprotocols=offered, origin=origin) as socket:  # type: ignore[arg-type]
            await frame(socket)
    refused = await refusal(address, subprotocols=offered, origin="https://evil.example")
    assert refused == (403, "foreign_origin")


async def test_so_many_streams_and_no_more(gateway: Gateway, address: str) -> None:
    gateway.settings.streams_per_visitor = 2
    gateway.settings.streams_per_address = 3
    (_, one), (_, two) = [await opened(gateway) for _ in range(2)]
    async with following(address, one), following(address, two):
        async with following(address, one):
            assert await refusal(address, subprotocols=["zhanggui", one]) == (429, "too_many_streams")
            assert await refusal(address, subprotocols=["zhanggui", two]) == (429, "too_many_streams")
        async with asyncio.timeout(5):
            while await _is_refused(address, two):
                await asyncio.sleep(0.01)


async def _is_refused(address: str, session: str) -> bool:
    try:
        async with following(address, session):
            return False
    except websockets.InvalidStatus:
        return True


async def test_the_session_may_come_as_a_header(gateway: Gateway, address: str) -> None:
    _, session = await opened(gateway)
    headers = {"Authorization": f"Bearer {session}"}
    async with websockets.connect(f"ws://{address}/api/chat/stream", additional_headers=headers) as socket:
        assert await frame(socket) == {"messages": [], "state": "bot"}


@pytest.mark.parametrize(
    ("rubbish", "code"),
    [
        ("nonsense", 1007),
        ("[" * 4000, 1007),
        ('{"typing":' * 400, 1007),
        ("[]", 1007),
        ("7", 1007),
        (b"\x00", 1003),
        ('{"typing": "' + "x" * 4096 + '"}', 1009),
        ('{"typing": "' + "长" * 1400 + '"}', 1009),
    ],
)
@pytest.mark.parametrize("side", ["customer", "desk"])
async def test_rubbish_ends_the_stream_and_nothing_else(
    gateway: Gateway, address: str, caplog: pytest.LogCaptureFixture, side: str, rubbish: str | bytes, code: int
) -> None:
    _, session = await opened(gateway)
    if side == "customer":
        opening = following(address, session)
    else:
        cookie = await signed_in(gateway, address)
        opening = websockets.connect(f"ws://{address}/api/desk/stream", additional_headers=cookie)
    async with opening as socket:
        await frame(socket)
        await socket.send(rubbish)
        assert await closing(socket) == code
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
    async with following(address, session) as again:
        await frame(again)


async def test_a_flood_of_frames_ends_the_stream(gateway: Gateway, address: str) -> None:
    gateway.settings.frames_per_minute = 3
    _, session = await opened(gateway)
    async with following(address, session) as socket:
        await frame(socket)
        for _ in range(4):
            await socket.send('{"typing": {}}')
        assert await closing(socket) == 1008


async def closing(socket: ClientConnection) -> int | None:
    """The code with which the server closes."""
    with pytest.raises(websockets.ConnectionClosed) as closed:
        async with asyncio.timeout(5):
            while True:
                await socket.recv()
    return closed.value.rcvd.code if closed.value.rcvd else None


async def signed_in(gateway: Gateway, address: str) -> dict[str, str]:
    await hire(gateway, "lin")
    return {"Cookie": f"zhanggui_desk={await session_of(gateway, 'lin')}"}


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
        (lin,) = await gateway.staff.accounts.who_may(Operation.CONVERSATIONS_SERVE)
        await gateway.handoff.claim(conversation_id, lin)
        assert (await frame(desk))["state"] == "agent"
        assert await frame(desk) == {"type": "queue"}
        await frame(customer)
        await customer.send('{"typing": true}')
        assert await frame(desk) == {"type": "typing", "conversation_id": conversation_id}
        await frame(customer)
        await desk.send(json.dumps({"typing": conversation_id}))
        assert (await frame(customer))["typing"] is True


async def test_the_desk_stream_needs_an_agent_from_the_desks_own_page(gateway: Gateway, address: str) -> None:
    url = f"ws://{address}/api/desk/stream"
    cookie = await signed_in(gateway, address)
    assert await refusal(address, "/api/desk/stream") == (401, "invalid_desk_session")
    gateway.settings.allowed_origins = ["https://www.bank.example"]  # they carry the widget, not the desk
    for origin in ("http://elsewhere.example", "https://www.bank.example"):
        refused = await refusal(address, "/api/desk/stream", additional_headers=cookie, origin=origin)
        assert refused == (403, "foreign_origin")
    async with websockets.connect(url, additional_headers=cookie, origin=f"http://{address}") as socket:  # type: ignore[arg-type]
        assert await frame(socket) == {"type": "queue"}


async def test_a_stream_ends_although_a_library_has_swallowed_the_cancellation() -> None:
    async def stubborn() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)
        await asyncio.sleep(3600)

    async def gone() -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"type": "websocket.disconnect", "code": 1000}

    async def unheard(_frame: dict[str, Any]) -> None:
        raise AssertionError("nobody said anything")

    socket: Any = SimpleNamespace(receive=gone)
    await asyncio.wait_for(serve(socket, outgoing=stubborn, incoming=unheard), timeout=30)


async def test_an_open_desk_says_that_somebody_is_there(gateway: Gateway, address: str) -> None:
    cookie = await signed_in(gateway, address)
    assert [member.presence for member in await gateway.team.members()] == ["offline"]
    async with websockets.connect(f"ws://{address}/api/desk/stream", additional_headers=cookie) as desk:
        await frame(desk)
        assert [member.presence for member in await gateway.team.members()] == ["online"]
