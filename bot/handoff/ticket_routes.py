"""Messages left after hours, at the desk."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Depends

from bot.channels.inbound import RowId
from bot.channels.openapi import problems
from bot.channels.refusals import refusing
from bot.channels.services import Services
from bot.conversations.messages import State
from bot.handoff.errors import AlreadyClaimedError, TicketTakenError
from bot.handoff.refusals import CONVERSATION
from bot.handoff.trace import trace
from bot.staff.access import Permit, desk_router
from bot.staff.models import Agent
from bot.staff.roles import Operation

_TAKEN = "这条留言已有同事处理，请刷新"
refusals = refusing({**CONVERSATION, TicketTakenError: (409, _TAKEN), AlreadyClaimedError: (409, _TAKEN)})
router = desk_router("/tickets", Depends(refusals))


@router.get("")
async def tickets(
    gateway: Services, _agent: Annotated[Agent, Depends(Permit(Operation.CONVERSATIONS_READ))]
) -> dict[str, Any]:
    """The messages that wait for an answer, by promised time; `late` where that has passed."""
    now = gateway.foundation.clock()
    return {"tickets": [{**asdict(ticket), "late": ticket.due_at < now} for ticket in await gateway.tickets.open()]}


@router.post("/{ticket_id}/take", responses=problems(409))
async def take(
    gateway: Services, agent: Annotated[Agent, Depends(Permit(Operation.CONVERSATIONS_SERVE))], ticket_id: RowId
) -> dict[str, Any]:
    """Serve the customer who left it; 409 when somebody does already."""
    conversation_id = await gateway.tickets.conversation_of(ticket_id)
    await gateway.handoff.pick_up(conversation_id, agent)
    await trace(gateway, agent, "conversation.pick_up", conversation_id, reason="answering a message left after hours")
    return {"conversation_id": conversation_id, "state": State.AGENT}
