"""The state of one conversation."""

from dataclasses import dataclass
from datetime import datetime

from bot.conversations.messages import State


@dataclass(frozen=True)
class Conversation:
    """The state of one conversation as it was read."""

    conversation_id: str
    channel: str
    state: State
    segment: int
    last_seq: int
    agent_id: str | None
    created_at: datetime
    updated_at: datetime
    customer_spoke_at: datetime | None

    @property
    def sender_id(self) -> str:
        """The name under which Rasa knows the present segment of this conversation."""
        return f"{self.conversation_id}.{self.segment}"


def conversation_id_of(sender_id: str) -> str:
    """The conversation id within a Rasa sender id."""
    return sender_id.rpartition(".")[0]
