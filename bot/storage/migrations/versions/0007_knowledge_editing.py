"""Drafts and versions of the knowledge base"""

import sqlalchemy as sa
from alembic import op

import bot.storage.metadata

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "knowledge_drafts",
        sa.Column("draft_id", sa.String(length=32), nullable=False),
        sa.Column("entry_id", sa.String(length=64), nullable=False),
        sa.Column("record", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("author_id", sa.String(length=32), nullable=False),
        sa.Column("changed_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=False),
        sa.Column("reviewer_id", sa.String(length=32), nullable=True),
        sa.Column("reviewed_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_knowledge_drafts")),
    )
    with op.batch_alter_table("knowledge_drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_knowledge_drafts_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_knowledge_drafts_state"), ["state"], unique=False)

    op.create_table(
        "knowledge_versions",
        sa.Column("entry_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("draft_id", sa.String(length=32), nullable=False),
        sa.Column("author_id", sa.String(length=32), nullable=False),
        sa.Column("approver_id", sa.String(length=32), nullable=False),
        sa.Column("published_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["knowledge_drafts.draft_id"], name=op.f("fk_knowledge_versions_draft_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", "version", name=op.f("pk_knowledge_versions")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_knowledge_versions_draft_id")),
    )
    with op.batch_alter_table("knowledge_misses", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answered_by", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("settled_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("settled_by", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("settled_with", sa.Text(), nullable=True))
        batch_op.create_index(batch_op.f("ix_knowledge_misses_settled_at"), ["settled_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("knowledge_misses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_knowledge_misses_settled_at"))
        batch_op.drop_column("settled_with")
        batch_op.drop_column("settled_by")
        batch_op.drop_column("settled_at")
        batch_op.drop_column("answered_by")

    op.drop_table("knowledge_versions")
    with op.batch_alter_table("knowledge_drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_knowledge_drafts_state"))
        batch_op.drop_index(batch_op.f("ix_knowledge_drafts_entry_id"))

    op.drop_table("knowledge_drafts")
