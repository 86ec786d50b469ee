"""At the desk: hand a conversation to a colleague, accept one, and a supervisor's help."""

from typing import Annotated, Any

from fastapi import Depends
from pydantic import Field, model_validator

from bot.channels.inbound import Inbound
from bot.channels.openapi import problems
from bot.channels.refusals import refusing
from bot.channels.services import Services
from bot.conversations.messages import State
from bot.handoff.errors import NotOfferedError, NotThereError, NotYoursError
from bot.handoff.refusals import CONVERSATION
from bot.handoff.routing import Skill
from bot.handoff.trace import trace
from bot.handoff.transfers import named
from bot.staff.access import Permit, desk_router
from bot.staff.models import Agent
from bot.staff.roles import Operation

refusals = refusing(
    {
        **CONVERSATION,
        NotYoursError: (409, "该会话不在您的名下，或当前没有同事在接待"),
        NotOfferedError: (409, "这次转接已失效"),
        NotThereError: (409, "这位同事不在线或手上的会话已满"),
    }
)
router = desk_router("", Depends(refusals))
Server = Annotated[Agent, Depends(Permit(Operation.CONVERSATIONS_SERVE))]
Lead = Annotated[Agent, Depends(Permit(Operation.TEAM_LEAD))]


class TransferTo(Inbound):
    """To whom: a colleague, or whoever has a skill; `note` is for the colleague's eyes."""

    agent_id: str | None = Field(None, max_length=32)
    skill: Skill | None = None
    note: str | None = Field(None, max_length=1000)

    @model_validator(mode="after")
    def _is_to_one(self) -> "TransferTo":
        if (self.agent_id is None) == (self.skill is None):
            raise ValueError("either agent_id or skill")
        return self


class Remark(Inbound):
    """What a supervisor says to the agent alone."""

    text: str = Field(min_length=1, max_length=1000)


@router.get("/transfers")
async def transfers(gateway: Services, agent: Server) -> dict[str, Any]:
    """The open offers to me and from me."""
    names = await gateway.staff.accounts.names()
    return {"transfers": named(await gateway.transfers.offers(agent), names)}


@router.post("/conversations/{conversation_id}/transfer", responses=problems(404, 409))
async def transfer(gateway: Services, agent: Server, conversation_id: str, body: TransferTo) -> dict[str, Any]:
    """Offer it to a colleague, who has 30 seconds; or let it wait for whoever has a skill."""
    state = State.AGENT
    if body.skill is not None:
        await gateway.transfers.refer(conversation_id, agent, body.skill, body.note)
        state = State.QUEUED
    else:
        await gateway.transfers.offer(conversation_id, agent, body.agent_id or "", body.note)
    await trace(gateway, agent, "conversation.transfer", conversation_id, reason="handing the customer to a colleague")
    return {"state": state}


@router.post("/conversations/{conversation_id}/transfer/accept", responses=problems(404, 409))
async def accept(gateway: Services, agent: Server, conversation_id: str) -> dict[str, Any]:
    """Serve what a colleague offers."""
    await gateway.transfers.accept(conversation_id, agent)
    await trace(gateway, agent, "conversation.claim", conversation_id, reason="a colleague has handed it over")
    return {"state": State.AGENT}


@router.post("/conversations/{conversation_id}/transfer/decline", responses=problems(404, 409))
async def decline(gateway: Services, agent: Server, conversation_id: str) -> dict[str, Any]:
    """Leave it with the colleague, or withdraw what I have offered."""
    await gateway.transfers.decline(conversation_id, agent)
    return {}


@router.post("/conversations/{conversation_id}/take_over", responses=problems(404, 409))
async def take_over(gateway: Services, supervisor: Lead, conversation_id: str) -> dict[str, Any]:
    """Serve the customer in place of the agent."""
    await gateway.transfers.take_over(conversation_id, supervisor)
    await trace(gateway, supervisor, "conversation.take_over", conversation_id, reason="helping a colleague")
    return {"state": State.AGENT}


@router.post("/conversations/{conversation_id}/whisper", responses=problems(404, 409))
async def whisper(gateway: Services, supervisor: Lead, conversation_id: str, body: Remark) -> dict[str, Any]:
    """Tell the agent something that the customer does not see."""
    if (await gateway.log.get(conversation_id)).state is not State.AGENT:
        raise NotYoursError(conversation_id)
    await gateway.whispers.say(conversation_id, supervisor, body.text)
    await trace(gateway, supervisor, "conversation.whisper", conversation_id, reason="helping a colleague")
    return {}
