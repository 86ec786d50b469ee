"""The embedded CRM, and what the adapters of others remember."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, LargeBinary, String, Table, Text, false

from bot.storage.metadata import UtcDateTime, metadata

crm_customers = Table(
    "crm_customers",
    metadata,
    Column("customer_id", String(64), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("title", String(8), nullable=False),
    Column("phone", String(32), nullable=False, unique=True),
    Column("segment", String(32), nullable=False),
    Column("risk_level", String(2)),
    Column("risk_valid_until", Date),
    Column("manager", String(64)),
    Column("products", String(200)),
)

crm_interactions = Table(
    "crm_interactions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("idempotency_key", String(128), nullable=False, unique=True),
    Column("customer_id", String(64), index=True),
    Column("conversation_id", String(64), nullable=False),
    Column("summary", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

crm_cases = Table(
    "crm_cases",
    metadata,
    Column("number", String(32), primary_key=True),
    Column("idempotency_key", String(128), nullable=False, unique=True),
    Column("customer_id", String(64), index=True),
    Column("conversation_id", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("contact_phone", String(32)),
    Column("due_on", Date, nullable=False),
    Column("category", String(64), nullable=False, server_default=""),
    Column("subcategory", String(64), nullable=False, server_default=""),
    Column("channel", String(16), nullable=False, server_default="web"),
    Column("priority", String(16), nullable=False, server_default="normal"),
    Column("state", String(16), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("owner", String(64)),
    Column("resolution", Text),
    Column("escalated", Boolean, nullable=False, server_default=false()),
)

crm_case_updates = Table(
    "crm_case_updates",
    metadata,
    Column("idempotency_key", String(128), primary_key=True),
    Column("number", ForeignKey("crm_cases.number"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
)

crm_notes = Table(
    "crm_notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("idempotency_key", String(128), nullable=False, unique=True),
    Column("number", ForeignKey("crm_cases.number"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

crm_records = Table(
    "crm_records",
    metadata,
    Column("crm", String(16), primary_key=True),
    Column("number", String(32), primary_key=True),
    Column("record_id", String(64), nullable=False),
)

crm_outbox = Table(
    "crm_outbox",
    metadata,
    Column("write_id", Integer, primary_key=True),  # in the order they were made
    Column("kind", String(32), nullable=False),
    Column("subject", String(64), nullable=False, index=True),
    Column("idempotency_key", String(128), nullable=False, unique=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("parked_at", UtcDateTime),
    Column("error", Text),
    sqlite_autoincrement=True,  # a number that was used is never used again
)
