"""The people who serve, at the desk: who is there, and who can do what."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Depends
from pydantic import Field

from bot.channels.inbound import Inbound
from bot.channels.openapi import problems
from bot.channels.refusals import refusing
from bot.channels.services import Services
from bot.handoff.refusals import CONVERSATION
from bot.handoff.routing import Skill
from bot.staff.access import Permit, desk_router
from bot.staff.models import Agent
from bot.staff.roles import Operation

router = desk_router("/team", Depends(refusing(CONVERSATION)))
Server = Annotated[Agent, Depends(Permit(Operation.CONVERSATIONS_SERVE))]


class Availability(Inbound):
    """Whether I take new conversations."""

    away: bool


class Profile(Inbound):
    """What somebody is good at, and how many conversations at once are good for them."""

    skills: list[Skill] = Field(max_length=len(Skill))
    capacity: int = Field(ge=1, le=50)


@router.get("")
async def team(
    gateway: Services, _agent: Annotated[Agent, Depends(Permit(Operation.CONVERSATIONS_READ))]
) -> dict[str, Any]:
    """Everybody who serves: skills, capacity, load, and presence (`online`, `away`, `offline`)."""
    return {"members": [asdict(member) for member in await gateway.team.members()]}


@router.post("/me")
async def set_availability(gateway: Services, agent: Server, body: Availability) -> dict[str, Any]:
    """Take no new conversations for a while, or take them again; those in hand stay."""
    await gateway.team.set_away(agent.agent_id, away=body.away)
    return {"member": asdict(await gateway.team.member(agent.agent_id))}


@router.post("/{agent_id}", responses=problems(404))
async def set_profile(
    gateway: Services,
    agent: Annotated[Agent, Depends(Permit(Operation.TEAM_LEAD))],
    agent_id: str,
    body: Profile,
) -> dict[str, Any]:
    """Say what somebody can do; audited."""
    await gateway.team.set_profile(agent_id, body.skills, body.capacity)
    detail = {"agent_id": agent_id, "skills": [skill.value for skill in body.skills], "capacity": body.capacity}
    await gateway.foundation.audit.record(agent.actor, "team.profile", None, None, detail)
    return {"member": asdict(await gateway.team.member(agent_id))}
