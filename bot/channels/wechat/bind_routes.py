"""The page in WeChat's browser on which a user is bound to a customer."""

import math
from pathlib import Path
from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, Cookie, Depends, Request
from fastapi.responses import FileResponse, RedirectResponse
from pydantic import BaseModel, Field

from bot.application import Gateway
from bot.channels.addresses import address_of
from bot.channels.api import ApiError
from bot.channels.inbound import Inbound
from bot.channels.limits import Limit
from bot.channels.openapi import problems
from bot.channels.services import Services
from bot.channels.wechat.binding import PAGE_LIFE, WechatBinding
from bot.channels.wechat.errors import BindPageExpiredError, WechatError
from bot.channels.wechat.routes import Channel
from bot.crm.errors import CrmError
from bot.identity.errors import (
    ChallengeLockedError,
    ResendTooSoonError,
    SmsUnavailableError,
    TooManyCodesError,
    UnknownCustomerError,
)

router = APIRouter(prefix="/wechat/bind", tags=["WeChat"], responses=problems(401, 404, 429))
_COOKIE = "zhanggui_bind"
_PAGE = Path(__file__).parents[2] / "web" / "wechat" / "index.html"
_log = structlog.get_logger(__name__)
Secret = Annotated[str, Cookie(alias=_COOKIE)]


class PageState(BaseModel):
    """What the page shows first: `phone` asks for the number, `bound` says that there is nothing left to do."""

    stage: Literal["phone", "bound"]


class PhoneRequest(Inbound):
    """The mobile number on file at the bank."""

    phone: str = Field(pattern=r"^1\d{10}$")


class CodeSent(BaseModel):
    """Where the code went, as far as the page may know, and how long it holds."""

    masked_phone: str
    minutes: int


class CodeRequest(Inbound):
    """The six digits of the message."""

    code: str = Field(pattern=r"^\d{6}$")


def binding_of(wechat: Channel) -> WechatBinding:
    """The binding service; 404 where the channel is off."""
    return wechat.binding


Binding = Annotated[WechatBinding, Depends(binding_of)]


@router.get("", include_in_schema=False)
async def begin(gateway: Services, binding: Binding, request: Request) -> RedirectResponse:
    """Where links and the menu lead: on to WeChat, which says who the user is."""
    await gateway.limits.check(Limit.BINDINGS_FROM_ADDRESS, address_of(request))
    page = await binding.begin()
    answer = RedirectResponse(page.authorize_url)
    answer.set_cookie(
        _COOKIE,
        page.secret,
        max_age=int(PAGE_LIFE.total_seconds()),
        path=router.prefix,
        httponly=True,
        samesite="lax",
        secure=(gateway.settings.wechat_public_url or "").startswith("https:"),
    )
    return answer


@router.get("/callback", include_in_schema=False)
async def callback(binding: Binding, code: str = "", state: str = "", zhanggui_bind: Secret = "") -> RedirectResponse:
    """Back from WeChat. Whatever goes wrong is told by the page, which has nobody's conversation then."""
    try:
        await binding.returned(zhanggui_bind, state=state, code=code)
    except WechatError as error:
        _log.warning("wechat_bind_failed", cause=str(error))
    return RedirectResponse(f"{router.prefix}/page")  # the code must not stay in the address


@router.get("/page", include_in_schema=False)
async def page() -> FileResponse:
    """The page itself."""
    return FileResponse(_PAGE)


@router.get("/state")
async def state(gateway: Services, binding: Binding, zhanggui_bind: Secret = "") -> PageState:
    """What the page shows; 401 when it was not opened through WeChat, or too long ago."""
    try:
        stage = await binding.stage(zhanggui_bind)
    except BindPageExpiredError as error:
        raise _expired(gateway, error) from error
    return PageState(stage=stage)


@router.post("/phone")
async def phone(
    gateway: Services, binding: Binding, request: Request, body: PhoneRequest, zhanggui_bind: Secret = ""
) -> CodeSent:
    """Send a code; the answer is the same whether the number is a customer's or nobody's."""
    try:
        await _limit(gateway, request, await binding.conversation_id(zhanggui_bind))
        sent = await binding.send_code(zhanggui_bind, body.phone)
    except BindPageExpiredError as error:
        raise _expired(gateway, error) from error
    except UnknownCustomerError as error:
        raise ApiError(422, error.code, gateway.texts("utter_wechat_not_a_phone")) from error
    except ResendTooSoonError as error:
        text = gateway.texts("utter_code_not_yet", seconds=error.seconds)
        raise ApiError(429, error.code, text, {"Retry-After": str(error.seconds)}) from error
    except TooManyCodesError as error:
        raise ApiError(429, error.code, gateway.texts("utter_code_too_many")) from error
    except ChallengeLockedError as error:
        wait_s = math.ceil((error.until - gateway.foundation.clock()).total_seconds())
        text = gateway.texts("utter_code_locked", minutes=math.ceil(wait_s / 60))
        raise ApiError(429, error.code, text, {"Retry-After": str(wait_s)}) from error
    except (SmsUnavailableError, CrmError) as error:
        raise ApiError(503, error.code, gateway.texts("utter_wechat_bind_failed")) from error
    return CodeSent(masked_phone=sent.masked_phone, minutes=sent.minutes)


@router.post("/code", status_code=204)
async def code(
    gateway: Services, binding: Binding, request: Request, body: CodeRequest, zhanggui_bind: Secret = ""
) -> None:
    """Try the code; 204 means bound."""
    try:
        await _limit(gateway, request, await binding.conversation_id(zhanggui_bind))
        outcome = await binding.enter_code(zhanggui_bind, body.code)
    except BindPageExpiredError as error:
        raise _expired(gateway, error) from error
    if outcome.result != "passed":
        minutes = gateway.settings.code_lock_s // 60
        text = gateway.texts(f"utter_code_{outcome.result}", tries=outcome.tries_left, minutes=minutes)
        raise ApiError(422, f"code_{outcome.result}", text)


async def _limit(gateway: Gateway, request: Request, conversation_id: str) -> None:
    await gateway.limits.check(Limit.BINDING_TRIES, conversation_id)
    await gateway.limits.check(Limit.CODES_FROM_ADDRESS, address_of(request))


def _expired(gateway: Gateway, error: BindPageExpiredError) -> ApiError:
    return ApiError(401, error.code, gateway.texts("utter_wechat_bind_expired"))
