"""Tables of what agents keep beside conversations: notes for colleagues, tags, and replies to choose from."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from bot.storage.metadata import UtcDateTime, metadata

conversation_notes = Table(
    "conversation_notes",
    metadata,
    Column("note_id", String(32), primary_key=True),  # chosen by the page: sent again, it is the same note
    Column("conversation_id", ForeignKey("conversations.conversation_id"), nullable=False, index=True),
    Column("agent_id", ForeignKey("agents.agent_id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("after_seq", Integer, nullable=False),  # the message it was written after
    Column("written_at", UtcDateTime, nullable=False),
)

note_mentions = Table(
    "note_mentions",
    metadata,
    Column("note_id", ForeignKey("conversation_notes.note_id"), primary_key=True),
    Column("agent_id", ForeignKey("agents.agent_id"), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.conversation_id"), nullable=False, index=True),
    Column("seen_at", UtcDateTime),
)

conversation_tags = Table(
    "conversation_tags",
    metadata,
    Column("conversation_id", ForeignKey("conversations.conversation_id"), primary_key=True),
    Column("tag", String(16), primary_key=True),
    Column("agent_id", ForeignKey("agents.agent_id"), nullable=False),
    Column("tagged_at", UtcDateTime, nullable=False),
)

canned_replies = Table(
    "canned_replies",
    metadata,
    Column("reply_id", String(32), primary_key=True),
    Column("shortcut", String(16), nullable=False, unique=True),
    Column("title", String(32), nullable=False),
    Column("text", Text, nullable=False),
    Column("changed_by", String(32)),  # none: it is as it shipped
    Column("changed_at", UtcDateTime, nullable=False),
)
