"""The desk's API for what colleagues do together, as the fake gateway speaks it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Cookie, Header

from tests.web.fake_gateway.conversation import Conversation
from tests.web.fake_gateway.state import AGENTS, FakeGateway, refuse

HOLDS = timedelta(seconds=30)


@dataclass
class FakeTeam:
    """Who is there, and what is on its way between them."""

    presence: dict[str, str] = field(default_factory=dict)
    """By agent, where it is not what the open sessions tell."""
    skills: dict[str, list[str]] = field(default_factory=dict)
    load: dict[str, int] = field(default_factory=dict)
    """Conversations in hand, where it is not what the conversations tell."""
    capacity: int = 5
    capacities: dict[str, int] = field(default_factory=dict)
    reserved: bool = False
    """Whoever waits is for somebody else just now."""
    tickets: list[dict[str, Any]] = field(default_factory=list)


def team_routes(gateway: FakeGateway) -> APIRouter:
    """`/api/desk`: the team, and conversations handed from one to another."""
    router = APIRouter(prefix="/api/desk")

    def require_room(agent: dict[str, Any]) -> None:
        member = _member(gateway, agent)
        if member["load"] >= member["capacity"]:
            raise refuse(409, "no_room", "您手上的会话已满，先结束一个再接入")

    @router.get("/team")
    async def team(desk: str = Cookie("")) -> dict[str, Any]:
        gateway.agent_of(desk)
        people = [each for each in AGENTS.values() if each["role"] in ("agent", "supervisor")]
        return {"members": [_member(gateway, each) for each in people]}

    @router.post("/team/me")
    async def set_away(body: dict[str, bool], desk: str = Cookie(""), x_desk: str = Header()) -> dict[str, Any]:
        me = gateway.agent_of(desk)
        gateway.team.presence[me["agent_id"]] = "away" if body["away"] else "online"
        await gateway.tell()
        return {"member": _member(gateway, me)}

    @router.post("/team/{agent_id}")
    async def set_profile(
        agent_id: str, body: dict[str, Any], desk: str = Cookie(""), x_desk: str = Header()
    ) -> dict[str, Any]:
        gateway.agent_of(desk)
        gateway.team.skills[agent_id], gateway.team.capacities[agent_id] = body["skills"], body["capacity"]
        return {"member": _member(gateway, next(each for each in AGENTS.values() if each["agent_id"] == agent_id))}

    @router.post("/conversations/next")
    async def claim_next(desk: str = Cookie(""), x_desk: str = Header()) -> dict[str, Any]:
        me = gateway.agent_of(desk)
        require_room(me)
        waiting = [each for each in gateway.conversations.values() if each.state == "queued"]
        if not waiting or gateway.team.reserved:
            return {"conversation_id": None}
        waiting[0].state = "agent"
        _hand_to(waiting[0], me)
        await gateway.tell()
        return {"conversation_id": waiting[0].conversation_id}

    @router.get("/tickets")
    async def tickets(desk: str = Cookie("")) -> dict[str, Any]:
        gateway.agent_of(desk)
        return {"tickets": gateway.team.tickets}

    @router.post("/tickets/{ticket_id}/take")
    async def take(ticket_id: int, desk: str = Cookie(""), x_desk: str = Header()) -> dict[str, Any]:
        me = gateway.agent_of(desk)
        found = next((each for each in gateway.team.tickets if each["ticket_id"] == ticket_id), None)
        if found is None:
            raise refuse(409, "ticket_taken", "这条留言已有同事处理，请刷新")
        require_room(me)
        gateway.team.tickets.remove(found)
        conversation = gateway.conversations[found["conversation_id"]]
        conversation.state = "agent"
        _hand_to(conversation, me)
        await gateway.tell()
        return {"conversation_id": conversation.conversation_id, "state": "agent"}

    @router.get("/transfers")
    async def transfers(desk: str = Cookie("")) -> dict[str, Any]:
        me = gateway.agent_of(desk)["agent_id"]
        everything = [each for found in gateway.conversations.values() for each in found.transfers]
        return {"transfers": [each for each in everything if _is_open(each) and me in _parties(each)]}

    @router.post("/conversations/{conversation_id}/transfer")
    async def transfer(
        conversation_id: str, body: dict[str, Any], desk: str = Cookie(""), x_desk: str = Header()
    ) -> dict[str, Any]:
        me, found = gateway.agent_of(desk), gateway.conversations[conversation_id]
        if found.agent != me:
            raise refuse(409, "not_yours", "该会话不在您的名下，或当前没有同事在接待")
        skill = body.get("skill")
        found.transfers.append(offer(gateway, conversation_id, me, body.get("agent_id"), skill, body.get("note")))
        if skill:
            found.state, found.agent, found.skill = "queued", None, skill
            found.append("system", "正在为您转接专员。")
        await gateway.tell()
        return {"state": found.state}

    @router.post("/conversations/{conversation_id}/transfer/{answer}")
    async def answer_offer(
        conversation_id: str, answer: str, desk: str = Cookie(""), x_desk: str = Header()
    ) -> dict[str, Any]:
        me, found = gateway.agent_of(desk), gateway.conversations[conversation_id]
        offers = [each for each in found.transfers if _is_open(each) and me["agent_id"] in _parties(each)]
        if not offers:
            raise refuse(409, "not_offered", "这次转接已失效")
        if answer == "accept":
            require_room(me)
        mine = offers[0]["from_agent"] == me["agent_id"]
        offers[0]["outcome"] = "accepted" if answer == "accept" else "withdrawn" if mine else "declined"
        if answer == "accept":
            _hand_to(found, me)
        await gateway.tell()
        return {}

    @router.post("/conversations/{conversation_id}/take_over")
    async def take_over(conversation_id: str, desk: str = Cookie(""), x_desk: str = Header()) -> dict[str, Any]:
        me, found = gateway.agent_of(desk), gateway.conversations[conversation_id]
        if found.state != "agent":
            raise refuse(409, "not_yours", "该会话不在您的名下，或当前没有同事在接待")
        _hand_to(found, me)
        await gateway.tell()
        return {"state": "agent"}

    @router.post("/conversations/{conversation_id}/whisper")
    async def whisper(
        conversation_id: str, body: dict[str, str], desk: str = Cookie(""), x_desk: str = Header()
    ) -> dict[str, Any]:
        me, found = gateway.agent_of(desk), gateway.conversations[conversation_id]
        said_at = datetime.now(UTC).isoformat()
        found.whispers.append({"author": me["name"], "text": body["text"], "said_at": said_at})
        await gateway.tell_desks("whisper", conversation_id)
        return {}

    return router


def offer(
    gateway: FakeGateway,
    conversation_id: str,
    sender: dict[str, Any],
    to_agent: str | None,
    to_skill: str | None = None,
    note: str | None = None,
) -> dict[str, Any]:
    """A transfer as the desk shows it, offered just now."""
    names = {each["agent_id"]: each["name"] for each in AGENTS.values()}
    now = datetime.now(UTC)
    return {
        "conversation_id": conversation_id,
        "from_agent": sender["agent_id"],
        "from_name": sender["name"],
        "to_agent": to_agent,
        "to_name": names.get(to_agent or ""),
        "to_skill": to_skill,
        "note": note,
        "offered_at": now.isoformat(),
        "expires_at": (now + HOLDS).isoformat(),
        "outcome": "queued" if to_skill else None,
    }


def _hand_to(conversation: Conversation, agent: dict[str, Any]) -> None:
    conversation.agent = agent
    conversation.append("system", f"客服{agent['name']}已接入。", metadata={"agent": agent["name"]})


def _is_open(transfer: dict[str, Any]) -> bool:
    return transfer["outcome"] is None


def _parties(transfer: dict[str, Any]) -> tuple[Any, Any]:
    return transfer["from_agent"], transfer["to_agent"]


def _member(gateway: FakeGateway, agent: dict[str, Any]) -> dict[str, Any]:
    me, team = agent["agent_id"], gateway.team
    there = "online" if agent in gateway.desk_sessions.values() else "offline"
    return {
        "agent_id": me,
        "name": agent["name"],
        "role": agent["role"],
        "skills": team.skills.get(me, ["general", "cards", "wealth", "loans", "complaints"]),
        "capacity": team.capacities.get(me, team.capacity),
        "load": team.load.get(me, sum(each.agent == agent for each in gateway.conversations.values())),
        "presence": team.presence.get(me, there),
    }
