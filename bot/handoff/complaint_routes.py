"""Filing a complaint for the customer an agent talks with."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Depends
from pydantic import Field

from bot import wording
from bot.application import Gateway
from bot.channels.api import ApiError
from bot.channels.inbound import Inbound
from bot.channels.openapi import problems
from bot.channels.refusals import refusing
from bot.channels.services import Services
from bot.clock import bank_date
from bot.complaints.models import Complaint, ComplaintDraft
from bot.conversations.messages import Author, Draft
from bot.handoff.guards import require_serving
from bot.handoff.refusals import CONVERSATION
from bot.handoff.trace import trace
from bot.privacy.detect import find
from bot.privacy.errors import UnknownPlaceholderError
from bot.privacy.findings import Kind
from bot.staff.access import Permit, desk_router
from bot.staff.models import Agent
from bot.staff.roles import Operation

router = desk_router("", Depends(refusing(CONVERSATION)))
Filer = Annotated[Agent, Depends(Permit(Operation.COMPLAINTS_WORK))]
_MOST_YUAN = 10**9


class NewComplaint(Inbound):
    """What the customer complains about, in the agent's words; the same `key` again files nothing.

    `phone` is the number to call where the one on file will not do: as the customer gave it, or its placeholder.
    """

    key: str = Field(pattern=r"^[0-9a-f]{32}$")
    what: str = Field(min_length=1, max_length=1000)
    target: str | None = Field(None, max_length=100)
    wish: str | None = Field(None, max_length=500)
    phone: str | None = Field(None, max_length=32)
    occurred_on: date | None = None
    amount: Decimal | None = Field(None, gt=0, le=_MOST_YUAN, decimal_places=2)


@router.post("/conversations/{conversation_id}/complaints", responses=problems(404, 409, 422))
async def file_complaint(gateway: Services, agent: Filer, conversation_id: str, body: NewComplaint) -> dict[str, Any]:
    """File it in this conversation, where the customer is told its number and the day of the answer."""
    require_serving(await gateway.log.get(conversation_id), agent)
    if body.occurred_on and body.occurred_on > bank_date(gateway.foundation.clock()):
        raise ApiError(422, "invalid_message", "发生日期不能晚于今天")
    who = await gateway.identity.principal(conversation_id)
    key = f"{conversation_id}:{body.key}"
    draft = await _sealed(gateway, conversation_id, body)
    try:
        complaint = await gateway.foundation.complaints.file(who, draft, idempotency_key=key)
    except UnknownPlaceholderError as error:
        raise ApiError(422, "invalid_message", "联系电话需为11位手机号") from error
    detail = {"number": complaint.number}
    await trace(gateway, agent, "complaint.file_for", conversation_id, reason="serving the customer", detail=detail)
    filed_by = gateway.texts("utter_complaint_filed_by", agent=agent.name)
    await gateway.complaint_desk.note(complaint.number, agent, filed_by, idempotency_key=f"{key}:by")
    await _tell(gateway, conversation_id, complaint)
    return {"number": complaint.number, "due_on": complaint.due_on}


async def _sealed(gateway: Gateway, conversation_id: str, body: NewComplaint) -> ComplaintDraft:
    async def seal(text: str | None) -> str | None:
        return await gateway.foundation.vault.seal(conversation_id, text.strip()) if text and text.strip() else None

    what = await seal(body.what)
    if what is None:
        raise ApiError(422, "invalid_message", "请填写投诉内容")
    return ComplaintDraft(
        target=await seal(body.target),
        what=what,
        wish=await seal(body.wish),
        phone=await seal(_typed(body.phone)),
        occurred_on=body.occurred_on,
        amount_fen=int(body.amount * 100) if body.amount is not None else None,
    )


def _typed(phone: str | None) -> str | None:
    """A number as people write it, without spaces and dashes; what is none is left for the filing to refuse."""
    if not phone or phone.startswith("["):
        return phone
    digits = phone.replace(" ", "").replace("-", "")
    return digits if any(each.kind is Kind.MOBILE for each in find(digits)) else phone


async def _tell(gateway: Gateway, conversation_id: str, complaint: Complaint) -> None:
    """Once for each complaint, however often it is sent."""
    due = wording.day(complaint.due_on, bank_date(gateway.foundation.clock()))
    told = gateway.texts("utter_complaint_filed", number=complaint.number, due=due)
    async with gateway.log.change(conversation_id) as change:
        if await change.sent_before(Author.SYSTEM, complaint.number) is None:
            await change.append(Draft(Author.SYSTEM, told), client_message_id=complaint.number)
