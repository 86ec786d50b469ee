"""The desk's API for conversations, as the fake gateway speaks it."""

import time
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Cookie, Header, Response, WebSocket

from tests.web.fake_gateway.conversation import Conversation
from tests.web.fake_gateway.state import FakeGateway, listen, refuse


def desk_routes(gateway: FakeGateway) -> APIRouter:
    """`/api/desk`"""
    router = APIRouter(prefix="/api/desk")

    signed_in = gateway.agent_of

    def mine(conversation_id: str, cookie: str) -> Conversation:
        agent, found = signed_in(cookie), gateway.conversations[conversation_id]
        if found.agent != agent:
            raise refuse(409, "not_yours", "该会话不在您的名下")
        return found

    @router.get("/conversations")
    async def conversations(view: str, desk: str = Cookie("")) -> dict[str, Any]:
        agent = signed_in(desk)
        wanted = {
            "queued": lambda c: c.state == "queued",
            "mine": lambda c: c.state == "agent" and c.agent == agent,
            "mentioned": lambda c: agent["agent_id"] in c.unseen,
            "all": lambda c: bool(c.queued_at),
        }[view]
        found = [c for c in gateway.conversations.values() if wanted(c)]
        return {"conversations": [listed(c, agent) for c in sorted(found, key=lambda c: c.queued_at)]}

    @router.get("/conversations/{conversation_id}")
    async def conversation(conversation_id: str, desk: str = Cookie("")) -> dict[str, Any]:
        agent, found = signed_in(desk), gateway.conversations[conversation_id]
        return {**detail(found), "reveals": found.agent == agent or agent["role"] == "supervisor"}

    @router.post("/conversations/{conversation_id}/reveal")
    async def reveal(conversation_id: str, body: dict[str, Any], desk: str = Cookie(""), x_desk: str = Header()) -> Any:
        signed_in(desk)
        if body["reason"] == "other" and not body["note"]:
            raise refuse(422, "invalid_message", "请填写说明")
        gateway.reveals.append({"conversation": conversation_id, **body})
        return {"value": {"name": "王芳", "phone": "13800001234"}.get(body["what"], "13912345678")}

    @router.get("/conversations/{conversation_id}/pictures/{seq}")
    async def picture(conversation_id: str, seq: int, desk: str = Cookie("")) -> Response:
        signed_in(desk)
        found = gateway.conversations[conversation_id].pictures.get(seq)
        if found is None:
            raise refuse(410, "picture_gone", "图片暂时无法查看，可能已过期")
        return Response(found, media_type="image/png")

    @router.post("/conversations/{conversation_id}/claim")
    async def claim(conversation_id: str, desk: str = Cookie(""), x_desk: str = Header()) -> dict[str, Any]:
        agent, found = signed_in(desk), gateway.conversations[conversation_id]
        if found.state != "queued":
            raise refuse(409, "already_claimed", "该会话已被接入或客户已离开")
        found.state, found.agent = "agent", agent
        found.append("system", f"客服{agent['name']}已接入。")
        await gateway.tell()
        return {"state": "agent"}

    @router.post("/conversations/{conversation_id}/messages")
    async def reply(
        conversation_id: str, body: dict[str, str], desk: str = Cookie(""), x_desk: str = Header()
    ) -> dict[str, Any]:
        gateway.posts += 1
        found = mine(conversation_id, desk)
        key = body["client_message_id"]
        said = next((m for m in found.messages if m.get("client_message_id") == key), None)
        metadata = {"agent": signed_in(desk)["name"]}
        said = said or found.append("agent", body["text"], client_message_id=key, metadata=metadata)
        await gateway.tell()
        return {"messages": [said], "state": "agent"}

    @router.post("/conversations/{conversation_id}/{move}")
    async def finish(
        conversation_id: str,
        move: str,
        body: dict[str, Any] | None = None,
        desk: str = Cookie(""),
        x_desk: str = Header(),
    ) -> dict[str, Any]:
        found = mine(conversation_id, desk)
        found.summary = (body or {}).get("summary")
        found.state, found.agent = {"return": "bot", "close": "closed"}[move], None
        suggestion = (body or {}).get("suggestion")
        told = {"return": "已转回智能客服。", "close": "本次人工服务已结束。"}[move]
        found.append("system", told, buttons=[{"title": suggestion}] if suggestion else [])
        await gateway.tell()
        return {"state": found.state}

    @router.websocket("/stream")
    async def stream(socket: WebSocket) -> None:
        signed_out = socket.cookies.get("desk", "") not in gateway.desk_sessions
        if signed_out or gateway.locked or gateway.streams_blocked:
            await socket.close(4401)
            return
        await socket.accept()
        socket.state.seen = {c.conversation_id: len(c.messages) for c in gateway.conversations.values()}
        await socket.send_json({"type": "queue"})
        gateway.streams[socket] = None
        await listen(gateway, socket)

    return router


def listed(conversation: Conversation, agent: dict[str, Any]) -> dict[str, Any]:
    """One line of the desk's lists."""
    waits = conversation.state == "queued"
    return {
        "conversation_id": conversation.conversation_id,
        "state": conversation.state,
        "channel": conversation.channel,
        "customer_name": "王*" if conversation.customer_id else None,
        "reason": conversation.reason,
        "skill": conversation.skill,
        "urgency": conversation.urgency,
        "reserved_for": conversation.reserved_for,
        "clocks": conversation.clocks,
        "waiting_s": int(time.time() - conversation.queued_at) if waits else None,
        "queued_at": datetime.fromtimestamp(conversation.queued_at, UTC).isoformat(),
        "last_text": conversation.messages[-1]["text"] if conversation.messages else "",
        "agent_id": conversation.agent and conversation.agent["agent_id"],
        "agent_name": conversation.agent and conversation.agent["name"],
        "unread": 1 if waits else 0,
        "mentions": int(agent["agent_id"] in conversation.unseen),
        "tags": conversation.tags,
    }


def detail(conversation: Conversation) -> dict[str, Any]:
    """One conversation as the desk opens it."""
    customer = {
        "name": "王*",
        "title": "女士",
        "segment": "金卡客户",
        "risk_level": "C3",
        "phone": "138****1234",
        "manager": "陈立",
        "products": "借记卡、信用卡、理财",
        "level": 2,
        "complaints": [
            {
                "number": "TS2026112300017",
                "state": "investigating",
                "due_on": "2026-12-08",
                "what": "取现手续费有误",
            }
        ],
    }
    return {
        "conversation": {
            "conversation_id": conversation.conversation_id,
            "state": conversation.state,
            "channel": "web",
            "agent_id": conversation.agent and conversation.agent["agent_id"],
        },
        "messages": conversation.messages,
        "notes": conversation.notes,
        "transfers": conversation.transfers,
        "whispers": conversation.whispers,
        "tags": conversation.tags,
        "past": conversation.past,
        "handoff": {
            "reason": conversation.reason,
            "note": "客户两次询问手续费未得到解答",
            "queued_at": datetime.fromtimestamp(conversation.queued_at, UTC).isoformat(),
            "claimed_at": None,
            "level": 2 if conversation.customer_id else 0,
            "collected": conversation.collected,
            "tried": conversation.tried,
            "last_intents": [
                {"intent": "ask_faq", "confidence": 0.41},
                {"intent": "file_complaint", "confidence": 0.77},
                {"intent": "request_human", "confidence": 0.98},
            ],
        },
        "customer": customer if conversation.customer_id else None,
        "reach": conversation.reach,
    }
