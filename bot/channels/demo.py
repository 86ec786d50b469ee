"""What the demo bank page needs: customers to sign in as, and the SMS that would have been sent.

Mounted in development only.
"""

from typing import Any

from fastapi import APIRouter
from pydantic import Field

from bot.channels.api import ApiError
from bot.channels.inbound import Inbound
from bot.channels.openapi import problems
from bot.channels.services import Services
from bot.crm.demo import demo_customers
from bot.identity.sms import ConsoleSms
from bot.wording import mask_phone

router = APIRouter(prefix="/demo", tags=["demo, development only"])


class TokenRequest(Inbound):
    """Which demo customer is signed in on the demo page."""

    customer_id: str = Field(max_length=64)


@router.get("/customers")
async def customers() -> list[dict[str, str]]:
    """The demo customers one may sign in as."""
    return [{"customer_id": c.customer_id, "name": c.name, "note": c.note} for c in demo_customers()]


@router.post("/token", responses=problems(404))
async def token(gateway: Services, body: TokenRequest) -> dict[str, str]:
    """A site token, as the bank's own site would sign it after its own login."""
    if body.customer_id not in {customer.customer_id for customer in demo_customers()}:
        raise ApiError(404, "unknown_customer", "没有这位演示客户")
    key_id = next(iter(gateway.settings.site_token_keys))
    return {"token": gateway.site_tokens.issue(body.customer_id, kid=key_id)}


@router.get("/sms", responses=problems(404))
async def sms(gateway: Services, conversation_id: str = "") -> list[dict[str, Any]]:
    """What the development sender sent: to the customer of the conversation, or to anybody while it is anonymous."""
    base = gateway.foundation
    if not isinstance(base.sms, ConsoleSms):
        raise ApiError(404, "no_sms_outbox", "短信不由演示发送器发送")
    who = await base.identity.principal(conversation_id)
    phone = next((each.phone for each in demo_customers() if each.customer_id == who.customer_id), None)
    sent = await base.sms.latest(phone)
    return [{"phone": mask_phone(m.phone), "text": m.text, "sent_at": m.sent_at} for m in sent]
