"""Drafts of entries, and what has been published of them."""

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, Text

from bot.storage.metadata import UtcDateTime, metadata

knowledge_drafts = Table(
    "knowledge_drafts",
    metadata,
    Column("draft_id", String(32), primary_key=True),
    Column("entry_id", String(64), nullable=False, index=True),
    Column("record", JSON(none_as_null=True)),  # the entry as it shall read; null retires it
    Column("based_on", Integer, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("author_id", String(32), nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("reviewer_id", String(32)),
    Column("reviewed_at", UtcDateTime),
    Column("note", Text),
)

knowledge_versions = Table(
    "knowledge_versions",
    metadata,
    Column("entry_id", String(64), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("record", JSON(none_as_null=True)),  # null: retired
    Column("draft_id", String(32), ForeignKey("knowledge_drafts.draft_id"), nullable=False, unique=True),
    Column("author_id", String(32), nullable=False),
    Column("approver_id", String(32), nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
)
