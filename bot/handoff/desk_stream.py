"""The desk's live stream: which lists and conversations have changed."""

from fastapi import APIRouter, WebSocket

from bot import metrics
from bot.bootstrap import Gateway
from bot.channels.api import shown
from bot.channels.stream import LOOK_AGAIN_S, Frame, serve
from bot.conversations.fanout import DESK_TOPIC, Signal, conversation_topic
from bot.conversations.messages import State
from bot.handoff.desk import COOKIE
from bot.handoff.errors import DeskSessionError

router = APIRouter()


@router.websocket("/api/desk/stream")
async def stream(socket: WebSocket) -> None:
    """Tells the desk which lists and conversations changed (docs/api.md describes the frames)."""
    gateway: Gateway = socket.app.state.gateway
    try:
        await gateway.agents.of_session(socket.cookies.get(COOKIE, ""))
    except DeskSessionError:
        await socket.close(4401, "invalid_desk_session")
        return
    if not _same_origin(socket):
        await socket.close(4403, "foreign_origin")
        return
    await socket.accept()

    async def outgoing() -> None:
        async with gateway.fanout.subscribe(DESK_TOPIC, conversation_topic("*")) as signals:
            seen: dict[str, int] = {}
            await socket.send_json({"type": "queue"})
            while True:
                signal = await signals.next(LOOK_AGAIN_S)
                for frame in await _frames(gateway, signal, seen):
                    await socket.send_json(frame)

    async def incoming(frame: Frame) -> None:
        if isinstance(frame.get("typing"), str):
            await gateway.fanout.publish(conversation_topic(frame["typing"]), {"type": "typing"})

    with metrics.STREAMS.labels(side="desk").track_inprogress():
        await serve(socket, outgoing=outgoing, incoming=incoming)


async def _frames(gateway: Gateway, signal: Signal | None, seen: dict[str, int]) -> list[Frame]:
    """What a signal means to the desk. `seen` holds the last sequence number told of each open conversation."""
    if signal is None:
        return [{"type": "queue"}]  # nothing was told for a while: the lists may be looked at again
    if signal["type"] == "changed":
        return await _changed(gateway, signal["conversation_id"], seen)
    if signal["type"] == "queue" and "conversation_id" not in signal:
        return [{"type": "queue"}]
    if signal["type"] == "typing" and "conversation_id" in signal:
        return [signal]
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
        }
    ]


def _same_origin(socket: WebSocket) -> bool:
    origin = socket.headers.get("origin")
    return origin is None or origin.partition("//")[2] == socket.headers.get("host")
