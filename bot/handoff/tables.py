"""Tables of the handoff: who waits for whom, and the ratings."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from bot.storage.metadata import UtcDateTime, metadata

handoffs = Table(
    "handoffs",
    metadata,
    Column("handoff_id", Integer, primary_key=True),  # in the order of queuing
    Column("conversation_id", ForeignKey("conversations.conversation_id"), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("note", Text),
    Column("intents", JSON, nullable=False),  # what the customer wanted last: [{"intent", "confidence"}]
    Column("collected", JSON, nullable=False, server_default=text("'{}'")),  # slot → what the customer told already
    Column("queued_at", UtcDateTime, nullable=False),
    Column("claimed_at", UtcDateTime),
    Column("agent_id", ForeignKey("agents.agent_id")),
    Column("ended_at", UtcDateTime),
    Column("outcome", String(16)),  # the event that ended it: cancel, return, close, leave
    Column("agent_note", Text),
    # A conversation waits or is served at most once at a time.
    Index(
        "uq_handoffs_open",
        "conversation_id",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

ratings = Table(
    "ratings",
    metadata,
    Column("rating_id", String(32), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.conversation_id")),  # none: its customer had the data erased
    Column("segment", Integer, nullable=False),
    Column("score", Integer, nullable=False),
    Column("agent_id", String(32)),  # who served the segment; none: the bot
    Column("rated_at", UtcDateTime, nullable=False),
    UniqueConstraint("conversation_id", "segment"),
)
