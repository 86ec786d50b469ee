"""Complaints, what happened to them, the extensions asked for, and the counter behind their numbers."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
    text,
)

from bot.storage.metadata import UtcDateTime, metadata

complaints = Table(
    "complaints",
    metadata,
    Column("number", String(16), primary_key=True),
    Column("idempotency_key", String(128), nullable=False, unique=True),
    Column("customer_id", String(64), index=True),
    Column("conversation_id", String(64), nullable=False, index=True),
    Column("channel", String(16), nullable=False, server_default="web"),
    Column("state", String(16), nullable=False),
    Column("category", String(32), nullable=False, server_default="other"),
    Column("subcategory", String(32)),
    Column("target", Text),
    Column("target_kind", String(16), nullable=False, server_default="other"),
    Column("branch", String(64)),
    Column("what", Text, nullable=False),
    Column("wish", Text),
    Column("phone", String(32)),  # a placeholder of the conversation; none: the number on file
    Column("occurred_on", Date),
    Column("amount_fen", BigInteger),
    Column("currency", String(3), nullable=False, server_default="CNY"),
    Column("complexity", String(16), nullable=False, server_default="simple"),
    Column("concerns", String(64), nullable=False, server_default=""),  # fraud,media
    Column("received_at", UtcDateTime, nullable=False),
    Column("clock_started_on", Date),  # none: a complaint of the first release, whose clock began on receipt
    Column("due_on", Date, nullable=False, index=True),
    Column("clock_stopped_on", Date),
    Column("round", Integer, nullable=False, server_default="1"),
    Column("extended", Boolean, nullable=False, server_default=false()),
    Column("late_rounds", Integer, nullable=False, server_default="0"),  # answered late before it was reopened
    Column("handler_id", String(32)),
    Column("handler_name", String(64)),
    Column("outcome", String(16)),
    Column("answer", Text),
    Column("answered_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
)

complaint_timeline = Table(
    "complaint_timeline",
    metadata,
    Column("number", ForeignKey("complaints.number"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("idempotency_key", String(128), unique=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(16), nullable=False),  # customer, agent
    Column("actor_id", String(64)),
    Column("actor_name", String(64)),
    Column("event", String(16), nullable=False),
    Column("state", String(16), nullable=False),  # the one it led to
    Column("text", Text),
    Column("told", Text),  # to the customer, in the conversation
    Column("detail", JSON, nullable=False),
)

complaint_extensions = Table(
    "complaint_extensions",
    metadata,
    Column("extension_id", Integer, primary_key=True),
    Column("number", ForeignKey("complaints.number"), nullable=False, index=True),
    Column("requested_by", String(32), nullable=False),
    Column("requested_by_name", String(64), nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("until", Date, nullable=False),
    Column("state", String(16), nullable=False),
    Column("decided_by", String(32)),
    Column("decided_by_name", String(64)),
    Column("decided_at", UtcDateTime),
    Column("note", Text),
    Column("notified_at", UtcDateTime),
    # One request at a time.
    Index(
        "uq_complaint_extensions_pending",
        "number",
        unique=True,
        sqlite_where=text("state = 'pending'"),
        postgresql_where=text("state = 'pending'"),
    ),
)

complaint_sequences = Table(
    "complaint_sequences",
    metadata,
    Column("day", Date, primary_key=True),
    Column("last", Integer, nullable=False),
)
