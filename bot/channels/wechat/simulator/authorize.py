"""Web pages inside WeChat: opening a link on a phone, and the silent authorize page of `snsapi_base`."""

from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Cookie
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.channels.wechat.simulator.api import Wechat

router = APIRouter()
_COOKIE = "wechat_phone"
_PAGE = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>微信</title><p>{}</p>'
)


@router.get("/browser")
async def browse(url: str, phone: int = 1) -> Response:
    """Open `url` as the browser of this phone, which the authorize page then recognises."""
    if urlsplit(url).scheme not in ("http", "https"):
        return _sorry("无法打开该网页")
    answer = RedirectResponse(url)
    answer.set_cookie(_COOKIE, str(phone), httponly=True, samesite="lax")
    return answer


@router.get("/connect/oauth2/authorize")
async def authorize(
    simulator: Wechat,
    appid: str = "",
    redirect_uri: str = "",
    response_type: str = "",
    scope: str = "",
    state: str = "",
    wechat_phone: Annotated[int | None, Cookie()] = None,
) -> Response:
    """Send the browser back to `redirect_uri` with a code, as WeChat does without asking for `snsapi_base`."""
    if wechat_phone is None:
        return _sorry("请在微信客户端打开链接")
    if appid != simulator.account.app_id or response_type != "code":
        return _sorry("参数错误")
    if scope != "snsapi_base":
        return _sorry("Scope 参数错误或没有 Scope 权限")
    if urlsplit(redirect_uri).netloc != simulator.account.oauth_host:
        return _sorry("redirect_uri 域名与后台配置不一致，错误码：10003")
    code = simulator.codes.issue(simulator.user(wechat_phone).phone.openid)
    mark = "&" if urlsplit(redirect_uri).query else "?"
    return RedirectResponse(f"{redirect_uri}{mark}{urlencode({'code': code, 'state': state})}")


def _sorry(text: str) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(text))
