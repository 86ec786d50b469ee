"""One conversation of the fake gateway."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass
class Conversation:
    """One conversation and the log of it."""

    conversation_id: str
    customer_id: str | None = None
    state: str = "bot"
    position: int | None = None
    wait_s: int | None = None
    reason: str = "asked"
    agent: dict[str, str] | None = None
    queued_at: float = 0.0
    reach: dict[str, Any] | None = None
    channel: str = "web"
    collected: dict[str, str] = field(default_factory=dict)
    tried: list[dict[str, Any]] = field(default_factory=list)
    past: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    unseen: set[str] = field(default_factory=set)
    """Agents whom unread notes call for."""
    tags: list[str] = field(default_factory=list)
    transfers: list[dict[str, Any]] = field(default_factory=list)
    whispers: list[dict[str, Any]] = field(default_factory=list)
    skill: str = "general"
    urgency: int = 4
    reserved_for: str | None = None
    clocks: list[dict[str, str]] = field(default_factory=list)
    summary: str | None = None
    pictures: dict[int, bytes] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)

    def append(self, author: str, text: str, **extra: Any) -> dict[str, Any]:
        message = {"seq": len(self.messages) + 1, "author": author, "text": text, **extra}
        message["created_at"] = datetime.now(UTC).isoformat()
        self.messages.append(message)
        return message

    def said(self, after: int) -> dict[str, Any]:
        frame: dict[str, Any] = {"messages": [m for m in self.messages if m["seq"] > after], "state": self.state}
        if self.state == "queued":
            frame["queue"] = {"position": self.position}
            if self.wait_s is not None:
                frame["queue"]["wait_s"] = self.wait_s
        return frame
