"""What Chatwoot keeps, in the shapes in which it tells of it, and the webhooks that follow from every change."""

import itertools
import json
import time
import uuid
from typing import Any

from bot.clock import Clock, utc_now
from bot.handoff.outside.chatwoot.webhook import SIGNATURE, TIMESTAMP, sign

ACCOUNT, INBOX = 1, 7
TOKEN, SECRET = "stub-access-token", "stub-webhook-secret"
TYPES = {"incoming": 0, "outgoing": 1, "activity": 2, "template": 3}
LIN = {"id": 5, "name": "林晓", "available_name": "林晓", "type": "user"}
Json = dict[str, Any]


class Store:
    """Contacts, conversations and messages. `webhooks` are headers and bodies in the order in which they were sent."""

    def __init__(self, clock: Clock = utc_now) -> None:
        self.clock = clock
        self.contacts: dict[int, Json] = {}
        self.conversations: dict[int, Json] = {}
        self.messages: dict[int, list[Json]] = {}
        self.webhooks: list[tuple[dict[str, str], bytes]] = []
        self._ids = itertools.count(101)

    # What the API does

    def add_contact(self, name: str, identifier: str | None) -> Json:
        """A contact of the inbox."""
        inbox = {"id": INBOX, "name": "智能客服", "channel_type": "Channel::Api"}
        contact = {
            "id": next(self._ids),
            "name": name,
            "identifier": identifier,
            "email": None,
            "phone_number": None,
            "custom_attributes": {},
            "contact_inboxes": [{"source_id": str(uuid.uuid4()), "inbox": inbox}],
        }
        self.contacts[contact["id"]] = contact
        return contact

    def add_conversation(self, contact: Json, status: str) -> Json:
        """A conversation of the contact."""
        number = next(self._ids)
        self.conversations[number] = {
            "id": number,
            "account_id": ACCOUNT,
            "inbox_id": INBOX,
            "status": status,
            "custom_attributes": {},
            "meta": {"sender": {"id": contact["id"], "name": contact["name"]}, "assignee": None},
        }
        self.messages[number] = []
        self._push("conversation_created", self.conversations[number])
        return self.conversations[number]

    def add_message(self, number: int, **message: Any) -> Json:
        """A message; one that comes in opens a resolved conversation again, as Chatwoot has it."""
        conversation = self.conversations[number]
        kept = {
            "id": next(self._ids),
            "conversation_id": number,
            "inbox_id": INBOX,
            "content_type": "text",
            "content_attributes": {},
            "created_at": int(time.time()),
            "private": False,
            "source_id": None,
            "sender": None,
            **message,
        }
        self.messages[number].append({**kept, "message_type": TYPES[kept["message_type"]]})
        told = {**kept, "account": {"id": ACCOUNT}, "inbox": {"id": INBOX}, "conversation": conversation}
        self._push("message_created", told)
        if kept["message_type"] == "incoming" and conversation["status"] == "resolved":
            self.set_status(number, "open")
        return self.messages[number][-1]

    def set_status(self, number: int, status: str) -> None:
        """Nothing is told when it has this status already."""
        conversation = self.conversations[number]
        before, conversation["status"] = conversation["status"], status
        if before != status:
            changed = [{"status": {"previous_value": before, "current_value": status}}]
            self._push("conversation_status_changed", {**conversation, "changed_attributes": changed})
            self._push("conversation_updated", {**conversation, "changed_attributes": changed})

    # What agents do

    def says(self, number: int, content: str | None, *, private: bool = False, attachments: int = 0) -> Json:
        """An agent writes to the customer, or a note for colleagues."""
        files = [{"id": n, "file_type": "file", "data_url": "https://chat.bank.example/f"} for n in range(attachments)]
        more = {"attachments": files} if files else {}
        return self.add_message(number, content=content, message_type="outgoing", private=private, sender=LIN, **more)

    def assign(self, number: int, agent: Json | None = LIN) -> None:
        """The conversation gets another assignee."""
        conversation = self.conversations[number]
        before = conversation["meta"]["assignee"]
        conversation["meta"]["assignee"] = agent
        ids = {"previous_value": before and before["id"], "current_value": agent and agent["id"]}
        changed = [{"assignee_id": ids}]
        self._push("conversation_updated", {**conversation, "changed_attributes": changed})

    def delete(self, number: int) -> None:
        """A conversation is removed with its messages."""
        del self.conversations[number], self.messages[number]

    # What tests look at

    def said(self, number: int) -> list[tuple[str, str]]:
        """Kind (incoming, note, outgoing) and content of each message."""
        kinds = {value: name for name, value in TYPES.items()}
        return [
            ("note" if each["private"] else kinds[each["message_type"]], each["content"])
            for each in self.messages[number]
        ]

    def _push(self, event: str, payload: Json) -> None:
        """Signed as Chatwoot's lib/webhooks/trigger.rb does it."""
        body = json.dumps({"event": event, **payload}, ensure_ascii=False).encode()
        self.webhooks.append((signed(body, self.clock), body))


def signed(body: bytes, clock: Clock, *, secret: str = SECRET) -> dict[str, str]:
    """The headers of a webhook."""
    timestamp = str(int(clock().timestamp()))
    return {
        SIGNATURE: sign(secret, timestamp, body),
        TIMESTAMP: timestamp,
        "x-chatwoot-delivery": str(uuid.uuid4()),
        "content-type": "application/json",
    }
