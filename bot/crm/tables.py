"""The embedded CRM."""

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, Text

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
    Column("state", String(16), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
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
