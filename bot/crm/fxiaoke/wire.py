"""One request to Fxiaoke: always POST with JSON, always answered with HTTP 200, even when it failed."""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from bot.crm.errors import CrmUnavailableError


@dataclass(frozen=True)
class Answer:
    """What Fxiaoke said; `code` 0 is success."""

    code: int
    trace_id: str
    body: Mapping[str, Any]


class FxiaokeWire:
    """Sends requests to one tenant's cloud. Retries are the business of whoever wraps the adapter."""

    def __init__(self, http: httpx.AsyncClient, url: str, *, timeout_s: float) -> None:
        """`url` is the cloud's, such as https://open.fxiaoke.com; `timeout_s` bounds the whole request."""
        self._http = http
        self._url = url.rstrip("/")
        self._timeout_s = timeout_s

    async def post(self, path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Answer:
        """Raises CrmUnavailableError when there is no answer that Fxiaoke itself gave."""
        params = {"thirdTraceId": str(uuid.uuid4())}
        try:
            async with asyncio.timeout(self._timeout_s):
                response = await self._http.post(
                    self._url + path, params=params, json=body, headers=headers, timeout=self._timeout_s
                )
            said = response.json()
            return Answer(int(said["errorCode"]), str(said.get("traceId", "")), said)
        except (httpx.HTTPError, TimeoutError) as error:
            raise CrmUnavailableError(f"{path}: {type(error).__name__}") from error
        except (ValueError, KeyError, TypeError):
            # A page of a proxy, or of www.fxiaoke.com, which is not the API.
            raise CrmUnavailableError(f"{path}: HTTP {response.status_code} without errorCode") from None
