"""What Chatwoot pushes: its signature, and the few events that concern us.

`X-Chatwoot-Signature` is `sha256=` and the HMAC-SHA256, in hexadecimal, of `{timestamp}.{body}` under the webhook's
secret; `X-Chatwoot-Timestamp` is the timestamp, in seconds since 1970 (Chatwoot's `lib/webhooks/trigger.rb`).
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from pydantic import Field, ValidationError

from bot.channels.inbound import Inbound
from bot.clock import Clock
from bot.handoff.outside.chatwoot.marks import PREFIX
from bot.handoff.outside.chatwoot.plain import plain
from bot.handoff.outside.errors import MalformedWebhookError, UnsignedWebhookError
from bot.handoff.outside.port import Ended, Happening, Joined, Replied

SIGNATURE, TIMESTAMP = "x-chatwoot-signature", "x-chatwoot-timestamp"
_WINDOW_S = 300
"""How far a timestamp may be from our clock, in either direction."""


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a webhook."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class _Person(Inbound):
    name: str | None = None
    available_name: str | None = None

    @property
    def shown(self) -> str | None:
        """As customers are to know a colleague."""
        return self.available_name or self.name


class _Meta(Inbound):
    assignee: _Person | None = None


class _Conversation(Inbound):
    id: int
    inbox_id: int
    status: str = ""
    meta: _Meta = Field(default_factory=_Meta)


class _Said(Inbound):
    """`message_created`."""

    id: int
    content: str | None = None
    message_type: str | int
    private: bool = False
    source_id: str | None = None
    sender: _Person | None = None
    conversation: _Conversation
    attachments: list[Any] | None = None


class _Changed(_Conversation):
    """`conversation_updated` and `conversation_status_changed`."""

    changed_attributes: list[dict[str, Any]] | None = None


class ChatwootWebhook:
    """Opens webhooks of one inbox; a `Webhook`."""

    def __init__(self, secret: str, inbox_id: int, clock: Clock) -> None:
        self._secret = secret
        self._inbox_id = inbox_id
        self._clock = clock

    def open(self, headers: Mapping[str, str], body: bytes) -> Happening | None:
        """See `Webhook.open`."""
        self._check(headers.get(SIGNATURE, ""), headers.get(TIMESTAMP, ""), body)
        try:
            event = _Event.model_validate_json(body).event
            if event == "message_created":
                return self._said(_Said.model_validate_json(body))
            if event in ("conversation_updated", "conversation_status_changed"):
                return self._changed(event, _Changed.model_validate_json(body))
        except ValidationError as error:
            where = [".".join(map(str, each["loc"])) for each in error.errors()]
            raise MalformedWebhookError(f"cannot be read: {where}") from None
        return None

    def _check(self, signature: str, timestamp: str, body: bytes) -> None:
        if not hmac.compare_digest(signature.encode(), sign(self._secret, timestamp, body).encode()):
            raise UnsignedWebhookError("wrong signature")
        if not timestamp.isdecimal() or abs(self._clock().timestamp() - int(timestamp[:12])) > _WINDOW_S:
            raise UnsignedWebhookError("timestamp too far from now")

    def _said(self, message: _Said) -> Happening | None:
        """What a colleague says to the customer: no private note, no template or activity, no echo of ours."""
        said = message.conversation.inbox_id == self._inbox_id and message.message_type in ("outgoing", 1)
        if not said or message.private or (message.source_id or "").startswith(PREFIX):
            return None
        return Replied(
            outside_id=str(message.conversation.id),
            agent=message.sender.shown if message.sender else None,
            message_id=str(message.id),
            text=plain(message.content or ""),
            has_attachments=bool(message.attachments),
        )

    def _changed(self, event: str, conversation: _Changed) -> Happening | None:
        if conversation.inbox_id != self._inbox_id:
            return None
        outside_id = str(conversation.id)
        assignee = conversation.meta.assignee
        name = assignee.shown if assignee else None
        if event == "conversation_status_changed" and conversation.status in ("resolved", "pending"):
            return Ended(outside_id, name, to_bot=conversation.status == "pending")
        assigned = any("assignee_id" in each for each in conversation.changed_attributes or ())
        if event == "conversation_updated" and assigned and assignee is not None:
            return Joined(outside_id, name)
        return None


class _Event(Inbound):
    event: str
