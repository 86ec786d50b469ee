"""Accounts, one-time passwords and sessions of the bank's people"""

import sqlalchemy as sa
from alembic import op

import bot.storage.metadata

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("agents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("must_change_password", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("disabled_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("totp_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("totp_since", bot.storage.metadata.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("totp_last_step", sa.BigInteger(), nullable=True))

    op.create_table(
        "desk_recovery_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.agent_id"], name=op.f("fk_desk_recovery_codes_agent_id")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_desk_recovery_codes")),
    )
    with op.batch_alter_table("desk_recovery_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_recovery_codes_agent_id"), ["agent_id"], unique=False)

    # Sessions know more now; who is signed in signs in again.
    op.drop_table("desk_sessions")
    op.create_table(
        "desk_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("created_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.agent_id"], name=op.f("fk_desk_sessions_agent_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_desk_sessions")),
        sa.UniqueConstraint("session_id", name=op.f("uq_desk_sessions_session_id")),
    )
    with op.batch_alter_table("desk_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_sessions_agent_id"), ["agent_id"], unique=False)

    op.create_table(
        "sign_in_failures",
        sa.Column("login_hash", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=False),
        sa.Column("locked_until", bot.storage.metadata.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("login_hash", name=op.f("pk_sign_in_failures")),
    )
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_failures_last_at"), ["last_at"], unique=False)


def downgrade() -> None:
    op.drop_table("sign_in_failures")
    op.drop_table("desk_sessions")
    op.create_table(
        "desk_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("expires_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.agent_id"], name=op.f("fk_desk_sessions_agent_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_desk_sessions")),
    )
    op.drop_table("desk_recovery_codes")
    with op.batch_alter_table("agents", schema=None) as batch_op:
        batch_op.drop_column("totp_last_step")
        batch_op.drop_column("totp_since")
        batch_op.drop_column("totp_sealed")
        batch_op.drop_column("disabled_at")
        batch_op.drop_column("must_change_password")
