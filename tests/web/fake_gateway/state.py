"""What the fake gateway knows, and the levers by which a test moves it.

It has no dialogue: `answer` says what the bot answers. It can be made to fail (`failing`), to cut every stream
(`streams_blocked`, `drop_streams`), and it counts what arrived, so that tests see that nothing was repeated.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fastapi import HTTPException, WebSocket
from starlette.websockets import WebSocketDisconnect

from bot.desk.canned import initials, shipped
from bot.staff.roles import Operation, Role, may
from tests.web.fake_gateway.conversation import Conversation

if TYPE_CHECKING:
    from tests.web.fake_gateway.complaints import FakeComplaint

MAX_CHARS = 2000
CUSTOMERS = [
    {"customer_id": "C1", "name": "王芳", "note": "两张储蓄卡，一张信用卡"},
    {"customer_id": "C2", "name": "李建国", "note": "新客户"},
]


def _agent(agent_id: str, login: str, name: str, role: Role) -> dict[str, Any]:
    allowed = [operation.value for operation in Operation if may(role, operation)]
    return {"agent_id": agent_id, "login": login, "name": name, "role": role, "may": allowed}


AGENTS = {
    "agent1": _agent("a1", "agent1", "林晓", "agent"),
    "agent2": _agent("a2", "agent2", "周岚", "agent"),
    "supervisor1": _agent("s1", "supervisor1", "吴敏", "supervisor"),
    "auditor1": _agent("d1", "auditor1", "郑伟", "auditor"),
    "editor1": _agent("e1", "editor1", "何静", "editor"),
    "admin1": _agent("m1", "admin1", "沈洁", "admin"),
}
PASSWORD = "correct"

Reply = dict[str, Any]


def refuse(status: int, code: str, message: str) -> HTTPException:
    """An error with the body that the APIs promise."""
    return HTTPException(status, {"code": code, "message": message})


@dataclass
class FakeAccount:
    """An account as admins see it."""

    agent_id: str
    login: str
    name: str
    role: str
    may: list[str] = field(default_factory=list)
    disabled: bool = False
    has_totp: bool = True
    must_change_password: bool = False
    sessions: int = 0


class FakeGateway:
    """State and levers of the fake; `url` is where it listens once `running`."""

    def __init__(self) -> None:
        self.reset()
        self.url = ""
        self.loop: asyncio.AbstractEventLoop | None = None

    def reset(self) -> None:
        """Begin anew, as a test should."""
        from tests.web.fake_gateway.knowledge import FakeKnowledge  # which needs this module
        from tests.web.fake_gateway.team import FakeTeam  # likewise

        self.conversations: dict[str, Conversation] = {}
        self.sessions: dict[str, str] = {}
        self.desk_sessions: dict[str, dict[str, Any]] = {}
        self.locked = False
        self.steps: dict[str, list[str]] = {}
        """What each login has still to do when it signs in: `code`, `password`, `enrolment`."""
        self.accounts = [FakeAccount(**AGENTS[login]) for login in AGENTS]
        self.reveals: list[dict[str, Any]] = []
        self.activity = 0
        self.suggestions: list[dict[str, Any]] = []
        self.canned = [
            {**each.model_dump(), "reply_id": f"r{n}", "initials": initials(each.title)}
            for n, each in enumerate(shipped())
        ]
        self.filed: list[dict[str, Any]] = []
        """Complaints that agents filed for customers."""
        self.sms: list[dict[str, str]] = []
        self.complaints: dict[str, FakeComplaint] = {}
        self.knowledge = FakeKnowledge()
        self.team = FakeTeam()
        self.moves: list[tuple[str, dict[str, Any]]] = []
        self.writes: list[dict[str, Any]] = []
        self.answer: Callable[[str], list[Reply]] = lambda text: [{"text": f"收到：{text}"}]
        self.answer_after_s = 0.0
        self.opinions: list[tuple[int, bool]] = []
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

    def lock(self) -> None:
        """Nobody has used the desk for a while."""
        self.locked = True
        self.drop_streams()

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

    def agent_of(self, cookie: str) -> dict[str, Any]:
        """Who is signed in at the desk with this cookie."""
        if cookie in self.desk_sessions and self.locked:
            raise refuse(401, "desk_locked", "工作台已锁定，请输入密码")
        if cookie not in self.desk_sessions:
            raise refuse(401, "signed_out", "登录已过期，请重新登录")
        return self.desk_sessions[cookie]

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

    def wall(self) -> dict[str, Any]:
        """What supervisors watch."""
        found = self.conversations.values()
        waits = [time.time() - each.queued_at for each in found if each.state == "queued"]
        loads = [
            {
                "agent_id": agent["agent_id"],
                "name": agent["name"],
                "presence": "online" if agent in self.desk_sessions.values() else "offline",
                "capacity": self.team.capacities.get(str(agent["agent_id"]), self.team.capacity),
                "serving": sum(each.agent == agent for each in found),
                "closed": 0,
                "ratings": 0,
                "score": None,
            }
            for agent in AGENTS.values()
            if agent["role"] in ("agent", "supervisor")
        ]
        today = {"queued": len(found), "claimed": 0, "given_up": 0, "long_waits": sum(each > 180 for each in waits)}
        return {
            "waiting": len(waits),
            "longest_wait_s": int(max(waits, default=0)),
            "online": sum(load["presence"] == "online" for load in loads),
            "away": 0,
            "served": sum(load["serving"] for load in loads),
            "clocks": {"first_reply": {"warning": 0, "breached": sum(each > 60 for each in waits)}},
            "tickets": 0,
            "tickets_late": 0,
            "agents": loads,
            "today": {**today, "mean_wait_s": None, "ratings": 2, "score": 4.5, "reasons": {"asked": len(found)}},
        }

    async def tell_desks(self, about: str, conversation_id: str) -> None:
        """Tell the desks of a `note` or a `whisper`."""
        for socket in [socket for socket, customer in self.streams.items() if customer is None]:
            await socket.send_json({"type": about, "conversation_id": conversation_id})

    async def _tell_customer(self, socket: WebSocket, conversation: Conversation, *, first: bool = False) -> None:
        frame = conversation.said(socket.state.seen)
        known = (conversation.state, conversation.position, conversation.wait_s)
        if first or frame["messages"] or known != socket.state.known:
            socket.state.seen, socket.state.known = len(conversation.messages), known
            await socket.send_json(frame)

    async def _tell_desk(self, socket: WebSocket) -> None:
        await socket.send_json({"type": "queue"})
        for found in self.conversations.values():
            frame = found.said(socket.state.seen.get(found.conversation_id, 0))
            socket.state.seen[found.conversation_id] = len(found.messages)
            about = {"conversation_id": found.conversation_id, "reach": found.reach}
            if frame["messages"]:
                await socket.send_json({"type": "conversation", **about, **frame})
            elif found.reach:
                await socket.send_json({"type": "delivery", **about})


async def listen(gateway: FakeGateway, socket: WebSocket) -> None:
    """Count typing frames until the stream ends."""
    try:
        while True:
            gateway.typing_seen += "typing" in await socket.receive_json()
    except (WebSocketDisconnect, RuntimeError):
        gateway.streams.pop(socket, None)
