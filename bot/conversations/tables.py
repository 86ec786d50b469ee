"""Tables of conversations: the state, the append-only message log, and the customers' sessions."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from bot.storage.metadata import UtcDateTime, metadata

conversations = Table(
    "conversations",
    metadata,
    Column("conversation_id", String(32), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("segment", Integer, nullable=False),  # a new segment is a fresh Rasa tracker
    Column("last_seq", Integer, nullable=False),
    Column("agent_id", String(32)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False, index=True),
    Column("customer_spoke_at", UtcDateTime),
)

messages = Table(
    "messages",
    metadata,
    Column("conversation_id", ForeignKey("conversations.conversation_id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("author", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("buttons", JSON, nullable=False),
    Column("cards", JSON, nullable=False),
    Column("metadata", JSON, nullable=False),
    Column("client_message_id", String(64)),
    Column("reply_to", Integer),
    Column("handled", Boolean, nullable=False),  # false: a customer message nobody has dealt with yet
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("conversation_id", "author", "client_message_id"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.conversation_id"), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)
