"""Tables of the handoff: who waits for whom, what was left for them, who is there, and the ratings."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

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
    Column("outcome", String(16)),  # the event that ended it
    Column("agent_note", Text),
    Column("skill", String(16), nullable=False, server_default="general"),
    Column("urgency", Integer, nullable=False, server_default="4"),  # the lower, the sooner
    Column("reserved_for", ForeignKey("agents.agent_id")),  # who served this customer last
    Column("reserved_until", UtcDateTime),
    Column("first_reply_at", UtcDateTime),
    Column("awaiting_since", UtcDateTime),  # the customer's first word that no agent has answered yet
    Column("active_at", UtcDateTime),  # when agent or customer last did something
    Column("idle_warned_at", UtcDateTime),
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
    Column("reason", String(16)),  # why it was not better, if the customer says so: ratings.Reason
    Column("agent_id", String(32)),  # who served the segment; none: the bot
    Column("rated_at", UtcDateTime, nullable=False),
    UniqueConstraint("conversation_id", "segment"),
)

# A message left while nobody serves. The text stays in the log of messages, where it is sealed and erased.
handoff_tickets = Table(
    "handoff_tickets",
    metadata,
    Column("ticket_id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.conversation_id"), nullable=False),
    Column("seq", Integer, nullable=False),  # of the message that was left
    Column("reason", String(32), nullable=False),
    Column("left_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),  # until when an answer was promised
    Column("taken_at", UtcDateTime),
    Column("agent_id", ForeignKey("agents.agent_id")),
    UniqueConstraint("conversation_id", "seq"),
    Index(
        "ix_handoff_tickets_open",
        "due_at",
        sqlite_where=text("taken_at IS NULL"),
        postgresql_where=text("taken_at IS NULL"),
    ),
)

desk_agents = Table(
    "desk_agents",
    metadata,
    Column("agent_id", ForeignKey("agents.agent_id"), primary_key=True),
    Column("skills", JSON(none_as_null=True)),  # none: all of them
    Column("capacity", Integer),  # none: the usual one
    Column("away", Boolean, nullable=False),
    Column("seen_at", UtcDateTime),  # the last heartbeat of a page of the desk
)

# Offers to a colleague, and what was passed on to a skill.
handoff_transfers = Table(
    "handoff_transfers",
    metadata,
    Column("transfer_id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.conversation_id"), nullable=False, index=True),
    Column("from_agent", ForeignKey("agents.agent_id"), nullable=False),
    Column("to_agent", ForeignKey("agents.agent_id"), index=True),
    Column("to_skill", String(16)),
    Column("note", Text),
    Column("offered_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("outcome", String(16)),  # accepted, declined, withdrawn, expired, queued
    Index(
        "uq_handoff_transfers_open",
        "conversation_id",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

# What supervisors say to the agent alone.
handoff_whispers = Table(
    "handoff_whispers",
    metadata,
    Column("whisper_id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.conversation_id"), nullable=False, index=True),
    Column("author_id", ForeignKey("agents.agent_id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
)
