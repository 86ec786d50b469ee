"""A data key for each conversation

What was sealed before, under a key derived from SECRET_KEY, cannot be opened any more. Its rows stay, so that no
placeholder that stands in a text is given to another value.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_keys",
        sa.Column("data_key_id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("master_key_id", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.LargeBinary(length=12), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("data_key_id", name=op.f("pk_data_keys")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_data_keys_conversation_id")),
    )
    with op.batch_alter_table("data_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_data_keys_master_key_id"), ["master_key_id"], unique=False)

    with op.batch_alter_table("sealed_values", schema=None) as batch_op:
        batch_op.add_column(sa.Column("data_key_id", sa.String(length=32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("sealed_values", schema=None) as batch_op:
        batch_op.drop_column("data_key_id")

    with op.batch_alter_table("data_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_data_keys_master_key_id"))

    op.drop_table("data_keys")
