"""`/wechat`: the address that WeChat verifies once and pushes to."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.background import BackgroundTask

from bot import metrics
from bot.channels.api import ApiError
from bot.channels.services import Services
from bot.channels.wechat.build import Wechat
from bot.channels.wechat.errors import PushError
from bot.channels.wechat.gate import Signed

router = APIRouter(prefix="/wechat", tags=["WeChat"])
_ACKNOWLEDGED = "success"
_log = structlog.get_logger(__name__)


def wechat_of(gateway: Services) -> Wechat:
    """The channel; 404 where it is off."""
    if gateway.wechat is None:
        raise ApiError(404, "wechat_off", "微信渠道未启用")
    return gateway.wechat


def signed_of(request: Request) -> Signed:
    """What WeChat has put into the address; what it should have put there and has not is empty."""
    return Signed(**{name: request.query_params.get(name, "") for name in Signed.__dataclass_fields__})


Channel = Annotated[Wechat, Depends(wechat_of)]
Address = Annotated[Signed, Depends(signed_of)]


@router.get("", include_in_schema=False)
async def verify(wechat: Channel, signed: Address, echostr: Annotated[str, Query()] = "") -> Response:
    """Prove to WeChat that this is the account's server."""
    try:
        wechat.gate.verify(signed)
    except PushError as error:
        return _refused(error)
    return PlainTextResponse(echostr)


@router.post("", include_in_schema=False)
async def push(wechat: Channel, signed: Address, request: Request) -> Response:
    """Answer a message or event with a reply, or acknowledge it and let the answer follow."""
    try:
        opened = await wechat.gate.open(signed, await request.body())
    except PushError as error:
        return _refused(error)
    except ApiError as error:
        _count(error.code)
        raise
    reply = await wechat.receiver.receive(opened.push, request.is_disconnected)
    finish = BackgroundTask(wechat.receiver.finish, opened.push)
    if reply is None:
        return PlainTextResponse(_ACKNOWLEDGED, background=finish)
    return Response(wechat.gate.reply(opened, reply), media_type=opened.notation.value, background=finish)


def _refused(error: PushError) -> Response:
    _count(error.code, cause=str(error))
    return PlainTextResponse(error.code, status_code=error.status)


def _count(code: str, **details: str) -> None:
    metrics.WECHAT_REFUSED.labels(code=code).inc()
    _log.warning("wechat_push_refused", code=code, **details)
