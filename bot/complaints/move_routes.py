"""What the desk does with complaints over HTTP. Every move is audited and told to the other desks.

A move whose answer got lost may be repeated: the state has changed by then, so it is refused (409) and happens once;
notes, which change no state, carry a key.
"""

from typing import Annotated, Any

from fastapi import Depends
from pydantic import Field

from bot.application import Gateway
from bot.channels.api import ApiError
from bot.channels.inbound import Inbound
from bot.channels.openapi import problems
from bot.channels.services import Services
from bot.complaints.models import Complaint, Complexity, Outcome
from bot.complaints.refusals import refusals
from bot.conversations.fanout import DESK_TOPIC
from bot.staff.access import Permit, desk_router
from bot.staff.models import Agent
from bot.staff.roles import Operation

router = desk_router("/complaints/{number}", Depends(refusals), responses=problems(404, 409))
Worker = Annotated[Agent, Depends(Permit(Operation.COMPLAINTS_WORK))]
Supervisor = Annotated[Agent, Depends(Permit(Operation.COMPLAINTS_APPROVE))]


class Reason(Inbound):
    """Why; for colleagues."""

    reason: str = Field(min_length=1, max_length=1000)


class Decision(Inbound):
    """Why not; for colleagues."""

    note: str = Field(min_length=1, max_length=1000)


class Note(Inbound):
    """For colleagues; sending the same `idempotency_key` again writes nothing twice."""

    text: str = Field(min_length=1, max_length=1000)
    idempotency_key: str = Field(min_length=1, max_length=64)


class Assignment(Inbound):
    """Who is to handle it."""

    agent_id: str = Field(max_length=32)


class Answer(Inbound):
    """What the customer is told."""

    text: str = Field(min_length=1, max_length=2000)
    outcome: Outcome


class Classification(Inbound):
    """What it is about."""

    category: str = Field(max_length=32)
    subcategory: str | None = Field(None, max_length=32)
    complexity: Complexity
    branch: str | None = Field(None, max_length=64)


@router.post("/accept")
async def accept(gateway: Services, agent: Worker, number: str) -> dict[str, Any]:
    """Take it on; who has no handler gets this agent."""
    return await _moved(gateway, agent, "accept", await gateway.complaint_desk.accept(number, agent))


@router.post("/investigate")
async def investigate(gateway: Services, agent: Worker, number: str) -> dict[str, Any]:
    """Begin to establish the facts."""
    return await _moved(gateway, agent, "investigate", await gateway.complaint_desk.investigate(number, agent))


@router.post("/answer")
async def answer(gateway: Services, agent: Worker, number: str, body: Answer) -> dict[str, Any]:
    """Tell the customer what the bank found; 422 for words that must not be written and for unfilled gaps."""
    answered = await gateway.complaint_desk.answer(number, agent, outcome=body.outcome, text=body.text)
    return await _moved(gateway, agent, "answer", answered)


@router.post("/close")
async def close(gateway: Services, agent: Worker, number: str) -> dict[str, Any]:
    """End it."""
    return await _moved(gateway, agent, "close", await gateway.complaint_desk.close(number, agent))


@router.post("/reopen")
async def reopen(gateway: Services, agent: Worker, number: str, body: Reason) -> dict[str, Any]:
    """Look at it again, for a customer who said so elsewhere."""
    reopened = await gateway.complaint_desk.reopen(number, agent, reason=body.reason)
    return await _moved(gateway, agent, "reopen", reopened)


@router.post("/assign")
async def assign(gateway: Services, agent: Worker, number: str, body: Assignment) -> dict[str, Any]:
    """Give it to a colleague, or take it."""
    colleagues = await gateway.staff.accounts.who_may(Operation.COMPLAINTS_WORK)
    found = next((each for each in colleagues if each.agent_id == body.agent_id), None)
    if found is None:
        raise ApiError(422, "unknown_agent", "没有这位同事")
    return await _moved(gateway, agent, "assign", await gateway.complaint_desk.assign(number, agent, to=found))


@router.post("/reclassify")
async def reclassify(gateway: Services, agent: Worker, number: str, body: Classification) -> dict[str, Any]:
    """Correct what it is about; another complexity moves the deadline."""
    changed = await gateway.complaint_desk.reclassify(
        number,
        agent,
        category=body.category,
        subcategory=body.subcategory or None,
        complexity=body.complexity,
        branch=body.branch or None,
    )
    return await _moved(gateway, agent, "reclassify", changed)


@router.post("/note")
async def note(gateway: Services, agent: Worker, number: str, body: Note) -> dict[str, Any]:
    """Write something down for colleagues."""
    key = f"{number}:{agent.agent_id}:{body.idempotency_key}"
    noted = await gateway.complaint_desk.note(number, agent, body.text, idempotency_key=key)
    return await _moved(gateway, agent, "note", noted)


@router.post("/extension")
async def request_extension(gateway: Services, agent: Worker, number: str, body: Reason) -> dict[str, Any]:
    """Ask a supervisor for more time."""
    asked = await gateway.complaint_extensions.request(number, agent, reason=body.reason)
    return await _moved(gateway, agent, "extension", asked)


@router.post("/approve")
async def approve(gateway: Services, supervisor: Supervisor, number: str) -> dict[str, Any]:
    """Grant the extension that was asked for; the customer is told the new day."""
    extended = await gateway.complaint_extensions.approve(number, supervisor)
    return await _moved(gateway, supervisor, "approve", extended)


@router.post("/refuse")
async def refuse(gateway: Services, supervisor: Supervisor, number: str, body: Decision) -> dict[str, Any]:
    """Refuse the extension that was asked for."""
    kept = await gateway.complaint_extensions.refuse(number, supervisor, note=body.note)
    return await _moved(gateway, supervisor, "refuse", kept)


async def _moved(gateway: Gateway, agent: Agent, move: str, complaint: Complaint) -> dict[str, Any]:
    await gateway.foundation.audit.record(
        f"agent:{agent.agent_id}",
        f"complaint.{move}",
        complaint.customer_id,
        complaint.conversation_id,
        {"number": complaint.number},
        reason="handling the complaint",
    )
    await gateway.fanout.publish(DESK_TOPIC, {"type": "queue"})
    return {"number": complaint.number, "state": complaint.state}
