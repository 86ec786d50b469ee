"""Conversations and messages as Chatwoot tells of them, in webhooks and in answers, and what they mean to us."""

from typing import Any

from pydantic import Field

from bot.channels.inbound import Inbound
from bot.handoff.outside.chatwoot.marks import PREFIX
from bot.handoff.outside.chatwoot.plain import plain
from bot.handoff.outside.port import Ended, Replied

_OUTGOING = ("outgoing", 1)
"""Webhooks write the word, lists the number."""
_OVER = ("resolved", "pending")


class Person(Inbound):
    """An agent."""

    name: str | None = None
    available_name: str | None = None

    @property
    def shown(self) -> str | None:
        """As customers are to know a colleague."""
        return self.available_name or self.name


class Meta(Inbound):
    """Who has to do with a conversation."""

    assignee: Person | None = None


class Conversation(Inbound):
    """A conversation; `id` is its number within the account."""

    id: int
    inbox_id: int
    status: str = ""
    meta: Meta = Field(default_factory=Meta)
    changed_attributes: list[dict[str, Any]] | None = None

    @property
    def assignee(self) -> str | None:
        """The assignee's name."""
        return self.meta.assignee.shown if self.meta.assignee else None

    def ended(self) -> Ended | None:
        """That colleagues have settled it, or given it back (`pending` is what Chatwoot leaves to a bot)."""
        if self.status not in _OVER:
            return None
        return Ended(str(self.id), self.assignee, to_bot=self.status == "pending")


class Message(Inbound):
    """A message."""

    id: int
    content: str | None = None
    message_type: str | int
    private: bool = False
    source_id: str | None = None
    sender: Person | None = None
    attachments: list[Any] | None = None

    @property
    def is_ours(self) -> bool:
        """Whether we have put it there."""
        return (self.source_id or "").startswith(PREFIX)

    def reply(self, outside_id: str) -> Replied | None:
        """What a colleague says to the customer: no private note, no template or activity, no echo of ours."""
        if self.message_type not in _OUTGOING or self.private or self.is_ours:
            return None
        return Replied(
            outside_id=outside_id,
            agent=self.sender.shown if self.sender else None,
            message_id=str(self.id),
            text=plain(self.content or ""),
            has_attachments=bool(self.attachments),
        )
