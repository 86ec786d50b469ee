"""What helps agents beside the conversation itself, as the fake gateway speaks it."""

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Cookie, Header, Response

from tests.web.fake_gateway.state import AGENTS, FakeGateway, refuse


def aid_routes(gateway: FakeGateway) -> APIRouter:
    """Notes, tags, canned replies, suggested answers, and complaints filed in a conversation."""
    router = APIRouter(prefix="/api/desk")

    @router.get("/colleagues")
    async def colleagues(desk: str = Cookie("")) -> dict[str, Any]:
        gateway.agent_of(desk)
        people = [each for each in AGENTS.values() if each["role"] in ("agent", "supervisor")]
        return {"colleagues": [{name: each[name] for name in ("agent_id", "name", "role")} for each in people]}

    @router.get("/wall")
    async def wall(desk: str = Cookie("")) -> dict[str, Any]:
        gateway.agent_of(desk)
        return gateway.wall()

    @router.get("/wall/services")
    async def services(since: str, until: str, desk: str = Cookie("")) -> Response:
        gateway.agent_of(desk)
        name = f"services-{since}-{until}.csv"
        return Response(
            "会话", media_type="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )

    @router.get("/tags")
    async def tags(desk: str = Cookie("")) -> dict[str, list[str]]:
        gateway.agent_of(desk)
        return {"tags": ["信用卡", "需回访"]}

    @router.get("/canned-replies")
    async def canned(desk: str = Cookie("")) -> dict[str, Any]:
        me = gateway.agent_of(desk)
        variables = {"坐席姓名": me["name"], "银行": "掌柜银行", "热线": "955000"}
        return {"replies": sorted(gateway.canned, key=lambda each: each["shortcut"]), "variables": variables}

    @router.post("/canned-replies")
    async def add_canned(body: dict[str, str], desk: str = Cookie(""), x_desk: str = Header()) -> dict[str, str]:
        gateway.agent_of(desk)
        if any(each["shortcut"] == body["shortcut"] for each in gateway.canned):
            raise refuse(409, "shortcut_taken", "已有这个快捷码，请换一个")
        gateway.canned.append({**body, "reply_id": body["shortcut"], "initials": ""})
        return {"reply_id": body["shortcut"]}

    @router.post("/canned-replies/{reply_id}/{move}")
    async def move_canned(
        reply_id: str, move: str, body: dict[str, str], desk: str = Cookie(""), x_desk: str = Header()
    ) -> dict[str, str]:
        gateway.agent_of(desk)
        (found,) = [each for each in gateway.canned if each["reply_id"] == reply_id]
        if move == "remove":
            gateway.canned.remove(found)
        else:
            found.update(body)
        return {"reply_id": reply_id}

    @router.get("/conversations/{conversation_id}/suggestions")
    async def suggestions(conversation_id: str, desk: str = Cookie("")) -> dict[str, Any]:
        gateway.agent_of(desk)
        return {"to": 1, "suggestions": gateway.suggestions}

    @router.post("/conversations/{conversation_id}/notes")
    async def write_note(
        conversation_id: str, body: dict[str, Any], desk: str = Cookie(""), x_desk: str = Header()
    ) -> dict[str, Any]:
        me, found = gateway.agent_of(desk), gateway.conversations[conversation_id]
        about = {"agent_id": me["agent_id"], "author": me["name"], "after_seq": len(found.messages)}
        found.notes.append({**body, **about, "created_at": datetime.now(UTC).isoformat()})
        found.unseen |= set(body["mentions"])
        await gateway.tell_desks("note", conversation_id)
        return {"notes": found.notes}

    @router.post("/conversations/{conversation_id}/notes/seen")
    async def see_notes(conversation_id: str, desk: str = Cookie(""), x_desk: str = Header()) -> dict[str, Any]:
        gateway.conversations[conversation_id].unseen.discard(gateway.agent_of(desk)["agent_id"])
        await gateway.tell()
        return {}

    @router.post("/conversations/{conversation_id}/tags")
    async def put_tags(
        conversation_id: str, body: dict[str, list[str]], desk: str = Cookie(""), x_desk: str = Header()
    ) -> dict[str, list[str]]:
        gateway.agent_of(desk)
        gateway.conversations[conversation_id].tags = body["tags"]
        return body

    @router.post("/conversations/{conversation_id}/complaints")
    async def file_complaint(
        conversation_id: str, body: dict[str, Any], desk: str = Cookie(""), x_desk: str = Header()
    ) -> dict[str, str]:
        gateway.agent_of(desk)
        gateway.filed.append(body)
        told = "您的投诉已收到，编号TS2026112300028。我们会在12月8日前给您答复。"
        gateway.conversations[conversation_id].append("system", told)
        await gateway.tell()
        return {"number": "TS2026112300028", "due_on": "2026-12-08"}

    return router
