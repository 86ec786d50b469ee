"""Zoho CRM's REST interface, version 8: one call, its token, and what its answers mean."""

import asyncio
from typing import Any

import httpx

from bot.crm.errors import CrmUnavailableError
from bot.crm.zoho.errors import THROTTLE_CODES, TOKEN_CODES, ZohoRejectedError, error_of
from bot.tokens.shared import Fetched, SharedToken

_MAX_AT_ONCE = 5
"""Calls that Zoho's smallest edition serves at the same time."""
_PAGE = 200
_LONGEST_BACKOFF_S = 60.0
_TRY_LATER = frozenset({408, 425, 429})
_NO_SUCH_RECORD = frozenset({"INVALID_DATA", "INVALID_URL_PATTERN"})

Record = dict[str, Any]


class ZohoApi:
    """Records of one organisation. Everything raises CrmUnavailableError and CrmRejectedError."""

    def __init__(self, http: httpx.AsyncClient, token: SharedToken, *, api_url: str, timeout_s: float) -> None:
        """`api_url` is used where the token came without an `api_domain`; `timeout_s` bounds one request."""
        self._http = http
        self._token = token
        self._api_url = api_url
        self._timeout_s = timeout_s
        self._slots = asyncio.Semaphore(_MAX_AT_ONCE)
        self._throttled = 0

    async def search(self, module: str, criteria: str) -> list[Record]:
        """Every record that meets the criteria (`criteria.equals`); the index lags some seconds behind writes."""
        return await self._pages(f"{module}/search", {"criteria": criteria})

    async def record(self, module: str, record_id: str) -> Record | None:
        """The record of this id; None if there is none any more."""
        try:
            body = await self._ask("GET", f"{module}/{record_id}")
        except ZohoRejectedError as error:
            if error.reason in _NO_SUCH_RECORD:
                return None
            raise
        return next(iter(_records(body, "data")), None)

    async def upsert(self, module: str, record: Record, *, unique: str) -> str:
        """Insert the record, or update the one with the same value in the field `unique`; the record's id."""
        return await self._write("POST", f"{module}/upsert", record, duplicate_check_fields=[unique])

    async def update(self, module: str, record_id: str, record: Record) -> None:
        """Write these fields of a record."""
        await self._write("PUT", f"{module}/{record_id}", record)

    async def notes(self, module: str, record_id: str) -> list[Record]:
        """The notes of a record, oldest first."""
        params = {"fields": "Note_Title,Note_Content,Created_Time"}
        notes = await self._pages(f"{module}/{record_id}/Notes", params)
        return sorted(notes, key=lambda note: (str(note.get("Created_Time")), int(note["id"])))

    async def add_note(self, module: str, record_id: str, title: str, content: str) -> None:
        """Add a note to a record."""
        await self._write("POST", f"{module}/{record_id}/Notes", {"Note_Title": title, "Note_Content": content})

    async def fields(self, module: str) -> list[Record] | None:
        """The module's fields as Zoho describes them; None if there is no such module."""
        try:
            body = await self._ask("GET", "settings/fields", params={"module": module})
        except ZohoRejectedError as error:
            if error.reason == "INVALID_MODULE":
                return None
            raise
        return _records(body, "fields")

    async def _pages(self, path: str, params: dict[str, str]) -> list[Record]:
        records: list[Record] = []
        page = 1
        while body := await self._ask("GET", path, params={**params, "page": page, "per_page": _PAGE}):
            records += _records(body, "data")
            if not (body.get("info") or {}).get("more_records"):
                break
            page += 1
        return records

    async def _write(self, method: str, path: str, record: Record, **options: Any) -> str:
        """One record's id. HTTP 207 and even 200 may carry a failure: what counts is the record's own result."""
        body = await self._ask(method, path, body={"data": [record], **options})
        results = _records(body, "data")
        if len(results) != 1:
            raise CrmUnavailableError(f"{method} {path}: {len(results)} results for one record")
        if results[0].get("status") != "success":
            raise error_of(f"{method} {path}", results[0])
        if "id" not in (results[0].get("details") or {}):
            raise CrmUnavailableError(f"{method} {path}: written without an id")
        return str(results[0]["details"]["id"])

    async def _ask(
        self, method: str, path: str, *, params: dict[str, Any] | None = None, body: dict[str, Any] | None = None
    ) -> dict[str, Any] | None:
        """The body of the answer, None for 204. A token refused on the way is renewed once."""
        call = f"{method} {path}"
        token = await self._token.get()
        response = await self._send(token, method, path, params, body)
        if _code(response) in TOKEN_CODES:
            token = await self._token.get(refused=token.token)
            response = await self._send(token, method, path, params, body)
        return self._understood(call, response)

    async def _send(
        self, token: Fetched, method: str, path: str, params: dict[str, Any] | None, body: dict[str, Any] | None
    ) -> httpx.Response:
        url = f"{token.extra.get('api_domain', self._api_url).rstrip('/')}/crm/v8/{path}"
        headers = {"authorization": f"Zoho-oauthtoken {token.token}"}
        try:
            async with self._slots, asyncio.timeout(self._timeout_s):
                return await self._http.request(
                    method, url, params=params, json=body, headers=headers, timeout=self._timeout_s
                )
        except (httpx.HTTPError, TimeoutError) as error:
            raise CrmUnavailableError(f"{method} {path}: {type(error).__name__}") from error

    def _understood(self, call: str, response: httpx.Response) -> dict[str, Any] | None:
        code = _code(response)
        if response.status_code == 429 or code in THROTTLE_CODES:
            # Zoho tells no time to wait: twice as long each time it says so again.
            self._throttled += 1
            raise CrmUnavailableError(f"{call}: throttled", min(2.0**self._throttled, _LONGEST_BACKOFF_S))
        self._throttled = 0
        if response.status_code == 204:
            return None
        body = _json(response)
        if response.status_code >= 500 or response.status_code in _TRY_LATER or body is None:
            raise CrmUnavailableError(f"{call}: {response.status_code}")
        if response.is_success or "data" in body:
            return body
        raise error_of(call, body)


def _records(body: dict[str, Any] | None, key: str) -> list[Record]:
    """The list in an answer, empty for 204."""
    found = body.get(key) if body is not None else []
    if not isinstance(found, list) or not all(isinstance(record, dict) for record in found):
        raise CrmUnavailableError(f"an answer without {key}")
    return found


def _code(response: httpx.Response) -> str | None:
    body = _json(response)
    return body.get("code") if body else None


def _json(response: httpx.Response) -> dict[str, Any] | None:
    try:
        body = response.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
