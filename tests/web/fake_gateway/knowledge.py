"""The desk's API for the knowledge base, as the fake gateway speaks it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Cookie, Header, Request, Response

from tests.web.fake_gateway.state import FakeGateway, refuse

Record = dict[str, Any]
LOST: Record = {
    "question": "银行卡丢了怎么办？",
    "phrasings": ["卡丢了怎么挂失", "挂失银行卡", "我的卡掉了", "卡不见了", "卡被偷了"],
    "answer": "请马上在App里挂失，或拨打{hotline}。",
}
FEE: Record = {
    "question": "转账收手续费吗？",
    "phrasings": ["跨行转账要钱吗", "转账手续费多少", "汇款收费吗", "转账费用", "转钱收费不"],
    "answer": "手机银行转账不收手续费。",
}


@dataclass
class FakeKnowledge:
    """What customers missed, what holds, and what is on its way."""

    missed: list[list[str]] = field(default_factory=list)
    entries: dict[str, Record] = field(default_factory=lambda: {"card.lost": LOST, "transfer.fee": FEE})
    versions: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    drafts: list[dict[str, Any]] = field(default_factory=list)
    build: dict[str, Any] = field(default_factory=lambda: {"state": "live", "since": _now(), "problem": None})
    taken: list[bytes] = field(default_factory=list)
    """Files that came in."""

    def group(self, number: int, texts: list[str]) -> dict[str, Any]:
        questions = [{"text": text, "at": _now(), "score": 0.31, "answered_by": None} for text in texts]
        misses = [f"m{number}-{each}" for each in range(len(texts))]
        more = {"count": len(texts), "newest": _now(), "score": 0.31, "answered_by": []}
        return {"id": f"m{number}", "misses": misses, "questions": questions, **more}

    def shown(self, draft: dict[str, Any], agent: dict[str, Any]) -> dict[str, Any]:
        mine = draft["author_id"] == agent["agent_id"]
        moves = {(True, "open"): ["change", "submit", "withdraw"], (True, "submitted"): ["withdraw"]}
        moves[False, "submitted"] = ["publish", "send_back"] if "knowledge.approve" in agent["may"] else []
        before = self.entries.get(draft["entry_id"])
        return {**draft, "before": before, "mine": mine, "moves": moves.get((mine, draft["state"]), [])}

    def publish(self, draft: dict[str, Any], agent: dict[str, Any]) -> None:
        entry_id, record = draft["entry_id"], draft["record"]
        if record is None:
            self.entries.pop(entry_id)
        else:
            self.entries[entry_id] = record
        versions = self.versions.setdefault(entry_id, [])
        people = {"author": draft["author"], "approver": agent["name"]}
        versions.insert(0, {"version": len(versions) + 1, "record": record, "published_at": _now(), **people})

    def hit_test(self, text: str) -> dict[str, Any]:
        """The entry with a phrasing that shares most characters."""

        def likeness(record: Record) -> tuple[float, str]:
            return max((len(set(text) & set(each)) / len(set(text) | set(each)), each) for each in record["phrasings"])

        found = sorted(((*likeness(record), key) for key, record in self.entries.items()), reverse=True)
        figures = {"meaning": 0.72, "words": 0.11}
        candidates = [
            {
                "entry_id": key,
                "question": self.entries[key]["question"],
                "probability": share,
                "nearest": nearest,
                "likeness": share,
                **figures,
            }
            for share, nearest, key in found
        ]
        best = candidates[0]
        decision = "answer" if best["probability"] > 0.6 else "choices" if best["probability"] > 0.3 else "miss"
        return {
            "decision": decision,
            "verbatim": best["probability"] == 1,
            "answer": self.entries[best["entry_id"]]["answer"] if decision == "answer" else None,
            "answer_at": 0.6,
            "choices_at": 0.3,
            "meant": min(1.0, sum(candidate["probability"] for candidate in candidates)),
            "version": "5f0c2a",
            "candidates": candidates,
        }


def knowledge_routes(gateway: FakeGateway) -> APIRouter:
    """`/api/desk/knowledge`"""
    router = APIRouter(prefix="/api/desk/knowledge")

    def found(draft_id: str) -> dict[str, Any]:
        return next(draft for draft in gateway.knowledge.drafts if draft["draft_id"] == draft_id)

    def begun(agent: dict[str, Any], entry_id: str, record: Record | None, state: str = "open") -> dict[str, Any]:
        draft = {
            "draft_id": f"d{len(gateway.moves) + 1}",
            "entry_id": entry_id,
            "record": record,
            "state": state,
            "author": agent["name"],
            "author_id": agent["agent_id"],
            "changed_at": _now(),
            "reviewer": None,
            "note": None,
        }
        gateway.knowledge.drafts.insert(0, draft)
        gateway.moves.append(("begin", {"entry_id": entry_id}))
        return draft

    @router.get("/state")
    async def state(desk: str = Cookie("")) -> dict[str, Any]:
        agent, knowledge = gateway.agent_of(desk), gateway.knowledge
        waiting = [draft for draft in knowledge.drafts if "publish" in knowledge.shown(draft, agent)["moves"]]
        return {"build": knowledge.build, "to_approve": len(waiting)}

    @router.post("/build")
    async def build(x_desk: str = Header()) -> dict[str, Any]:
        gateway.knowledge.build = {"state": "live", "since": _now(), "problem": None}
        return {"build": gateway.knowledge.build}

    @router.get("/inbox")
    async def inbox() -> dict[str, Any]:
        groups = [gateway.knowledge.group(n, texts) for n, texts in enumerate(gateway.knowledge.missed) if texts]
        return {"groups": groups, "total": len(groups)}

    @router.post("/inbox/dismiss")
    async def dismiss(body: dict[str, Any], x_desk: str = Header()) -> dict[str, int]:
        gateway.moves.append(("dismiss", body))
        _settle(gateway.knowledge, body["misses"])
        return {"dismissed": len(body["misses"])}

    @router.get("/entries")
    async def entries(search: str = "") -> dict[str, Any]:
        lines = [
            {
                "id": key,
                "question": record["question"],
                "phrasings": len(record["phrasings"]),
                "version": len(gateway.knowledge.versions.get(key, [])),
            }
            for key, record in gateway.knowledge.entries.items()
            if search in f"{key} {record}"
        ]
        return {"entries": lines, "total": len(lines), "topics": ["card", "transfer"]}

    @router.get("/entries/{entry_id}")
    async def entry(entry_id: str, desk: str = Cookie("")) -> dict[str, Any]:
        agent, knowledge = gateway.agent_of(desk), gateway.knowledge
        drafts = [knowledge.shown(draft, agent) for draft in knowledge.drafts if draft["entry_id"] == entry_id]
        versions = knowledge.versions.get(entry_id, [])
        shipped = {"card.lost": LOST, "transfer.fee": FEE}.get(entry_id)
        record = knowledge.entries.get(entry_id)
        if not (record or drafts or versions):
            raise refuse(404, "unknown_entry", "没有这个条目或版本")
        about = {"entry_id": entry_id, "record": record, "shipped": shipped}
        return {**about, "versions": versions, "drafts": drafts}

    @router.post("/entries/{entry_id}/rollback")
    async def roll_back(
        entry_id: str, body: dict[str, int], desk: str = Cookie(""), x_desk: str = Header()
    ) -> dict[str, Any]:
        versions = gateway.knowledge.versions.get(entry_id, [])
        records = {each["version"]: each["record"] for each in versions} | {0: LOST}
        return begun(gateway.agent_of(desk), entry_id, records[body["version"]], "submitted")

    @router.get("/drafts")
    async def drafts(desk: str = Cookie("")) -> dict[str, Any]:
        agent, knowledge = gateway.agent_of(desk), gateway.knowledge
        return {"drafts": [knowledge.shown(draft, agent) for draft in knowledge.drafts]}

    @router.post("/drafts")
    async def begin(body: dict[str, Any], desk: str = Cookie(""), x_desk: str = Header()) -> dict[str, Any]:
        record = body["record"]
        if record and len(record["phrasings"]) < 5:
            raise refuse(422, "invalid_draft", "问法：至少要有5种")
        _settle(gateway.knowledge, body.get("misses", []))
        return begun(gateway.agent_of(desk), body["entry_id"], record)

    @router.post("/drafts/{draft_id}/{move}")
    async def move(
        draft_id: str, move: str, body: dict[str, Any], desk: str = Cookie(""), x_desk: str = Header()
    ) -> dict[str, Any]:
        agent, draft = gateway.agent_of(desk), found(draft_id)
        gateway.moves.append((move, body))
        if move == "change":
            draft["record"] = body
        elif move == "submit":
            draft["state"] = "submitted"
        elif move == "send_back":
            draft.update(state="open", note=body["note"], reviewer=agent["name"])
        else:
            gateway.knowledge.drafts.remove(draft)
            if move == "publish":
                gateway.knowledge.publish(draft, agent)
        return {"draft_id": draft_id, "state": draft["state"]}

    @router.get("/hit-test")
    async def hit_test(text: str) -> dict[str, Any]:
        return gateway.knowledge.hit_test(text)

    @router.get("/sheet")
    async def export(format: str) -> Response:
        name = f'attachment; filename="knowledge.{format}"'
        return Response("编号\r\n", media_type="text/csv", headers={"Content-Disposition": name})

    @router.post("/sheet")
    async def take(request: Request, x_desk: str = Header()) -> dict[str, Any]:
        gateway.knowledge.taken.append(await request.body())
        bad = [{"row": 3, "column": "问法", "reason": "至少要有5种"}]
        return {"drafts": ["card.new"], "unchanged": 2, "bad": bad}

    return router


def _settle(knowledge: FakeKnowledge, misses: list[str]) -> None:
    for miss in misses:
        knowledge.missed[int(miss[1:].partition("-")[0])] = []


def _now() -> str:
    return datetime.now(UTC).isoformat()
