"""The demo core in our own database."""

from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, false, func, literal, or_, select, tuple_, update

from bot.banking.errors import InvalidCursorError, UnknownCardError
from bot.banking.models import (
    Account,
    AccountKind,
    Card,
    CardStatus,
    CreditCardBill,
    Points,
    Transaction,
    TransactionPage,
    TransactionQuery,
)
from bot.banking.tables import bank_accounts, bank_bills, bank_block_orders, bank_points, bank_transactions
from bot.clock import BANK_ZONE, Clock
from bot.storage.database import Database
from bot.storage.rows import insert_new

_BOOKINGS = bank_transactions.join(bank_accounts)
_KEY = tuple_(bank_transactions.c.at, bank_transactions.c.transaction_id)


class SqlCoreBanking:
    """The `CoreBanking` port on SQLite or PostgreSQL."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def accounts(self, customer_id: str) -> list[Account]:
        """See `CoreBanking.accounts`."""
        statement = (
            select(bank_accounts).where(bank_accounts.c.customer_id == customer_id).order_by(bank_accounts.c.position)
        )
        async with self._db.read() as connection:
            return [_account(row) for row in await connection.execute(statement)]

    async def transactions(self, customer_id: str, query: TransactionQuery) -> TransactionPage:
        """See `CoreBanking.transactions`."""
        amount = bank_transactions.c.amount_fen
        own = bank_transactions.c.between_own if query.covers_everything else false()
        figures = _matching(
            select(
                func.count(),
                func.coalesce(func.sum(case((~own & (amount > 0), amount), else_=0)), 0),
                func.coalesce(func.sum(case((~own & (amount < 0), -amount), else_=0)), 0),
            ),
            customer_id,
            query,
        )
        columns = (bank_transactions, bank_accounts.c.card_tail, bank_accounts.c.currency)
        newest = (
            _matching(select(*columns), customer_id, query)
            .order_by(bank_transactions.c.at.desc(), bank_transactions.c.transaction_id.desc())
            .limit(query.limit + 1)
        )
        if query.cursor is not None:
            newest = newest.where(_position(query.cursor) > _KEY)
        async with self._db.read() as connection:
            total, income, expense = (await connection.execute(figures)).one()
            rows = (await connection.execute(newest)).all()
        items = tuple(_transaction(row) for row in rows[: query.limit])
        more = _cursor(items[-1]) if items and len(rows) > query.limit else None
        return TransactionPage(items, total, int(income), int(expense), query.currency, more)

    async def bills(self, customer_id: str) -> list[CreditCardBill]:
        """See `CoreBanking.bills`."""
        latest = (
            select(func.max(bank_bills.c.statement_on))
            .where(bank_bills.c.account_id == bank_accounts.c.account_id)
            .correlate(bank_accounts)
            .scalar_subquery()
        )
        statement = (
            select(bank_accounts, bank_bills)
            .select_from(bank_bills.join(bank_accounts))
            .where(bank_accounts.c.customer_id == customer_id, bank_bills.c.statement_on == latest)
            .order_by(bank_accounts.c.position)
        )
        async with self._db.read() as connection:
            return [_bill(row) for row in await connection.execute(statement)]

    async def points(self, customer_id: str) -> Points:
        """See `CoreBanking.points`."""
        columns = (bank_points.c.balance, bank_points.c.expiring, bank_points.c.expires_on)
        statement = select(*columns).where(bank_points.c.customer_id == customer_id)
        async with self._db.read() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return Points(0, 0, None) if row is None else Points(*row)

    async def block_card(self, customer_id: str, card_tail: str, *, idempotency_key: str) -> Card:
        """See `CoreBanking.block_card`."""
        statement = (
            update(bank_accounts)
            .where(bank_accounts.c.customer_id == customer_id, bank_accounts.c.card_tail == card_tail)
            .values(status=CardStatus.BLOCKED.value)
            .returning(bank_accounts.c.account_id, bank_accounts.c.kind, bank_accounts.c.name)
        )
        async with self._db.write() as connection:
            row = (await connection.execute(statement)).one_or_none()
            if row is None:
                raise UnknownCardError(card_tail)
            await insert_new(
                connection,
                bank_block_orders,
                idempotency_key=idempotency_key,
                account_id=row.account_id,
                ordered_at=self._clock(),
            )
        return Card(card_tail, AccountKind(row.kind), row.name, CardStatus.BLOCKED)


def _matching(statement: Select[Any], customer_id: str, query: TransactionQuery) -> Select[Any]:
    booking, account = bank_transactions.c, bank_accounts.c
    statement = statement.select_from(_BOOKINGS).where(
        account.customer_id == customer_id,
        account.currency == query.currency,
        booking.at >= _day_starts(query.since),
        booking.at < _day_starts(query.until + timedelta(days=1)),
    )
    if query.card_tail is not None:
        statement = statement.where(account.card_tail == query.card_tail)
    if query.kind is not None:
        statement = statement.where(account.kind == query.kind.value)
    if query.direction is not None:
        statement = statement.where(booking.amount_fen > 0 if query.direction == "in" else booking.amount_fen < 0)
    if query.least_fen is not None:
        statement = statement.where(func.abs(booking.amount_fen) >= query.least_fen)
    if query.most_fen is not None:
        statement = statement.where(func.abs(booking.amount_fen) <= query.most_fen)
    if query.keyword is not None:
        texts = (booking.counterparty, booking.summary, booking.category)
        statement = statement.where(or_(*(text.contains(query.keyword, autoescape=True) for text in texts)))
    return statement


def _cursor(item: Transaction) -> str:
    """Where the page after `item` begins. A position, not a count: bookings that come in meanwhile move nothing."""
    return f"{item.at.astimezone(timezone.utc).isoformat()}|{item.transaction_id}"


def _position(cursor: str) -> ColumnElement[Any]:
    at, _, transaction_id = cursor.partition("|")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise InvalidCursorError("not a cursor of ours") from error
    if moment.tzinfo is None:
        raise InvalidCursorError("not a cursor of ours")
    return tuple_(literal(moment, bank_transactions.c.at.type), literal(transaction_id))


def _day_starts(day: date) -> datetime:
    return datetime.combine(day, time.min, BANK_ZONE)


def _account(row: Row[Any]) -> Account:
    return Account(
        card_tail=row.card_tail,
        kind=AccountKind(row.kind),
        name=row.name,
        status=CardStatus(row.status),
        account_id=row.account_id,
        balance_fen=row.balance_fen,
        available_fen=row.limit_fen + row.balance_fen,
        currency=row.currency,
    )


def _transaction(row: Row[Any]) -> Transaction:
    return Transaction(
        transaction_id=row.transaction_id,
        at=row.at,
        card_tail=row.card_tail,
        amount_fen=row.amount_fen,
        counterparty=row.counterparty,
        summary=row.summary,
        category=row.category,
        balance_after_fen=row.balance_after_fen,
        currency=row.currency,
    )


def _bill(row: Row[Any]) -> CreditCardBill:
    return CreditCardBill(
        card_tail=row.card_tail,
        statement_fen=row.statement_fen,
        minimum_fen=row.minimum_fen,
        paid_fen=row.paid_fen,
        due_on=row.due_on,
        statement_on=row.statement_on,
        limit_fen=row.limit_fen,
        available_fen=row.limit_fen + row.balance_fen,
        currency=row.currency,
    )
