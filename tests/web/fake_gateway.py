"""A gateway in memory that speaks the customer, desk and demo APIs and does what a browser test tells it.

It has no dialogue: `answer` says what the bot answers. It can be made to fail (`failing`), to cut every stream
(`streams_blocked`, `drop_streams`), and it counts what arrived, so that tests see that nothing was repeated.
"""

import asyncio
import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import APIRouter, Cookie, FastAPI, Header, HTTPException, Request, Response, WebSocket
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.websockets import WebSocketDisconnect

PAGES = Path(__file__).resolve().parents[2] / "bot" / "web"
CSP = "default-src 'self'; img-src 'self' data:; frame-ancestors 'self'"
MAX_CHARS = 2000
CUSTOMERS = [
    {"customer_id": "C1", "name": "王芳", "note": "两张储蓄卡，一张信用卡"},
    {"customer_id": "C2", "name": "李建国", "note": "新客户"},
]
AGENTS = {
    "agent1": {"agent_id": "a1", "name": "林晓", "role": "agent"},
    "agent2": {"agent_id": "a2", "name": "周岚", "role": "agent"},
}
PASSWORD = "correct"

Reply = dict[str, Any]


def refuse(status: int, code: str, message: str) -> HTTPException:
    """An error with the body that the APIs promise."""
    return HTTPException(status, {"code": code, "message": message})


@dataclass
class Conversation:
    """One conversation and the log of it."""

    conversation_id: str
    customer_id: str | None = None
    state: str = "bot"
    position: int | None = None
    reason: str = "asked"
    agent: dict[str, str] | None = None
    queued_at: float = 0.0
    messages: list[dict[str, Any]] = field(default_factory=list)

    def append(self, author: str, text: str, **extra: Any) -> dict[str, Any]:
        message = {"seq": len(self.messages) + 1, "author": author, "text": text, **extra}
        message["created_at"] = datetime.now(UTC).isoformat()
        self.messages.append(message)
        return message

    def said(self, after: int) -> dict[str, Any]:
        frame: dict[str, Any] = {"messages": [m for m in self.messages if m["seq"] > after], "state": self.state}
        if self.state == "queued":
            frame["queue"] = {"position": self.position}
        return frame


class FakeGateway:
    """State and levers of the fake; `url` is where it listens once `running`."""

    def __init__(self) -> None:
        self.reset()
        self.url = ""
        self.loop: asyncio.AbstractEventLoop | None = None

    def reset(self) -> None:
        """Begin anew, as a test should."""
        self.conversations: dict[str, Conversation] = {}
        self.sessions: dict[str, str] = {}
        self.desk_sessions: dict[str, dict[str, str]] = {}
        self.sms: list[dict[str, str]] = []
        self.answer: Callable[[str], list[Reply]] = lambda text: [{"text": f"收到：{text}"}]
        self.answer_after_s = 0.0
        self.failing = False
        self.streams_blocked = False
        self.posts = 0
        self.typing_seen = 0
        self.streams: dict[WebSocket, str | None] = {}

    # Levers of the tests, called from the test's thread

    def do(self, action: Callable[[], Any]) -> Any:
        """Run `action` on the server's thread and tell all streams of what it changed."""

        async def run() -> Any:
            result = action()
            await self.tell()
            return result

        assert self.loop is not None
        return asyncio.run_coroutine_threadsafe(run(), self.loop).result(5)

    def only(self) -> Conversation:
        """The one conversation there is."""
        (conversation,) = self.conversations.values()
        return conversation

    def says(self, author: str, text: str, conversation: Conversation | None = None, **extra: Any) -> None:
        self.do(lambda: (conversation or self.only()).append(author, text, **extra))

    def drop_streams(self, *, block: bool = False) -> None:
        """Cut every WebSocket, as a lost network does; `block` also refuses new ones."""
        self.streams_blocked = block
        assert self.loop is not None
        closing = [asyncio.run_coroutine_threadsafe(socket.close(1001), self.loop) for socket in list(self.streams)]
        for future in closing:
            future.exception(5)

    def typing(self, conversation: Conversation | None = None) -> None:
        """The agent is writing."""
        found = conversation or self.only()
        assert self.loop is not None
        asyncio.run_coroutine_threadsafe(self._send_typing(found), self.loop).result(5)

    async def _send_typing(self, conversation: Conversation) -> None:
        for socket, conversation_id in list(self.streams.items()):
            if conversation_id == conversation.conversation_id:
                await socket.send_json({"messages": [], "state": conversation.state, "typing": True})

    def queue(self, conversation: Conversation, position: int = 1) -> None:
        """Put a conversation in the queue (from within `do` or a route)."""
        conversation.state, conversation.position, conversation.queued_at = "queued", position, time.time()
        conversation.append("system", f"正在为您转接人工客服，您排在第{position}位。", buttons=[{"title": "取消排队"}])

    # What the server does

    def open(self, customer_id: str | None) -> dict[str, str]:
        number = len(self.sessions) + 1
        session, conversation_id = f"session-{number}", f"conversation-{number}"
        self.sessions[session] = conversation_id
        self.conversations[conversation_id] = Conversation(conversation_id, customer_id)
        return {"session": session, "conversation_id": conversation_id}

    def receive(self, conversation: Conversation, client_message_id: str, text: str) -> list[dict[str, Any]]:
        """Take a message once, and what was said in answer to it."""
        self.posts += 1
        own = next((m for m in conversation.messages if m.get("client_message_id") == client_message_id), None)
        if own is None:
            own = conversation.append("customer", text, client_message_id=client_message_id)
            if conversation.state == "closed":
                conversation.state = "bot"
            if conversation.state == "queued" and text == "取消排队":
                conversation.state = "bot"
                conversation.append("system", "已为您取消排队。", reply_to=own["seq"])
            elif conversation.state == "bot" and text == "转人工":
                self.queue(conversation, 2)
            elif conversation.state == "bot":
                for reply in self.answer(text):
                    conversation.append("bot", reply_to=own["seq"], **reply)
        return [m for m in conversation.messages if m.get("reply_to") == own["seq"]]

    async def tell(self) -> None:
        """Send every stream what its reader has not seen."""
        for socket, conversation_id in list(self.streams.items()):
            try:
                if conversation_id is None:
                    await self._tell_desk(socket)
                else:
                    await self._tell_customer(socket, self.conversations[conversation_id])
            except (RuntimeError, WebSocketDisconnect):
                self.streams.pop(socket, None)

    async def _tell_customer(self, socket: WebSocket, conversation: Conversation, *, first: bool = False) -> None:
        frame = conversation.said(socket.state.seen)
        known = (conversation.state, conversation.position)
        if first or frame["messages"] or known != socket.state.known:
            socket.state.seen, socket.state.known = len(conversation.messages), known
            await socket.send_json(frame)

    async def _tell_desk(self, socket: WebSocket) -> None:
        await socket.send_json({"type": "queue"})
        for found in self.conversations.values():
            frame = found.said(socket.state.seen.get(found.conversation_id, 0))
            socket.state.seen[found.conversation_id] = len(found.messages)
            if frame["messages"]:
                await socket.send_json({"type": "conversation", "conversation_id": found.conversation_id, **frame})


def create_app(gateway: FakeGateway) -> FastAPI:
    """The HTTP and WebSocket side of `gateway`, with the pages of `bot/web`."""
    app = FastAPI()

    @app.exception_handler(HTTPException)
    async def refused(_request: Request, error: HTTPException) -> JSONResponse:
        return JSONResponse(error.detail, error.status_code)

    @app.middleware("http")
    async def headers_and_faults(request: Request, call_next: Any) -> Response:
        if gateway.failing and request.url.path.startswith("/api/"):
            return JSONResponse({"code": "unavailable", "message": ""}, 503)
        response: Response = await call_next(request)
        response.headers.setdefault("Content-Security-Policy", CSP)
        if not request.url.path.startswith("/api/desk"):
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Access-Control-Allow-Headers"] = "authorization, content-type"
        return Response(status_code=204, headers=dict(response.headers)) if request.method == "OPTIONS" else response

    app.include_router(customer_routes(gateway))
    app.include_router(desk_routes(gateway))
    app.include_router(demo_routes(gateway))
    app.mount("/static", StaticFiles(directory=PAGES))
    app.get("/")(lambda: FileResponse(PAGES / "demo" / "index.html"))
    app.get("/embedding")(lambda: embedding_page(gateway))
    app.get("/desk")(lambda: FileResponse(PAGES / "desk" / "index.html"))
    return app


def embedding_page(gateway: FakeGateway) -> HTMLResponse:
    """Another site's page with the widget's one line, and the least its CSP must allow for it."""
    allowed = f"{gateway.url} {gateway.url.replace('http', 'ws')}"
    csp = f"default-src 'none'; script-src {gateway.url}; connect-src {allowed}"
    line = f'<script type="module" src="{gateway.url}/static/widget/widget.js" data-side="left"></script>'
    return HTMLResponse(f"<!doctype html>{line}", headers={"Content-Security-Policy": csp})


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


async def listen(gateway: FakeGateway, socket: WebSocket) -> None:
    """Count typing frames until the stream ends."""
    try:
        while True:
            gateway.typing_seen += "typing" in await socket.receive_json()
    except (WebSocketDisconnect, RuntimeError):
        gateway.streams.pop(socket, None)


def desk_routes(gateway: FakeGateway) -> APIRouter:
    """`/api/desk`"""
    router = APIRouter(prefix="/api/desk")

    def signed_in(cookie: str) -> dict[str, str]:
        if cookie not in gateway.desk_sessions:
            raise refuse(401, "signed_out", "登录已过期，请重新登录")
        return gateway.desk_sessions[cookie]

    def mine(conversation_id: str, cookie: str) -> Conversation:
        agent, found = signed_in(cookie), gateway.conversations[conversation_id]
        if found.agent != agent:
            raise refuse(409, "not_yours", "该会话不在您的名下")
        return found

    @router.post("/login")
    async def login(body: dict[str, str], response: Response) -> dict[str, Any]:
        if body["login"] not in AGENTS or body["password"] != PASSWORD:
            raise refuse(401, "login_failed", "工号或密码不正确")
        session = f"desk-{len(gateway.desk_sessions)}"
        gateway.desk_sessions[session] = AGENTS[body["login"]]
        response.set_cookie("desk", session, httponly=True, samesite="strict")
        return {"agent": AGENTS[body["login"]]}

    @router.post("/logout")
    async def logout(desk: str = Cookie("")) -> dict[str, Any]:
        gateway.desk_sessions.pop(desk, None)
        return {}

    @router.get("/me")
    async def me(desk: str = Cookie("")) -> dict[str, Any]:
        return {"agent": signed_in(desk)}

    @router.get("/conversations")
    async def conversations(view: str, desk: str = Cookie("")) -> dict[str, Any]:
        agent = signed_in(desk)
        wanted = {
            "queued": lambda c: c.state == "queued",
            "mine": lambda c: c.state == "agent" and c.agent == agent,
            "all": lambda c: bool(c.queued_at),
        }[view]
        found = [c for c in gateway.conversations.values() if wanted(c)]
        return {"conversations": [listed(c) for c in sorted(found, key=lambda c: c.queued_at)]}

    @router.get("/conversations/{conversation_id}")
    async def conversation(conversation_id: str, desk: str = Cookie("")) -> dict[str, Any]:
        signed_in(desk)
        return detail(gateway.conversations[conversation_id])

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
        found.state, found.agent = {"return": "bot", "close": "closed"}[move], None
        found.append("system", {"return": "已转回智能客服。", "close": "本次人工服务已结束。"}[move])
        await gateway.tell()
        return {"state": found.state}

    @router.websocket("/stream")
    async def stream(socket: WebSocket) -> None:
        if socket.cookies.get("desk", "") not in gateway.desk_sessions or gateway.streams_blocked:
            await socket.close(4401)
            return
        await socket.accept()
        socket.state.seen = {c.conversation_id: len(c.messages) for c in gateway.conversations.values()}
        await socket.send_json({"type": "queue"})
        gateway.streams[socket] = None
        await listen(gateway, socket)

    return router


def listed(conversation: Conversation) -> dict[str, Any]:
    """One line of the desk's lists."""
    waits = conversation.state == "queued"
    return {
        "conversation_id": conversation.conversation_id,
        "state": conversation.state,
        "channel": "web",
        "customer_name": "王*" if conversation.customer_id else None,
        "reason": conversation.reason,
        "waiting_s": int(time.time() - conversation.queued_at) if waits else None,
        "queued_at": datetime.fromtimestamp(conversation.queued_at, UTC).isoformat(),
        "last_text": conversation.messages[-1]["text"] if conversation.messages else "",
        "agent_id": conversation.agent and conversation.agent["agent_id"],
        "agent_name": conversation.agent and conversation.agent["name"],
        "unread": 1 if waits else 0,
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
        "handoff": {
            "reason": conversation.reason,
            "note": "客户两次询问手续费未得到解答",
            "queued_at": datetime.fromtimestamp(conversation.queued_at, UTC).isoformat(),
            "claimed_at": None,
            "last_intents": [
                {"intent": "ask_faq", "confidence": 0.41},
                {"intent": "file_complaint", "confidence": 0.77},
                {"intent": "request_human", "confidence": 0.98},
            ],
        },
        "customer": customer if conversation.customer_id else None,
    }


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


@contextmanager
def running(gateway: FakeGateway) -> Iterator[FakeGateway]:
    """Serve `gateway` on a free port of this machine, in a thread."""
    config = uvicorn.Config(create_app(gateway), port=0, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)

    def serve() -> None:
        gateway.loop = asyncio.new_event_loop()
        gateway.loop.run_until_complete(server.serve())

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < deadline, "the fake gateway did not start"
        time.sleep(0.02)
    gateway.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield gateway
    finally:
        server.should_exit = True
        thread.join(10)
