"""Table of access tokens that all workers share."""

from sqlalchemy import JSON, Column, LargeBinary, String, Table

from bot.storage.metadata import UtcDateTime, metadata

shared_tokens = Table(
    "shared_tokens",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("sealed", LargeBinary),
    Column("ends_at", UtcDateTime),
    Column("holder", String(16)),
    Column("lease_until", UtcDateTime),
    Column("fetched_at", JSON, nullable=False),
)
