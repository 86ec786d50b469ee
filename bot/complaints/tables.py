"""Complaints and the counter behind their numbers."""

from sqlalchemy import BigInteger, Column, Date, Integer, String, Table, Text

from bot.storage.metadata import UtcDateTime, metadata

complaints = Table(
    "complaints",
    metadata,
    Column("number", String(16), primary_key=True),
    Column("idempotency_key", String(128), nullable=False, unique=True),
    Column("customer_id", String(64), index=True),
    Column("conversation_id", String(64), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("target", Text),
    Column("what", Text, nullable=False),
    Column("wish", Text),
    Column("occurred_on", Date),
    Column("amount_fen", BigInteger),
    Column("received_at", UtcDateTime, nullable=False),
    Column("due_on", Date, nullable=False),
)

complaint_sequences = Table(
    "complaint_sequences",
    metadata,
    Column("day", Date, primary_key=True),
    Column("last", Integer, nullable=False),
)
