"""Sealed values, the keys they are sealed under, and the audit log."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.privacy.append_only import guard
from bot.storage.metadata import UtcDateTime, metadata

sealed_values = Table(
    "sealed_values",
    metadata,
    Column("conversation_id", String(64), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    # Without a row in data_keys nobody can open it any more.
    Column("data_key_id", String(32)),
    # A keyed hash finds the same value again without opening anything.
    Column("fingerprint", LargeBinary(32), nullable=False),
    Column("nonce", LargeBinary(12), nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    UniqueConstraint("conversation_id", "kind", "fingerprint"),
)

data_keys = Table(
    "data_keys",
    metadata,
    Column("data_key_id", String(32), primary_key=True),
    Column("conversation_id", String(64), nullable=False, unique=True),
    Column("master_key_id", String(64), nullable=False, index=True),
    Column("nonce", LargeBinary(12), nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
)

_AuditId = BigInteger().with_variant(Integer, "sqlite")

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", _AuditId, primary_key=True, autoincrement=False),  # the head counts, without gaps
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("customer_id", String(64)),
    Column("conversation_id", String(64), index=True),
    Column("reason", Text),
    Column("detail", JSON, nullable=False),
    Column("previous", LargeBinary(32), nullable=False),  # the hash of the row before
    Column("hash", LargeBinary(32), nullable=False),
    Index(None, "customer_id", "at"),
)
guard(audit_log)

# One row: where the chain ends, and where it begins since retention has removed what was before.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last_id", BigInteger, nullable=False),
    Column("last_hash", LargeBinary(32), nullable=False),
    Column("base_id", BigInteger, nullable=False),
    Column("base_hash", LargeBinary(32), nullable=False),
    Column("base_at", UtcDateTime),
    Column("signature", LargeBinary(32), nullable=False),
)
