"""What colleagues at a desk outside read: the handoff card with the transcript so far, and the lines after it.

Messages are shown as the log has them, that is as our own desk shows them: what is personal in a customer's words is
a placeholder there, and nothing opens it on the way out.
"""

from collections.abc import Iterable
from typing import Any

from bot.conversations.messages import Author, Message
from bot.handoff.outside.port import Kind, Line
from bot.texts import Texts

FROM_OUTSIDE = "outside:"
"""Begins the `client_message_id` of what colleagues out there have said: they need not be told of it."""
_LEVELS = ("utter_outside_level_none", "utter_outside_level_bound", "utter_outside_level_proved")
_AUTHORS = {
    Author.CUSTOMER: "utter_outside_by_customer",
    Author.BOT: "utter_outside_by_bot",
    Author.AGENT: "utter_outside_by_agent",
    Author.SYSTEM: "utter_outside_by_system",
}
_ENDINGS = {
    "cancel": "utter_outside_cancelled",
    "leave": "utter_outside_left",
    "return": "utter_outside_returned",
    "close": "utter_outside_closed",
}
_LONGEST_TRANSCRIPT = 20_000
"""Characters, far below what Chatwoot takes (150,000); of a longer one the end is shown."""


def card_key(handoff_id: int) -> str:
    """The key of the line with which a handoff begins out there."""
    return f"handoff-{handoff_id}"


class Wording:
    """Turns messages of the log into lines."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def visitor(self, conversation_id: str, customer: dict[str, Any] | None) -> str:
        """How a visitor is called: the masked name, or something to tell strangers apart by."""
        return customer["name"] if customer else self._texts("utter_outside_visitor", tail=conversation_id[:6])

    def card(
        self,
        handoff_id: int,
        *,
        reason: str,
        note: str | None,
        customer: dict[str, Any] | None,
        transcript: Iterable[Message],
    ) -> Line:
        """Why the customer is here, who it is, and what was said so far."""
        rows = [self._texts("utter_outside_card", reason=self._texts(f"utter_reason_{reason}"))]
        if customer:
            level = self._texts(_LEVELS[customer["level"]])
            name = " ".join(filter(None, (customer["name"], customer.get("segment"))))
            rows.append(self._texts("utter_outside_customer", who=name, level=level))
        else:
            rows.append(self._texts("utter_outside_stranger"))
        if note:
            rows.append(self._texts("utter_outside_note", note=note))
        said = "\n".join(self._said(message) for message in transcript)[-_LONGEST_TRANSCRIPT:]
        rows += [self._texts("utter_outside_said"), said]
        return Line(card_key(handoff_id), Kind.NOTE, "\n".join(rows))

    def line(self, message: Message) -> Line | None:
        """A message as colleagues see it; None for what they have said themselves."""
        key = f"message-{message.seq}"
        if message.author is Author.CUSTOMER:
            return Line(key, Kind.CUSTOMER, message.text)
        if message.author is Author.AGENT and (message.client_message_id or "").startswith(FROM_OUTSIDE):
            return None
        return Line(key, Kind.NOTE, self._said(message))

    def ending(self, handoff_id: int, outcome: str) -> Line:
        """How the service came to its end."""
        return Line(f"ending-{handoff_id}", Kind.NOTE, self._texts(_ENDINGS.get(outcome, "utter_outside_closed")))

    def _said(self, message: Message) -> str:
        agent = message.metadata.get("agent", "")
        return self._texts(_AUTHORS[message.author], text=message.text, agent=agent)
