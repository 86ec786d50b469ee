"""What Chatwoot pushes: its signature, and the few events that concern us.

`X-Chatwoot-Signature` is `sha256=` and the HMAC-SHA256, in hexadecimal, of `{timestamp}.{body}` under the webhook's
secret; `X-Chatwoot-Timestamp` is the timestamp, in seconds since 1970 (Chatwoot's `lib/webhooks/trigger.rb`).
"""

import hashlib
import hmac
from collections.abc import Mapping

from pydantic import ValidationError

from bot.channels.inbound import Inbound
from bot.clock import Clock
from bot.handoff.outside.chatwoot.shapes import Conversation, Message
from bot.handoff.outside.errors import MalformedWebhookError, UnsignedWebhookError
from bot.handoff.outside.port import Happening, Joined

SIGNATURE, TIMESTAMP = "x-chatwoot-signature", "x-chatwoot-timestamp"
_WINDOW_S = 300
"""How far a timestamp may be from our clock, in either direction."""


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a webhook."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class _Event(Inbound):
    event: str


class _Said(Message):
    conversation: Conversation


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
                return self._changed(event, Conversation.model_validate_json(body))
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
        ours = message.conversation.inbox_id == self._inbox_id
        return message.reply(str(message.conversation.id)) if ours else None

    def _changed(self, event: str, conversation: Conversation) -> Happening | None:
        if conversation.inbox_id != self._inbox_id:
            return None
        if event == "conversation_status_changed":
            return conversation.ended()
        assigned = any("assignee_id" in each for each in conversation.changed_attributes or ())
        if assigned and conversation.meta.assignee is not None:
            return Joined(str(conversation.id), conversation.assignee)
        return None
