"""What WeChat offers to the account's server under https://api.weixin.qq.com."""

import json
from email import message_from_bytes
from email.policy import HTTP
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Request, Response

from bot.channels.wechat.simulator.phone import Phone
from bot.channels.wechat.simulator.refusals import WechatApiError
from bot.channels.wechat.simulator.service_messages import content_of
from bot.channels.wechat.simulator.simulator import Simulator

router = APIRouter()
Json = dict[str, Any]
OK: Json = {"errcode": 0, "errmsg": "ok"}


def simulator_of(request: Request) -> Simulator:
    """The one simulator of this process."""
    simulator: Simulator = request.app.state.simulator
    return simulator


Wechat = Annotated[Simulator, Depends(simulator_of)]


async def authorised(simulator: Wechat, access_token: Annotated[str, Query()] = "") -> Simulator:
    """The simulator, for calls that carry its current access token."""
    if not simulator.tokens.accepts(access_token):
        raise WechatApiError(40001)
    return simulator


Authorised = Annotated[Simulator, Depends(authorised)]


@router.post("/cgi-bin/stable_token")
async def stable_token(simulator: Wechat, body: Annotated[Json, Body()]) -> Json:
    """An access token for app id and secret."""
    _require_owner(simulator, str(body.get("appid")), str(body.get("secret")))
    token, expires_in = simulator.tokens.current(force=bool(body.get("force_refresh")))
    return {"access_token": token, "expires_in": expires_in}


@router.post("/cgi-bin/message/custom/send")
async def send(simulator: Authorised, request: Request) -> Json:
    """A customer-service message."""
    body = await _json(request)
    phone = _phone(simulator, body)
    kind = str(body.get("msgtype"))
    content = content_of(simulator.account, kind, body.get(kind) or {})
    if not phone.follows:
        raise WechatApiError(45015)
    code = phone.quota.spend()
    if code:
        raise WechatApiError(code)
    phone.received(kind, content)
    return OK


@router.post("/cgi-bin/message/custom/typing")
async def typing(simulator: Authorised, request: Request) -> Json:
    """Show or hide 对方正在输入."""
    body = await _json(request)
    phone, command = _phone(simulator, body), str(body.get("command"))
    if command not in ("Typing", "CancelTyping"):
        raise WechatApiError(45072)
    if phone.quota.ends_at is None:
        raise WechatApiError(45015)
    phone.typing(command)
    return OK


@router.post("/cgi-bin/menu/create")
async def create_menu(simulator: Authorised, request: Request) -> Json:
    """Publish the menu."""
    code = simulator.menu.publish((await _json(request)).get("button"))
    if code:
        raise WechatApiError(code)
    return OK


@router.get("/cgi-bin/menu/get")
async def get_menu(simulator: Authorised) -> Json:
    """The published menu."""
    if not simulator.menu.buttons:
        raise WechatApiError(46003)
    return {"menu": {"button": simulator.menu.buttons}}


@router.post("/cgi-bin/media/upload")
async def upload(simulator: Authorised, request: Request, type: str = "image") -> Json:
    """Keep the file of a multipart form."""
    head = f"Content-Type: {request.headers.get('content-type', '')}\r\n\r\n".encode()
    form = message_from_bytes(head + await request.body(), policy=HTTP)
    files = [part for part in form.iter_parts() if part.get_param("name", header="content-disposition") == "media"]
    if not files:
        raise WechatApiError(41005)
    content = files[0].get_payload(decode=True)
    assert isinstance(content, bytes)
    media_id = simulator.media.add(content, files[0].get_content_type())
    return {"type": type, "media_id": media_id, "created_at": int(simulator.clock().timestamp())}


@router.get("/cgi-bin/media/get")
async def download(simulator: Authorised, media_id: str) -> Response:
    """A file that a user sent or that was uploaded."""
    found = simulator.media.get(media_id)
    if found is None:
        raise WechatApiError(40007)
    return Response(found.content, media_type=found.content_type)


@router.get("/sns/oauth2/access_token")
async def exchange_code(simulator: Wechat, appid: str = "", secret: str = "", code: str = "") -> Json:
    """The openid behind a code of the authorize page, once."""
    _require_owner(simulator, appid, secret)
    openid, error = simulator.codes.exchange(code)
    if error:
        raise WechatApiError(error)
    return {"access_token": "unused", "expires_in": 7200, "openid": openid, "scope": "snsapi_base"}


def _require_owner(simulator: Simulator, app_id: str, secret: str) -> None:
    if app_id != simulator.account.app_id:
        raise WechatApiError(40013)
    if secret != simulator.account.secret:
        raise WechatApiError(40125)


async def _json(request: Request) -> Json:
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise WechatApiError(47001)
    return body


def _phone(simulator: Simulator, body: Json) -> Phone:
    phone = simulator.phone_of(str(body.get("touser")))
    if phone is None:
        raise WechatApiError(40003)
    return phone
