"""The demo core: accounts, bookings, credit-card statements and points."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from bot.storage.metadata import UtcDateTime, metadata

bank_accounts = Table(
    "bank_accounts",
    metadata,
    Column("account_id", String(32), primary_key=True),
    Column("customer_id", String(64), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("name", String(32), nullable=False),
    Column("card_tail", String(4), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("balance_fen", BigInteger, nullable=False),
    Column("limit_fen", BigInteger, nullable=False),  # 0 for a debit card
    Column("status", String(8), nullable=False),
    Column("position", Integer, nullable=False),  # as opened, debit before credit
    UniqueConstraint("customer_id", "card_tail"),
)

bank_transactions = Table(
    "bank_transactions",
    metadata,
    Column("transaction_id", String(48), primary_key=True),
    Column("account_id", ForeignKey("bank_accounts.account_id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("counterparty", String(64), nullable=False),
    Column("summary", String(64), nullable=False),
    Column("category", String(32), nullable=False),
    Column("between_own", Boolean, nullable=False),  # moved between accounts of the same customer
    Column("balance_after_fen", BigInteger, nullable=False),
    Index(None, "account_id", "at"),
)

bank_bills = Table(
    "bank_bills",
    metadata,
    Column("account_id", ForeignKey("bank_accounts.account_id"), primary_key=True),
    Column("statement_on", Date, primary_key=True),
    Column("due_on", Date, nullable=False),
    Column("statement_fen", BigInteger, nullable=False),
    Column("minimum_fen", BigInteger, nullable=False),
    Column("paid_fen", BigInteger, nullable=False),
)

bank_points = Table(
    "bank_points",
    metadata,
    Column("customer_id", String(64), primary_key=True),
    Column("balance", Integer, nullable=False),
    Column("expiring", Integer, nullable=False),
    Column("expires_on", Date),
)

bank_block_orders = Table(
    "bank_block_orders",
    metadata,
    Column("idempotency_key", String(128), primary_key=True),
    Column("account_id", ForeignKey("bank_accounts.account_id"), nullable=False),
    Column("ordered_at", UtcDateTime, nullable=False),
)
