"""Conversations mirrored at a desk outside"""

import sqlalchemy as sa
from alembic import op

import bot.storage.metadata

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outside_conversations",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("outside_id", sa.String(length=64), nullable=True),
        sa.Column("handoff_id", sa.Integer(), nullable=True),
        sa.Column("card_to", sa.Integer(), nullable=True),
        sa.Column("sent_seq", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("held_by", sa.String(length=16), nullable=True),
        sa.Column("held_until", bot.storage.metadata.UtcDateTime(timezone=True), nullable=True),
        sa.Column("in_doubt", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("retry_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.conversation_id"],
            name=op.f("fk_outside_conversations_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoffs.handoff_id"], name=op.f("fk_outside_conversations_handoff_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_outside_conversations")),
        sa.UniqueConstraint("outside_id", name=op.f("uq_outside_conversations_outside_id")),
    )


def downgrade() -> None:
    op.drop_table("outside_conversations")
