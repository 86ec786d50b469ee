"""Who a conversation belongs to, and the one-time codes that prove it."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, false

from bot.storage.metadata import UtcDateTime, metadata

identity_bindings = Table(
    "identity_bindings",
    metadata,
    Column("conversation_id", String(64), primary_key=True),
    Column("customer_id", String(64), nullable=False),
    Column("bound_at", UtcDateTime, nullable=False),
    Column("stepped_up_at", UtcDateTime),
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
    # Whether the customer was signed in. Codes a stranger asks for do not use up those the customer may have.
    Column("bound", Boolean, nullable=False, server_default=false()),
    Column("code_hash", LargeBinary(32), nullable=False),
    Column("resume", String(500), nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index(None, "conversation_id", "sent_at"),
    Index(None, "subject", "sent_at"),
)

# Site tokens that bear an id (jti) and were taken; each row is of use until its token ends.
used_site_tokens = Table(
    "used_site_tokens",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

sms_outbox = Table(
    "sms_outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("phone", String(32), nullable=False, index=True),
    Column("text", String(500), nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
)
