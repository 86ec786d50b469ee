"""WeChat's API over HTTPS, with one access token for all workers and WeChat's error codes taken at their word."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

import httpx
import stamina
import structlog

from bot import metrics
from bot.channels.wechat.api import Media
from bot.channels.wechat.errors import (
    BusyError,
    DailyLimitError,
    NotAllowedError,
    OAuthCodeError,
    RefusedError,
    TokenRefusedError,
    TooFastError,
    UnreachableError,
    WechatError,
)
from bot.channels.wechat.outgoing import Choices, News, Outgoing, Text
from bot.channels.wechat.pauses import Pauses
from bot.channels.wechat.transport import Json, Transport, answer_of
from bot.tokens.shared import Fetched, Limit, SharedToken

TOKEN_LIMIT = Limit(fetches=20, window_s=60)
_TRIES = 3
_PAUSES: dict[type[RefusedError], timedelta] = {
    DailyLimitError: timedelta(minutes=15),
    TooFastError: timedelta(minutes=1),
    NotAllowedError: timedelta(minutes=10),
}
_BAD_CODES = frozenset({40029, 40163, 41008, 42003})
_log = structlog.get_logger(__name__)
T = TypeVar("T")


class StableToken:
    """Fetches an access token; call it through `SharedToken`, which keeps it for all workers."""

    def __init__(self, transport: Transport, *, app_id: str, secret: str) -> None:
        self._transport = transport
        self._body = {"grant_type": "client_credential", "appid": app_id, "secret": secret, "force_refresh": False}

    async def __call__(self) -> Fetched:
        """The account's current token. Raises UnreachableError and RefusedError."""
        try:
            answer = await self._transport.write("token", "/cgi-bin/stable_token", {}, self._body, repeatable=True)
        except RefusedError as error:
            _alert(error)
            raise
        if "access_token" not in answer:
            raise UnreachableError("token: no token in the answer")
        return Fetched(answer["access_token"], int(answer.get("expires_in", 7200)))


class HttpWechatApi:
    """A `WechatApi`. A refused token is renewed once; a busy or unreachable WeChat is asked three times in all."""

    def __init__(
        self,
        transport: Transport,
        token: SharedToken,
        pauses: Pauses,
        *,
        app_id: str,
        secret: str,
        first_wait_s: float = 0.2,
    ) -> None:
        """`first_wait_s` is the pause before the second try; it grows from there."""
        self._transport = transport
        self._token = token
        self._pauses = pauses
        self._owner = {"appid": app_id, "secret": secret}
        self._first_wait_s = first_wait_s

    async def send(self, openid: str, message: Outgoing) -> None:
        body = {"touser": openid, **_body_of(message)}
        await self._post("send", "/cgi-bin/message/custom/send", body)

    async def typing(self, openid: str) -> None:
        body = {"touser": openid, "command": "Typing"}
        await self._post("typing", "/cgi-bin/message/custom/typing", body, repeatable=True)

    async def publish_menu(self, buttons: list[dict[str, Any]]) -> None:
        await self._post("menu", "/cgi-bin/menu/create", {"button": buttons}, repeatable=True)

    async def media(self, media_id: str) -> Media:
        async def ask(access_token: str) -> httpx.Response:
            params = {"access_token": access_token, "media_id": media_id}
            return await self._transport.read("media", "/cgi-bin/media/get", params)

        response = await self._call("media", ask)
        return Media(response.content, response.headers.get("content-type", "application/octet-stream"))

    async def openid(self, oauth_code: str) -> str:
        params = {**self._owner, "code": oauth_code, "grant_type": "authorization_code"}
        try:
            # Asked once: the code is used up by the first request that arrives.
            answer = answer_of(await self._transport.read("oauth", "/sns/oauth2/access_token", params))
        except RefusedError as error:
            if error.errcode in _BAD_CODES:
                raise OAuthCodeError(str(error)) from error
            raise
        return str(answer["openid"])

    async def _post(self, api: str, path: str, body: Json, *, repeatable: bool = False) -> None:
        async def ask(access_token: str) -> Json:
            params = {"access_token": access_token}
            return await self._transport.write(api, path, params, body, repeatable=repeatable)

        await self._call(api, ask)

    async def _call(self, api: str, ask: Callable[[str], Awaitable[T]]) -> T:
        """Ask with the shared token, and count how it went. Raises PausedError before asking while `api` rests."""
        await self._pauses.check(api)
        try:
            answer = await self._with_token(ask)
        except RefusedError as error:
            metrics.WECHAT_CALLS.labels(api=api, outcome=str(error.errcode)).inc()
            await self._heed(api, error)
            raise
        except WechatError as error:
            metrics.WECHAT_CALLS.labels(api=api, outcome=error.code).inc()
            raise
        metrics.WECHAT_CALLS.labels(api=api, outcome="0").inc()
        return answer

    async def _with_token(self, ask: Callable[[str], Awaitable[T]]) -> T:
        token = await self._token.get()
        try:
            return await self._insist(ask, token.token)
        except TokenRefusedError:
            renewed = await self._token.get(refused=token.token)
            return await self._insist(ask, renewed.token)

    async def _insist(self, ask: Callable[[str], Awaitable[T]], access_token: str) -> T:
        retrying = stamina.retry_context(
            on=(BusyError, UnreachableError), attempts=_TRIES, timeout=None, wait_initial=self._first_wait_s
        )
        async for attempt in retrying:
            with attempt:
                return await ask(access_token)
        raise AssertionError("stamina raises the last error itself")

    async def _heed(self, api: str, error: RefusedError) -> None:
        for kind, pause in _PAUSES.items():
            if isinstance(error, kind):
                await self._pauses.begin(api, pause)
        if type(error) in (RefusedError, DailyLimitError, NotAllowedError, TokenRefusedError):
            _alert(error)


def _alert(error: RefusedError) -> None:
    """Somebody must look at it: our address, the account's permissions, its secret, or a request of ours."""
    metrics.FAULTS.labels(part="wechat").inc()
    _log.error("wechat_refused", cause=str(error), errcode=error.errcode)


def _body_of(message: Outgoing) -> Json:
    if isinstance(message, Text):
        return {"msgtype": "text", "text": {"content": message.text}}
    if isinstance(message, News):
        return {"msgtype": "news", "news": {"articles": [vars(message)]}}
    assert isinstance(message, Choices)
    options = [{"id": number, "content": words} for number, words in message.options]
    return {"msgtype": "msgmenu", "msgmenu": {"head_content": message.text, "list": options, "tail_content": ""}}
