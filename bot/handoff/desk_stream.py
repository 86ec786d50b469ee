"""The desk's live stream: which lists and conversations have changed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import structlog
from fastapi import APIRouter, WebSocket

from bot import metrics
from bot.application import Gateway
from bot.background import running
from bot.channels.addresses import address_of
from bot.channels.api import ApiError, shown
from bot.channels.frames import Frame
from bot.channels.limits import Limit
from bot.channels.stream import LOOK_AGAIN_S, serve
from bot.conversations.errors import UnknownConversationError
from bot.conversations.fanout import DESK_TOPIC, Signal, channel_topic, conversation_topic
from bot.conversations.messages import State
from bot.handoff.desk import reach_of
from bot.staff.access import cookie_of, from_own_page
from bot.staff.errors import DeskLockedError, DeskSessionError
from bot.staff.models import Agent
from bot.staff.roles import Operation

router = APIRouter()
_log = structlog.get_logger(__name__)
_BEAT_S = 3.0
"""Well within the grace after which an agent is missed."""
_OVER = (DeskSessionError, DeskLockedError)
_WATCHES = "desk: lists and conversations with people, as they change"


@router.websocket("/api/desk/stream")
async def stream(socket: WebSocket) -> None:
    """Tells the desk which lists and conversations changed (docs/api.md describes the frames)."""
    gateway: Gateway = socket.app.state.gateway
    if not from_own_page(socket):
        raise ApiError(403, "foreign_origin", "请从座席工作台操作")
    secret = cookie_of(gateway, socket)

    async def agent() -> Agent:
        """Whose stream this is. Raises DeskSessionError and DeskLockedError once it has to end."""
        return (await gateway.staff.sessions.of(secret)).agent

    try:
        watcher = await agent()
    except _OVER as error:
        raise ApiError(401, error.code, "登录已过期，请重新登录") from error
    await gateway.foundation.audit.record(watcher.actor, "desk.watch", None, None, {}, reason=_WATCHES)
    with (
        gateway.streams.hold(watcher.agent_id, address_of(socket)),
        metrics.STREAMS.labels(side="desk").track_inprogress(),
    ):
        async with _sitting(gateway, watcher):
            await socket.accept()
            await _follow(gateway, socket, watcher.agent_id, agent)


@asynccontextmanager
async def _sitting(gateway: Gateway, agent: Agent) -> AsyncIterator[None]:
    """Somebody sits at this desk: say so at once and again and again, until it is closed or nothing comes through."""
    if not agent.may(Operation.CONVERSATIONS_SERVE):
        yield
        return
    await _beat(gateway, agent)
    async with running(_go_on_beating(gateway, agent)):
        yield


async def _go_on_beating(gateway: Gateway, agent: Agent) -> None:
    while True:
        await asyncio.sleep(_BEAT_S)
        await _beat(gateway, agent)


async def _beat(gateway: Gateway, agent: Agent) -> None:
    try:
        await gateway.team.beat(agent.agent_id)
    except Exception:
        _log.exception("heartbeat_failed", agent_id=agent.agent_id)


async def _follow(gateway: Gateway, socket: WebSocket, visitor: str, agent: Callable[[], Awaitable[Agent]]) -> None:

    async def outgoing() -> None:
        async with gateway.fanout.subscribe(DESK_TOPIC, conversation_topic("*")) as signals:
            seen: dict[str, int] = {}
            await socket.send_json({"type": "queue"})
            while True:
                signal = await signals.next(LOOK_AGAIN_S)
                try:
                    reader = await agent()  # before anything is told
                except _OVER as error:
                    await socket.close(4401, error.code)
                    return
                for frame in await _frames(gateway, signal, seen) if reader.may(Operation.CONVERSATIONS_READ) else ():
                    await socket.send_json(frame)

    async def incoming(frame: Frame) -> None:
        await gateway.limits.check(Limit.FRAMES_OF_VISITOR, visitor)
        if isinstance(frame.get("typing"), str):
            with suppress(*_OVER):  # then `outgoing` closes it
                await _tell_typing(gateway, await agent(), frame["typing"])

    await serve(socket, outgoing=outgoing, incoming=incoming)


async def _tell_typing(gateway: Gateway, agent: Agent, conversation_id: str) -> None:
    """The agent is typing: to the customer's open page, and to the channel that shows it elsewhere."""
    try:
        conversation = await gateway.log.get(conversation_id)
    except UnknownConversationError:
        return
    if conversation.agent_id != agent.agent_id:
        return
    channel = channel_topic(conversation.channel)
    await gateway.fanout.publish(conversation_topic(conversation_id), {"type": "typing"})
    await gateway.fanout.publish(channel, {"type": "typing", "conversation_id": conversation_id})


async def _frames(gateway: Gateway, signal: Signal | None, seen: dict[str, int]) -> list[Frame]:
    """What a signal means to the desk. `seen` holds the last sequence number told of each open conversation."""
    if signal is None:
        return [{"type": "queue"}]  # nothing was told for a while: the lists may be looked at again
    if signal["type"] == "changed":
        return await _changed(gateway, signal["conversation_id"], seen)
    if signal["type"] == "queue" and "conversation_id" not in signal:
        return [{"type": "queue"}]
    if signal["type"] in ("typing", "whisper", "note") and "conversation_id" in signal:
        return [signal]
    if signal["type"] == "delivery" and signal["conversation_id"] in seen:
        conversation = await gateway.log.get(signal["conversation_id"])
        return [{**signal, "reach": await reach_of(gateway, conversation)}]
    return []


async def _changed(gateway: Gateway, conversation_id: str, seen: dict[str, int]) -> list[Frame]:
    conversation = await gateway.log.get(conversation_id)
    with_people = conversation.state in (State.QUEUED, State.AGENT)
    if not with_people and conversation_id not in seen:
        return []
    after = seen.get(conversation_id, max(0, conversation.last_seq - 20))
    messages = await gateway.log.messages(conversation_id, after=after)
    if with_people:
        seen[conversation_id] = messages[-1].seq if messages else after
    else:
        del seen[conversation_id]
    return [
        {
            "type": "conversation",
            "conversation_id": conversation_id,
            "messages": [shown(message) for message in messages],
            "state": conversation.state,
            "reach": await reach_of(gateway, conversation),
        }
    ]
