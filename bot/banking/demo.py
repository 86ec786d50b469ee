"""The demo bank: ninety days up to yesterday in the accounts of invented customers, the same on every machine."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.banking.demo_books import Book, make_books
from bot.banking.models import AccountKind, CardStatus
from bot.banking.tables import bank_accounts, bank_bills, bank_points, bank_transactions
from bot.storage.database import Database
from bot.storage.rows import insert_new

_FILE = Path(__file__).with_suffix(".yml")


@dataclass(frozen=True)
class Seeded:
    """What a seeding has added; all zero when it had been done before."""

    customers: int
    accounts: int
    transactions: int


async def seed(db: Database, today: date) -> Seeded:
    """Give every demo customer that has none yet their accounts, with bookings up to the day before `today`."""
    entries: list[dict[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    opened = [books for entry in entries if (books := await _open_accounts(db, entry, today))]
    books = [book for of_customer in opened for book in of_customer]
    return Seeded(len(opened), len(books), sum(len(book.bookings) for book in books))


async def _open_accounts(db: Database, entry: dict[str, Any], today: date) -> list[Book]:
    async with db.write() as connection:
        if not await _add_points(connection, entry["customer_id"], entry["points"], today):
            return []
        books = make_books(entry["accounts"], today)
        for position, book in enumerate(books):
            await _add_book(connection, entry["customer_id"], position, book)
        return books


async def _add_points(connection: AsyncConnection, customer_id: str, points: dict[str, Any], today: date) -> bool:
    days = points["expires_in_days"]
    return await insert_new(
        connection,
        bank_points,
        customer_id=customer_id,
        balance=points["balance"],
        expiring=points["expiring"],
        expires_on=None if days is None else today + timedelta(days=days),
    )


async def _add_book(connection: AsyncConnection, customer_id: str, position: int, book: Book) -> None:
    account_id = f"{customer_id}-{book.account['card_tail']}"
    balances = list(accumulate((booking.amount_fen for booking in book.bookings), initial=book.opening_fen))
    account = {
        "account_id": account_id,
        "customer_id": customer_id,
        "kind": AccountKind(book.account["kind"]).value,
        "name": book.account["name"],
        "card_tail": book.account["card_tail"],
        "currency": "CNY",
        "balance_fen": balances[-1],
        "limit_fen": book.account.get("limit_fen", 0),
        "status": CardStatus.ACTIVE.value,
        "position": position,
    }
    bookings = [
        {
            "transaction_id": f"{account_id}-{number:04d}",
            "account_id": account_id,
            "balance_after_fen": balance,
            **asdict(booking),
        }
        for number, (booking, balance) in enumerate(zip(book.bookings, balances[1:], strict=True), 1)
    ]
    await connection.execute(insert(bank_accounts).values(account))
    await connection.execute(insert(bank_transactions), bookings)
    if book.bill is not None:
        await connection.execute(insert(bank_bills).values(account_id=account_id, **asdict(book.bill)))
