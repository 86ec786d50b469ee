"""The customer's API and the demo page's, as the fake gateway speaks them."""

import asyncio
import base64
import json
from typing import Any

from fastapi import APIRouter, Header, WebSocket

from tests.web.fake_gateway.conversation import Conversation
from tests.web.fake_gateway.state import CUSTOMERS, MAX_CHARS, FakeGateway, listen, refuse


def customer_routes(gateway: FakeGateway) -> APIRouter:
    """`/api/chat`"""
    router = APIRouter(prefix="/api/chat")

    def of_session(authorization: str) -> Conversation:
        try:
            return gateway.conversations[gateway.sessions[authorization.removeprefix("Bearer ")]]
        except KeyError:
            raise refuse(401, "invalid_session", "会话已过期") from None

    @router.get("/config")
    async def config() -> dict[str, Any]:
        return {
            "brand": "掌柜银行",
            "assistant": "小掌",
            "hotline": "955000",
            "max_chars": MAX_CHARS,
            "greeting": "您好，我是掌柜银行的智能客服小掌，请问有什么可以帮您？",
            "suggestions": ["查余额", "上个月花了多少", "信用卡什么时候还款", "挂失银行卡"],
        }

    @router.post("/sessions")
    async def sessions(body: dict[str, Any]) -> dict[str, str]:
        token = body.get("token")
        if token is None:
            return gateway.open(None)
        return gateway.open(json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))["sub"])

    @router.post("/messages")
    async def send(body: dict[str, Any], authorization: str = Header("")) -> dict[str, Any]:
        conversation = of_session(authorization)
        if len(body["text"]) > MAX_CHARS:
            raise refuse(413, "message_too_long", "内容太长了，请控制在2000字以内。")
        answers = gateway.receive(conversation, body["client_message_id"], body["text"])
        await gateway.tell()
        await asyncio.sleep(gateway.answer_after_s)
        return {**conversation.said(len(conversation.messages)), "messages": answers}

    @router.post("/feedback", status_code=204)
    async def feedback(body: dict[str, Any], authorization: str = Header("")) -> None:
        of_session(authorization)
        gateway.opinions.append((body["seq"], body["useful"]))

    @router.get("/messages")
    async def read(after: int = 0, authorization: str = Header("")) -> dict[str, Any]:
        return of_session(authorization).said(after)

    @router.websocket("/stream")
    async def stream(socket: WebSocket, after: int = 0) -> None:
        _, session = socket.scope["subprotocols"]
        conversation_id = gateway.sessions.get(session)
        if conversation_id is None or gateway.streams_blocked or gateway.failing:
            await socket.close(4401)
            return
        await socket.accept("zhanggui")
        socket.state.seen, socket.state.known = after, None
        await gateway._tell_customer(socket, gateway.conversations[conversation_id], first=True)
        gateway.streams[socket] = conversation_id
        await listen(gateway, socket)

    return router


def demo_routes(gateway: FakeGateway) -> APIRouter:
    """`/demo`"""
    router = APIRouter(prefix="/demo")

    @router.get("/customers")
    async def customers() -> list[dict[str, str]]:
        return CUSTOMERS

    @router.post("/token")
    async def token(body: dict[str, str]) -> dict[str, str]:
        claims = base64.urlsafe_b64encode(json.dumps({"sub": body["customer_id"]}).encode()).decode().rstrip("=")
        return {"token": f"head.{claims}.signature"}

    @router.get("/sms")
    async def sms(conversation_id: str) -> list[dict[str, str]]:
        return gateway.sms

    return router
