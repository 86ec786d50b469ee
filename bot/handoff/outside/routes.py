"""`/handoff/outside`: the address to which the desk outside pushes what colleagues do there."""

import structlog
from fastapi import APIRouter, Request, Response

from bot.channels.api import ApiError
from bot.channels.openapi import problems
from bot.channels.services import Services
from bot.conversations.errors import ForbiddenMoveError, UnknownConversationError
from bot.handoff.errors import HandoffError
from bot.handoff.outside.errors import MalformedWebhookError, UnsignedWebhookError

router = APIRouter(prefix="/handoff/outside", tags=["desk outside"])
_log = structlog.get_logger(__name__)


@router.post("", include_in_schema=False, responses=problems(401, 404, 409))
async def push(gateway: Services, request: Request) -> Response:
    """Take in what a colleague did. 409: it did not reach the customer, which Chatwoot shows beside the message."""
    if gateway.outside_desk is None:
        raise ApiError(404, "outside_desk_off", "未启用外部坐席")
    try:
        event = gateway.outside_desk.webhook.open(request.headers, await request.body())
    except UnsignedWebhookError as error:
        _log.warning("outside_webhook_refused", code=error.code, cause=str(error))
        raise ApiError(401, error.code, "签名不正确") from error
    except MalformedWebhookError as error:
        _log.warning("outside_webhook_refused", code=error.code, cause=str(error))
        raise ApiError(422, error.code, "请求格式不正确") from error
    try:
        if event is not None:
            await gateway.outside_desk.events.happened(event)
    except (HandoffError, ForbiddenMoveError, UnknownConversationError) as error:
        _log.warning("outside_event_refused", code=error.code, outside_id=event and event.outside_id)
        raise ApiError(409, error.code, "客户已不在人工服务中，或由其他座席接待") from error
    return Response(status_code=204)
