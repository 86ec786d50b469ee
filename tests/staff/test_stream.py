"""The desk's stream over real WebSockets: it ends with its session, and tells nothing to whom customers are hidden."""

import json

import pytest
import websockets
from websockets.asyncio.client import ClientConnection

from bot.application import Gateway
from bot.conversations.fanout import conversation_topic
from bot.staff.models import Agent
from tests.fakes.clock import FakeClock
from tests.handoff.conftest import queued
from tests.staff.people import HERE, hire


@pytest.fixture
async def lin(gateway: Gateway) -> Agent:
    return await hire(gateway, "lin")


async def following(gateway: Gateway, address: str, agent: Agent) -> ClientConnection:
    secret = await gateway.staff.sessions.open(agent, HERE)
    headers = {"Cookie": f"zhanggui_desk={secret}"}
    socket = await websockets.connect(f"ws://{address}/api/desk/stream", additional_headers=headers)
    assert json.loads(await socket.recv()) == {"type": "queue"}
    return socket


async def closed(socket: ClientConnection) -> tuple[int, str]:
    """How it ended; fails when anything else was told before."""
    with pytest.raises(websockets.ConnectionClosed) as ended:
        await socket.recv()
    assert ended.value.rcvd is not None
    return ended.value.rcvd.code, ended.value.rcvd.reason


async def test_revoking_a_session_closes_its_stream_at_once(
    gateway: Gateway,
    address: str,
    lin: Agent,
) -> None:
    socket, other = await following(gateway, address, lin), await following(gateway, address, lin)
    await gateway.staff.sessions.revoke_all(lin.agent_id)
    assert await closed(socket) == (4401, "invalid_desk_session")
    assert await closed(other) == (4401, "invalid_desk_session")


async def test_a_locked_session_is_told_nothing_more(
    gateway: Gateway,
    address: str,
    lin: Agent,
    clock: FakeClock,
) -> None:
    socket = await following(gateway, address, lin)
    clock.advance(900)
    await queued(gateway)
    assert await closed(socket) == (4401, "desk_locked")


async def test_an_editor_hears_nothing_of_customers(
    gateway: Gateway,
    address: str,
    lin: Agent,
) -> None:
    editor = await hire(gateway, "he", role="editor")
    socket, agents = await following(gateway, address, editor), await following(gateway, address, lin)
    await queued(gateway)
    assert json.loads(await agents.recv())["type"] == "conversation"
    await gateway.staff.sessions.revoke_all(editor.agent_id)
    assert await closed(socket) == (4401, "invalid_desk_session")
    await agents.close()


async def test_typing_is_told_only_where_the_agent_serves(
    gateway: Gateway,
    address: str,
    lin: Agent,
) -> None:
    mine, other = await queued(gateway), await queued(gateway)
    await gateway.handoff.claim(mine, lin)
    socket = await following(gateway, address, lin)
    async with gateway.fanout.subscribe(conversation_topic(other)) as strange:
        async with gateway.fanout.subscribe(conversation_topic(mine)) as own:
            await socket.send(json.dumps({"typing": other}))
            await socket.send(json.dumps({"typing": mine}))
            assert await own.next(5) == {"type": "typing"}
        assert await strange.next(0.01) is None  # frames are taken in order
    await socket.close()
