"""Chatwoot's Application API for one inbox of the kind API channel: single calls, and what their answers mean.

Paths and shapes are those of https://developers.chatwoot.com (Application APIs).
"""

import asyncio
from typing import Any, Literal

import httpx

from bot.handoff.outside.errors import (
    OutsideConversationGoneError,
    OutsideDeskRefusedError,
    OutsideDeskUnavailableError,
)

_TRY_LATER = frozenset({408, 425, 429})
_GONE = frozenset({404, 410})
_AT_ONCE = 10
Record = dict[str, Any]
MessageType = Literal["incoming", "outgoing"]


class ChatwootApi:
    """Calls raise OutsideDeskUnavailableError, OutsideDeskRefusedError and, for 404, OutsideConversationGoneError.

    It may be repeated, but for `create_*`, which then makes a second one.
    """

    def __init__(
        self, http: httpx.AsyncClient, *, url: str, account_id: int, inbox_id: int, token: str, timeout_s: float
    ) -> None:
        """`url` is Chatwoot's address without a path, `token` an access token, `timeout_s` is for one call."""
        self._http = http
        self._root = f"{url.rstrip('/')}/api/v1/accounts/{account_id}"
        self._inbox_id = inbox_id
        self._headers = {"api_access_token": token}
        self._timeout_s = timeout_s
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def find_contact(self, identifier: str) -> Record | None:
        """The contact of this identifier, with its `contact_inboxes`."""
        found = await self._ask("GET", "contacts/search", params={"q": identifier})
        contacts = _list_in(found, "payload")
        return next((each for each in contacts if each.get("identifier") == identifier), None)

    async def create_contact(self, identifier: str, name: str) -> Record:
        """A contact of our inbox. An identifier that there is already is refused."""
        body = {"inbox_id": self._inbox_id, "name": name, "identifier": identifier}
        made = await self._ask("POST", "contacts", body=body)
        contact = _record_in(_record_in(made, "payload"), "contact")
        return {"contact_inboxes": [_record_in(_record_in(made, "payload"), "contact_inbox")], **contact}

    async def rename_contact(self, contact: Record, name: str) -> None:
        """Give the contact another name."""
        await self._ask("PUT", f"contacts/{contact['id']}", body={"name": name})

    async def conversation_of(self, contact: Record) -> Record | None:
        """The contact's newest conversation in our inbox."""
        found = await self._ask("GET", f"contacts/{contact['id']}/conversations")
        ours = [each for each in _list_in(found, "payload") if each.get("inbox_id") == self._inbox_id]
        return max(ours, key=lambda each: int(each["id"]), default=None)

    async def create_conversation(self, contact: Record) -> Record:
        """An open conversation of the contact in our inbox."""
        body = {
            "source_id": self._source_id(contact),
            "inbox_id": self._inbox_id,
            "contact_id": contact["id"],
            "status": "open",
        }
        return await self._ask("POST", "conversations", body=body)

    async def conversation(self, conversation_id: str) -> Record:
        """One conversation."""
        return await self._ask("GET", f"conversations/{conversation_id}")

    async def set_status(self, conversation_id: str, status: Literal["open", "resolved"]) -> None:
        """Move a conversation to this status, where it may be already."""
        await self._ask("POST", f"conversations/{conversation_id}/toggle_status", body={"status": status})

    async def messages(self, conversation_id: str, *, before: int | None = None) -> list[Record]:
        """The newest twenty messages, or those before the message `before`, oldest first."""
        params = {} if before is None else {"before": before}
        found = await self._ask("GET", f"conversations/{conversation_id}/messages", params=params)
        return _list_in(found, "payload")

    async def create_message(
        self, conversation_id: str, content: str, *, message_type: MessageType, private: bool, source_id: str
    ) -> None:
        """Add a message; `source_id` comes back with it, in lists and webhooks."""
        body = {"content": content, "message_type": message_type, "private": private, "source_id": source_id}
        await self._ask("POST", f"conversations/{conversation_id}/messages", body=body)

    def _source_id(self, contact: Record) -> str:
        """Under which the contact is known in our inbox."""
        for each in _list_in(contact, "contact_inboxes"):
            if (each.get("inbox") or {}).get("id") == self._inbox_id and each.get("source_id"):
                return str(each["source_id"])
        raise OutsideDeskRefusedError(f"contact {contact['id']} is not in inbox {self._inbox_id}")

    async def _ask(
        self, method: str, path: str, *, params: dict[str, Any] | None = None, body: Record | None = None
    ) -> Record:
        """The body of the answer. Errors name the call, which holds ids of Chatwoot's and no personal data."""
        call = f"{method} {path}"
        try:
            async with self._slots, asyncio.timeout(self._timeout_s):
                response = await self._http.request(
                    method, f"{self._root}/{path}", params=params, json=body, headers=self._headers, timeout=None
                )
        except (httpx.HTTPError, TimeoutError) as error:
            raise OutsideDeskUnavailableError(f"{call}: {type(error).__name__}") from error
        told = f"{call}: {response.status_code}"
        if response.status_code >= 500 or response.status_code in _TRY_LATER:
            raise OutsideDeskUnavailableError(told, _retry_after(response))
        if response.status_code in _GONE:
            raise OutsideConversationGoneError(told)
        if not response.is_success:
            raise OutsideDeskRefusedError(told)
        try:
            answer = response.json()
        except ValueError as error:  # a proxy in between, say
            raise OutsideDeskUnavailableError(f"{told} without JSON") from error
        if not isinstance(answer, dict):
            raise OutsideDeskUnavailableError(f"{told} without an object")
        return answer


def _retry_after(response: httpx.Response) -> float | None:
    seconds = response.headers.get("retry-after", "")
    return float(seconds) if seconds.isdecimal() else None


def _record_in(answer: Record, key: str) -> Record:
    found = answer.get(key)
    if not isinstance(found, dict):
        raise OutsideDeskUnavailableError(f"an answer without {key}")
    return found


def _list_in(answer: Record, key: str) -> list[Record]:
    found = answer.get(key)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise OutsideDeskUnavailableError(f"an answer without {key}")
    return found
