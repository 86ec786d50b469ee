"""The audit log as a chain, and ratings that outlive the data of their customer"""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from alembic import context, op

import bot.storage.metadata
from bot.privacy.append_only import STATEMENTS
from bot.privacy.chain import Chain, Head

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("last_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("base_id", sa.BigInteger(), nullable=False),
        sa.Column("base_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("base_at", bot.storage.metadata.UtcDateTime(timezone=True), nullable=True),
        sa.Column("signature", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    with op.batch_alter_table("audit_log") as batch_op:
        batch_op.add_column(sa.Column("reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("previous", sa.LargeBinary(length=32), nullable=True))
        batch_op.add_column(sa.Column("hash", sa.LargeBinary(length=32), nullable=True))
        batch_op.create_index(op.f("ix_audit_log_conversation_id"), ["conversation_id"], unique=False)
    with op.batch_alter_table("ratings") as batch_op:
        batch_op.alter_column("conversation_id", existing_type=sa.String(length=32), nullable=True)
    if not context.is_offline_mode():
        _link_rows(op.get_bind(), Chain(context.config.attributes["secret"]))
    with op.batch_alter_table("audit_log") as batch_op:
        batch_op.alter_column("previous", existing_type=sa.LargeBinary(length=32), nullable=False)
        batch_op.alter_column("hash", existing_type=sa.LargeBinary(length=32), nullable=False)
    # A migration that makes this table anew on SQLite has to make them again.
    for statement in STATEMENTS[op.get_bind().dialect.name]:
        op.execute(statement)


def _link_rows(connection: sa.Connection, chain: Chain) -> None:
    """Chain what the releases before have written, under ids without gaps; from here on they cannot be changed."""
    log, heads = _tables()
    head = Head()
    ids = connection.execute(sa.select(log.c.id).order_by(log.c.id)).scalars().all()
    for row_id in ids:
        row: Any = connection.execute(sa.select(log).where(log.c.id == row_id)).one()
        linked = chain.hash(head.last_hash, row._mapping)
        values = {"id": head.last_id + 1, "previous": head.last_hash, "hash": linked}
        connection.execute(sa.update(log).where(log.c.id == row_id).values(values))
        head = replace(head, last_id=head.last_id + 1, last_hash=linked)
    connection.execute(sa.insert(heads).values(id=1, **head.__dict__, signature=chain.sign(head)))


def _tables() -> tuple[sa.Table, sa.Table]:
    metadata = sa.MetaData()
    moment = bot.storage.metadata.UtcDateTime
    log = sa.Table(
        "audit_log",
        metadata,
        sa.Column("id", sa.BigInteger),
        sa.Column("at", moment),
        *(sa.Column(name, sa.Text) for name in ("actor", "action", "customer_id", "conversation_id", "reason")),
        sa.Column("detail", sa.JSON),
        *(sa.Column(name, sa.LargeBinary) for name in ("previous", "hash")),
    )
    heads = sa.Table(
        "audit_head",
        metadata,
        *(sa.Column(name, sa.BigInteger) for name in ("id", "last_id", "base_id")),
        *(sa.Column(name, sa.LargeBinary) for name in ("last_hash", "base_hash", "signature")),
        sa.Column("base_at", moment),
    )
    return log, heads
