"""Between the tables and what the code speaks of."""

from typing import Any

from bot.conversations.conversation import Conversation
from bot.conversations.messages import Author, Button, Message, State


def row_of(conversation: Conversation) -> dict[str, Any]:
    """A conversation as the database takes it."""
    return {**conversation.__dict__, "state": conversation.state.value}


def conversation_of(row: Any) -> Conversation:
    """A row of the table of conversations."""
    return Conversation(**{**row, "state": State(row["state"])})


def message_of(row: Any) -> Message:
    """A row of the message log."""
    return Message(
        author=Author(row["author"]),
        text=row["text"],
        buttons=tuple(Button(**button) for button in row["buttons"]),
        cards=tuple(row["cards"]),
        metadata=row["metadata"],
        seq=row["seq"],
        client_message_id=row["client_message_id"],
        reply_to=row["reply_to"],
        created_at=row["created_at"],
    )
