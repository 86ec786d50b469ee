"""Notes, tags and canned replies of the desk, what the dialogue had collected at a handoff, customers' products"""

import sqlalchemy as sa
from alembic import op

import bot.storage.metadata

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_MOMENT = bot.storage.metadata.UtcDateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("collected", sa.JSON(), server_default=sa.text("'{}'"), nullable=False))

    with op.batch_alter_table("crm_customers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("products", sa.String(length=200), nullable=True))

    op.create_table(
        "canned_replies",
        sa.Column("reply_id", sa.String(length=32), nullable=False),
        sa.Column("shortcut", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.String(length=32), nullable=True),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("reply_id", name=op.f("pk_canned_replies")),
        sa.UniqueConstraint("shortcut", name=op.f("uq_canned_replies_shortcut")),
    )
    op.create_table(
        "conversation_notes",
        sa.Column("note_id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        sa.Column("written_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.agent_id"], name=op.f("fk_conversation_notes_agent_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.conversation_id"],
            name=op.f("fk_conversation_notes_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_conversation_notes")),
    )
    with op.batch_alter_table("conversation_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conversation_notes_conversation_id"), ["conversation_id"], unique=False)

    op.create_table(
        "note_mentions",
        sa.Column("note_id", sa.String(length=32), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.agent_id"], name=op.f("fk_note_mentions_agent_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.conversation_id"], name=op.f("fk_note_mentions_conversation_id")
        ),
        sa.ForeignKeyConstraint(["note_id"], ["conversation_notes.note_id"], name=op.f("fk_note_mentions_note_id")),
        sa.PrimaryKeyConstraint("note_id", "agent_id", name=op.f("pk_note_mentions")),
    )
    with op.batch_alter_table("note_mentions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_mentions_conversation_id"), ["conversation_id"], unique=False)

    op.create_table(
        "conversation_tags",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("tag", sa.String(length=16), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("tagged_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.agent_id"], name=op.f("fk_conversation_tags_agent_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.conversation_id"], name=op.f("fk_conversation_tags_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "tag", name=op.f("pk_conversation_tags")),
    )


def downgrade() -> None:
    for table in ("conversation_tags", "note_mentions", "conversation_notes", "canned_replies"):
        op.drop_table(table)
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.drop_column("collected")
    with op.batch_alter_table("crm_customers", schema=None) as batch_op:
        batch_op.drop_column("products")
