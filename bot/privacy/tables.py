"""Sealed values and the audit log."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from bot.storage.metadata import UtcDateTime, metadata

sealed_values = Table(
    "sealed_values",
    metadata,
    Column("conversation_id", String(64), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    # A keyed hash finds the same value again without opening anything.
    Column("fingerprint", LargeBinary(32), nullable=False),
    Column("nonce", LargeBinary(12), nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    UniqueConstraint("conversation_id", "kind", "fingerprint"),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("customer_id", String(64)),
    Column("conversation_id", String(64)),
    Column("detail", JSON, nullable=False),
    Index(None, "customer_id", "at"),
)
