"""The demo bank adds up, on whatever day it is seeded."""

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from sqlalchemy import func, select

from bot.banking import demo
from bot.banking.demo import Seeded, seed
from bot.banking.demo_books import DAYS, Book, make_books
from bot.banking.models import AccountKind, TransactionQuery
from bot.banking.sql import SqlCoreBanking
from bot.banking.tables import bank_transactions
from bot.clock import bank_date
from bot.crm.demo import demo_customers
from bot.storage.database import Database
from tests.fakes.clock import FakeClock

TODAY = date(2026, 11, 23)
ALL = TransactionQuery(TODAY - timedelta(days=365), TODAY, limit=1000)
DAYS_TO_SEED_ON = [TODAY, date(2026, 3, 1), date(2024, 2, 29), date(2027, 1, 1), date(2026, 7, 31)]


def books_on(today: date) -> list[Book]:
    entries = yaml.safe_load(Path(demo.__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    return [book for entry in entries for book in make_books(entry["accounts"], today)]


@pytest.mark.parametrize("today", DAYS_TO_SEED_ON)
def test_no_booking_outside_the_ninety_days(today: date) -> None:
    days = {bank_date(booking.at) for book in books_on(today) for booking in book.bookings}
    assert today - timedelta(days=DAYS) <= min(days)
    assert max(days) < today


@pytest.mark.parametrize("today", DAYS_TO_SEED_ON)
def test_no_debit_card_is_overdrawn_and_no_limit_exceeded(today: date) -> None:
    for book in books_on(today):
        floor = -book.account.get("limit_fen", 0)
        balance = book.opening_fen
        assert balance >= floor, book.account
        for booking in book.bookings:
            balance += booking.amount_fen
            assert balance >= floor, book.account


@pytest.mark.parametrize("today", DAYS_TO_SEED_ON)
def test_a_bill_is_what_was_owed_on_its_day(today: date) -> None:
    bills = [(book, book.bill) for book in books_on(today) if book.bill is not None]
    assert len(bills) == 5
    for book, bill in bills:
        assert bill.statement_fen == book.owed_on(bill.statement_on) > 0
        assert 0 < bill.minimum_fen < bill.statement_fen
        paid = [b.amount_fen for b in book.bookings if b.between_own and bank_date(b.at) > bill.statement_on]
        assert sum(paid) == bill.paid_fen


def test_amounts_of_bills_do_not_depend_on_the_day() -> None:
    amounts = {tuple(b.bill.statement_fen for b in books_on(day) if b.bill) for day in DAYS_TO_SEED_ON}
    assert len(amounts) == 1


def test_one_bill_is_overdue_and_the_others_are_not() -> None:
    overdue = [b.account["card_tail"] for b in books_on(TODAY) if b.bill is not None and b.bill.due_on < TODAY]
    assert overdue == ["6666"]


async def test_running_balances_lead_to_the_balance(db: Database, clock: FakeClock) -> None:
    await seed(db, TODAY)
    core = SqlCoreBanking(db, clock)
    for customer in demo_customers():
        for account in await core.accounts(customer.customer_id):
            query = TransactionQuery(ALL.since, ALL.until, card_tail=account.card_tail, limit=1000)
            items = (await core.transactions(customer.customer_id, query)).items
            assert items[0].balance_after_fen == account.balance_fen
            for newer, older in pairwise(items):
                assert older.balance_after_fen + newer.amount_fen == newer.balance_after_fen


async def test_own_moves_cancel_out(db: Database) -> None:
    await seed(db, TODAY)
    total = select(func.sum(bank_transactions.c.amount_fen)).where(bank_transactions.c.between_own)
    async with db.read() as connection:
        assert (await connection.execute(total)).scalar_one() == 0


async def test_a_second_seeding_changes_nothing(db: Database, clock: FakeClock) -> None:
    first = await seed(db, TODAY)
    core = SqlCoreBanking(db, clock)
    await core.block_card("C1001", "5678", idempotency_key="b1")
    before = [await core.accounts("C1001"), await core.transactions("C1001", ALL), await core.points("C1001")]
    assert (first.customers, first.accounts) == (5, 13)
    assert await seed(db, TODAY) == await seed(db, TODAY + timedelta(days=9)) == Seeded(0, 0, 0)
    assert before == [await core.accounts("C1001"), await core.transactions("C1001", ALL), await core.points("C1001")]


async def test_what_the_demo_shows(db: Database, clock: FakeClock) -> None:
    await seed(db, TODAY)
    core = SqlCoreBanking(db, clock)
    accounts = await core.accounts("C1001")
    assert [(a.card_tail, a.kind) for a in accounts] == [
        ("1234", AccountKind.DEBIT),
        ("5678", AccountKind.DEBIT),
        ("8888", AccountKind.CREDIT),
    ]
    assert (await core.points("C1001")).expires_on == TODAY + timedelta(days=38)
    salary = await core.transactions("C1001", TransactionQuery(ALL.since, ALL.until, keyword="工资"))
    assert [t.amount_fen for t in salary.items if t.category == "工资"] == [1285000] * 3
