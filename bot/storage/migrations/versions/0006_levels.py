"""Age of the step-up, codes a day and used site tokens"""

import sqlalchemy as sa
from alembic import op

import bot.storage.metadata

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # When a code was passed cannot be told from until when it held: customers pass another one.
    with op.batch_alter_table("identity_bindings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stepped_up_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=True))
        batch_op.drop_column("stepped_up_until")
    with op.batch_alter_table("challenges", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bound", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index(batch_op.f("ix_challenges_subject_sent_at"), ["subject", "sent_at"], unique=False)
    op.create_table(
        "used_site_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_used_site_tokens")),
    )
    with op.batch_alter_table("used_site_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_used_site_tokens_expires_at"), ["expires_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("used_site_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_used_site_tokens_expires_at"))
    op.drop_table("used_site_tokens")
    with op.batch_alter_table("challenges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_challenges_subject_sent_at"))
        batch_op.drop_column("bound")
    with op.batch_alter_table("identity_bindings", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("stepped_up_until", bot.storage.metadata.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.drop_column("stepped_up_at")
