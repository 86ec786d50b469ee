"""Questions that nothing in the knowledge base answered."""

from sqlalchemy import Column, Float, String, Table, Text

from bot.storage.metadata import UtcDateTime, metadata

knowledge_misses = Table(
    "knowledge_misses",
    metadata,
    Column("miss_id", String(32), primary_key=True),
    Column("conversation_id", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("score", Float),
    Column("missed_at", UtcDateTime, nullable=False, index=True),
)
