"""Showing what the desk masks, over HTTP."""

from typing import Annotated, Any

from fastapi import Depends, Response
from pydantic import Field, StringConstraints, model_validator

from bot.channels.api import ApiError
from bot.channels.inbound import Inbound
from bot.channels.limits import Limit
from bot.channels.openapi import problems
from bot.channels.services import Services
from bot.conversations.errors import UnknownConversationError
from bot.handoff.errors import NothingToRevealError, NotYoursError
from bot.handoff.reveal import Reason, Wish
from bot.staff.access import Permit, desk_router
from bot.staff.models import Agent
from bot.staff.roles import Operation

router = desk_router("/conversations", responses=problems(404, 429))
Viewer = Annotated[Agent, Depends(Permit(Operation.REVEAL))]


class RevealWish(Inbound):
    """`what` is `name`, `phone` or a placeholder; another reason than the given ones needs a note."""

    what: str = Field(min_length=1, max_length=32)
    reason: Reason
    note: Annotated[str, StringConstraints(strip_whitespace=True), Field(max_length=200)] = ""
    complaint: str | None = Field(None, max_length=24)

    @model_validator(mode="after")
    def _say_which_other_reason(self) -> "RevealWish":
        if self.reason is Reason.OTHER and not self.note:
            raise ValueError("say why")
        return self


@router.post("/{conversation_id}/reveal")
async def reveal(
    gateway: Services, agent: Viewer, conversation_id: str, body: RevealWish, response: Response
) -> dict[str, Any]:
    """One masked value, for a reason; audited, and limited per minute."""
    await gateway.limits.check(Limit.REVEALS_BY_AGENT, agent.agent_id, message="查看过于频繁，请一分钟后再试")
    if not await gateway.overview.is_open(conversation_id):
        raise ApiError(404, UnknownConversationError.code, "没有这个会话")
    wish = Wish(body.what, body.reason, body.note, body.complaint)
    try:
        value = await gateway.reveal.show(conversation_id, agent, wish)
    except NotYoursError as error:
        raise ApiError(403, error.code, "只能查看您正在服务的会话或经办的投诉") from error
    except NothingToRevealError as error:
        raise ApiError(404, error.code, "没有可以查看的内容") from error
    response.headers["cache-control"] = "no-store"
    return {"value": value}
