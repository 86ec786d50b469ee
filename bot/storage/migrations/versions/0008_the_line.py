"""The line for people: who is there, who is served first, messages left after hours"""

import sqlalchemy as sa
from alembic import op

import bot.storage.metadata

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handoff_tickets",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("left_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=False),
        sa.Column("taken_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=True),
        sa.Column("agent_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.agent_id"], name=op.f("fk_handoff_tickets_agent_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.conversation_id"], name=op.f("fk_handoff_tickets_conversation_id")
        ),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_handoff_tickets")),
        sa.UniqueConstraint("conversation_id", "seq", name=op.f("uq_handoff_tickets_conversation_id_seq")),
    )
    op.create_index(
        "ix_handoff_tickets_open",
        "handoff_tickets",
        ["due_at"],
        sqlite_where=sa.text("taken_at IS NULL"),
        postgresql_where=sa.text("taken_at IS NULL"),
    )
    op.create_table(
        "desk_agents",
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("skills", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("away", sa.Boolean(), nullable=False),
        sa.Column("seen_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.agent_id"], name=op.f("fk_desk_agents_agent_id")),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_desk_agents")),
    )
    op.create_table(
        "handoff_transfers",
        sa.Column("transfer_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("from_agent", sa.String(length=32), nullable=False),
        sa.Column("to_agent", sa.String(length=32), nullable=True),
        sa.Column("to_skill", sa.String(length=16), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("offered_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.conversation_id"], name=op.f("fk_handoff_transfers_conversation_id")
        ),
        sa.ForeignKeyConstraint(["from_agent"], ["agents.agent_id"], name=op.f("fk_handoff_transfers_from_agent")),
        sa.ForeignKeyConstraint(["to_agent"], ["agents.agent_id"], name=op.f("fk_handoff_transfers_to_agent")),
        sa.PrimaryKeyConstraint("transfer_id", name=op.f("pk_handoff_transfers")),
    )
    op.create_index(op.f("ix_handoff_transfers_conversation_id"), "handoff_transfers", ["conversation_id"])
    op.create_index(op.f("ix_handoff_transfers_to_agent"), "handoff_transfers", ["to_agent"])
    op.create_index(
        "uq_handoff_transfers_open",
        "handoff_transfers",
        ["conversation_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "handoff_whispers",
        sa.Column("whisper_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("author_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["agents.agent_id"], name=op.f("fk_handoff_whispers_author_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.conversation_id"], name=op.f("fk_handoff_whispers_conversation_id")
        ),
        sa.PrimaryKeyConstraint("whisper_id", name=op.f("pk_handoff_whispers")),
    )
    op.create_index(op.f("ix_handoff_whispers_conversation_id"), "handoff_whispers", ["conversation_id"])
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("skill", sa.String(length=16), server_default="general", nullable=False))
        batch_op.add_column(sa.Column("urgency", sa.Integer(), server_default="4", nullable=False))
        batch_op.add_column(sa.Column("reserved_for", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("reserved_until", bot.storage.metadata.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("first_reply_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("awaiting_since", bot.storage.metadata.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("active_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("idle_warned_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_handoffs_reserved_for"), "agents", ["reserved_for"], ["agent_id"])


def downgrade() -> None:
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_handoffs_reserved_for"), type_="foreignkey")
        batch_op.drop_column("idle_warned_at")
        batch_op.drop_column("active_at")
        batch_op.drop_column("awaiting_since")
        batch_op.drop_column("first_reply_at")
        batch_op.drop_column("reserved_until")
        batch_op.drop_column("reserved_for")
        batch_op.drop_column("urgency")
        batch_op.drop_column("skill")

    op.drop_table("handoff_whispers")
    op.drop_table("handoff_transfers")
    op.drop_table("desk_agents")
    op.drop_table("handoff_tickets")
