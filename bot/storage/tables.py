"""What processes agree on among themselves."""

from sqlalchemy import Column, String, Table

from bot.storage.metadata import UtcDateTime, metadata

leases = Table(
    "leases",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("holder", String(32), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)
