"""Who a conversation belongs to, and the one-time codes that prove it."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from bot.storage.metadata import UtcDateTime, metadata

identity_bindings = Table(
    "identity_bindings",
    metadata,
    Column("conversation_id", String(64), primary_key=True),
    Column("customer_id", String(64), nullable=False),
    Column("bound_at", UtcDateTime, nullable=False),
    Column("stepped_up_until", UtcDateTime),
)

# One row for whoever is challenged: a customer, or a phone number nobody has, so that both behave alike.
challenge_limits = Table(
    "challenge_limits",
    metadata,
    Column("subject", String(80), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("failed_at", UtcDateTime),
    Column("locked_until", UtcDateTime),
    Column("sent_at", UtcDateTime),
)

challenges = Table(
    "challenges",
    metadata,
    Column("challenge_id", String(32), primary_key=True),
    Column("conversation_id", String(64), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("customer_id", String(64)),
    Column("code_hash", LargeBinary(32), nullable=False),
    Column("resume", String(500), nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index(None, "conversation_id", "sent_at"),
)

sms_outbox = Table(
    "sms_outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("phone", String(32), nullable=False, index=True),
    Column("text", String(500), nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
)
