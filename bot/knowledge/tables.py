"""Questions that nothing in the knowledge base answered, or whose answer the customer found of no use."""

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
    Column("answered_by", String(64)),  # the entry whose answer was of no use; null: nothing was found
    Column("settled_at", UtcDateTime, index=True),
    Column("settled_by", String(32)),
    Column("settled_with", Text),  # the draft made of it, or why nothing is
)
