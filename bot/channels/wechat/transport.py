"""One request to WeChat's server, and what its answer means."""

import asyncio
import json
from typing import Any

import httpx

from bot.channels.wechat.errors import InDoubtError, UnreachableError, WechatError, refusal

_TIMEOUT_S = 4.0
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
Json = dict[str, Any]


class Transport:
    """Sends requests with a time limit. Its errors name the call and the cause, never an address, which has tokens."""

    def __init__(self, http: httpx.AsyncClient, url: str) -> None:
        """`url` is that of WeChat's API, such as https://api.weixin.qq.com."""
        self._http = http
        self._url = url.rstrip("/")

    async def read(self, api: str, path: str, params: Json) -> httpx.Response:
        """GET. Raises UnreachableError and the kinds of RefusedError."""
        return await self._request(api, "GET", path, params, None, UnreachableError)

    async def write(self, api: str, path: str, params: Json, body: Json, *, repeatable: bool = False) -> Json:
        """POST as JSON. Raises UnreachableError, the kinds of RefusedError and, unless `repeatable`, InDoubtError."""
        unanswered = UnreachableError if repeatable else InDoubtError
        return answer_of(await self._request(api, "POST", path, params, body, unanswered))

    async def _request(
        self,
        api: str,
        method: str,
        path: str,
        params: Json,
        body: Json | None,
        unanswered: type[WechatError],
    ) -> httpx.Response:
        # WeChat shows escapes as they are: the text must go out as UTF-8.
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {} if body is None else {"content-type": "application/json; charset=utf-8"}
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                response = await self._http.request(
                    method, f"{self._url}{path}", params=params, content=content, headers=headers, timeout=_TIMEOUT_S
                )
        except _NOT_SENT as error:
            raise UnreachableError(f"{api}: {type(error).__name__}") from None
        except (httpx.HTTPError, TimeoutError) as error:
            raise unanswered(f"{api}: {type(error).__name__}") from None
        if response.is_error:
            raise unanswered(f"{api}: HTTP {response.status_code}")
        errcode = answer_of(response).get("errcode", 0)
        if errcode:
            raise refusal(api, errcode)
        return response


def answer_of(response: httpx.Response) -> Json:
    """The JSON object of an answer; empty for a file."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
