"""The desk's API for complaints, as the fake gateway speaks it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Cookie, Header, Response

from tests.web.fake_gateway.state import AGENTS, FakeGateway, refuse

_NEXT = {"accept": "accepted", "investigate": "investigating", "answer": "answered", "close": "closed"}
_MOVES = {
    "received": ["accept", "assign", "reclassify", "extension"],
    "reopened": ["accept", "assign", "reclassify", "extension"],
    "accepted": ["investigate", "assign", "reclassify", "extension"],
    "investigating": ["answer", "assign", "reclassify", "extension"],
    "answered": ["close", "reopen"],
    "closed": ["reopen"],
}
CATEGORIES = {
    "payment": {"name": "转账与支付", "subcategories": {"failed": "失败与未到账", "fee": "转账收费"}},
    "service": {"name": "网点与服务", "subcategories": {"waiting": "等候时间", "attitude": "服务态度"}},
}
TEMPLATES = [
    {
        "id": "upheld",
        "title": "投诉成立，已处理",
        "outcome": "upheld",
        "text": "您好，您反映的“转账失败”一事，我们已核实清楚：【核实到的事实】。我们已经【处理措施】。",
    },
    {
        "id": "not_upheld",
        "title": "经核实符合规定",
        "outcome": "not_upheld",
        "text": "您好，依据【规定或约定】，请您理解。",
    },
]


@dataclass
class FakeComplaint:
    """One complaint and what happened to it."""

    number: str
    what: str = "转账失败，钱没退回来"
    state: str = "received"
    days_left: int = 12
    conversation_id: str = "conversation-1"
    concerns: list[str] = field(default_factory=list)
    category: str = "payment"
    handler: dict[str, str] | None = None
    extension: dict[str, Any] | None = None
    timeline: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.happened("file", None)

    def happened(self, event: str, agent: dict[str, str] | None, **more: Any) -> None:
        actor = {"kind": "agent", "name": agent["name"]} if agent else {"kind": "customer", "name": None}
        entry = {"seq": len(self.timeline) + 1, "at": datetime.now(UTC).isoformat(), "actor": actor, "event": event}
        self.timeline.append({**entry, "state": self.state, "text": None, "told": None, "detail": {}, **more})

    def moves(self, agent: dict[str, str]) -> list[str]:
        if "complaints.work" not in agent["may"]:
            return []
        others = self.handler not in (None, agent) and agent["role"] != "supervisor"
        moves = [] if others else [move for move in _MOVES[self.state] if move != "extension" or not self.extension]
        decides = self.extension and agent["role"] == "supervisor" and self.extension["by"] != agent
        return [*moves, *(["approve", "refuse"] if decides else []), "note"]

    def line(self) -> dict[str, Any]:
        """One line of the list."""
        standing = "breached" if self.days_left < 0 else "warning" if self.days_left <= 3 else "on_time"
        over = self.state in ("answered", "closed")
        return {
            "number": self.number,
            "state": self.state,
            "category_name": CATEGORIES[self.category]["name"],
            "subcategory_name": None,
            "what": self.what,
            "concerns": self.concerns,
            "due_on": (date.today() + timedelta(days=self.days_left)).isoformat(),
            "days_left": None if over else self.days_left,
            "standing": standing,
            "handler_id": self.handler and self.handler["agent_id"],
            "handler_name": self.handler and self.handler["name"],
            "extension_pending": self.extension is not None,
        }

    def detail(self, agent: dict[str, str]) -> dict[str, Any]:
        """One complaint as the desk opens it."""
        moves, day = self.moves(agent), date.today().isoformat()
        more = {
            "category": self.category,
            "subcategory": None,
            "target": "手机银行",
            "target_kind": "app",
            "branch": None,
            "wish": "尽快退款，并说明原因",
            "occurred_on": day,
            "amount": "¥300.00",
            "complexity": "simple",
            "received_at": self.timeline[0]["at"],
            "clock_started_on": day,
            "round": 1,
            "extended": False,
            "extended_until": (date.today() + timedelta(days=self.days_left + 30)).isoformat(),
            "outcome": None,
            "answered_at": None,
            "channel": "web",
            "conversation_id": self.conversation_id,
            "customer_name": "王*",
            "phone": "138****1234",
            "phone_source": "[手机号1]",
            "reveals": agent["role"] == "supervisor" or self.handler == agent,
        }
        asked = self.extension
        return {
            "complaint": {**self.line(), **more},
            "timeline": self.timeline,
            "extension": asked and {**asked, "mine": asked["by"] == agent},
            "moves": moves,
            "templates": TEMPLATES if "answer" in moves else [],
            "version": len(self.timeline),
        }


def complaint_routes(gateway: FakeGateway) -> APIRouter:
    """`/api/desk/complaints`"""
    router = APIRouter(prefix="/api/desk/complaints")

    @router.get("")
    async def complaints(
        view: str = "all", state: str = "", number: str = "", watch: str = "", desk: str = Cookie("")
    ) -> dict[str, Any]:
        agent = gateway.agent_of(desk)
        every = sorted(gateway.complaints.values(), key=lambda each: each.days_left)
        running = [each for each in every if each.line()["days_left"] is not None]
        views = {
            "all": every,
            "mine": [each for each in every if each.handler == agent],
            "unassigned": [each for each in running if each.handler is None],
            "approvals": [each for each in every if each.extension],
        }
        wanted = [state] if state else _MOVES if number else [each for each in _MOVES if each != "closed"]
        found = [each.line() for each in views[view] if each.state in wanted and number in each.number]
        standings = [each.line()["standing"] for each in running]
        counts = {name: len(listed) for name, listed in views.items()}
        counts |= {standing: standings.count(standing) for standing in ("breached", "warning")}
        version = len(gateway.complaints[watch].timeline) if watch in gateway.complaints else None
        return {"complaints": found, "total": len(found), "counts": counts, "version": version}

    @router.get("/choices")
    async def choices(desk: str = Cookie("")) -> dict[str, Any]:
        me = gateway.agent_of(desk)["agent_id"]
        return {"categories": CATEGORIES, "agents": list(AGENTS.values()), "me": me}

    @router.post("/wording")
    async def wording(body: dict[str, str]) -> dict[str, Any]:
        start = body["text"].find("保本")
        found = {"word": "保本", "start": start, "end": start + 2, "instead": "产品不保证本金和收益"}
        return {"found": [found] if start >= 0 else []}

    @router.get("/export")
    async def export(since: str, until: str) -> Response:
        name = f'attachment; filename="complaints-{since}-{until}.csv"'
        return Response("投诉编号\r\n", media_type="text/csv", headers={"Content-Disposition": name})

    @router.get("/{number}")
    async def complaint(number: str, desk: str = Cookie("")) -> dict[str, Any]:
        agent = gateway.agent_of(desk)
        if number not in gateway.complaints:
            raise refuse(404, "unknown_complaint", "没有这件投诉")
        return gateway.complaints[number].detail(agent)

    @router.post("/{number}/{move}")
    async def move(
        number: str, move: str, body: dict[str, Any], desk: str = Cookie(""), x_desk: str = Header()
    ) -> dict[str, Any]:
        agent, found = gateway.agent_of(desk), gateway.complaints[number]
        if move not in found.moves(agent):
            raise refuse(409, "forbidden_complaint_move", "投诉的状态已经变化，请看最新情况后再操作")
        gateway.moves.append((move, body))
        _apply(found, agent, move, body)
        await gateway.tell()
        return {"number": number, "state": found.state}

    return router


def _apply(found: FakeComplaint, agent: dict[str, str], move: str, body: dict[str, Any]) -> None:
    told = f"您的投诉{found.number}有新的进展。" if move in _NEXT else None
    found.state = "reopened" if move == "reopen" else _NEXT.get(move, found.state)
    found.handler = found.handler or agent if move == "accept" else found.handler
    if move == "assign":
        found.handler = next(each for each in AGENTS.values() if each["agent_id"] == body["agent_id"])
    if move == "extension":
        until = (date.today() + timedelta(days=found.days_left + 30)).isoformat()
        found.extension = {"by": agent, "requested_by": agent["name"], "reason": body["reason"], "until": until}
    if move in ("approve", "refuse"):
        found.extension = None
        found.days_left += 30 if move == "approve" else 0
    found.happened(move, agent, text=body.get("text") or body.get("reason"), told=told)
