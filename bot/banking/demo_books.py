"""Ninety days of invented bookings and card bills, drawn from the habits in `demo.yml`.

Every habit has its own fixed seed and counts its days back from yesterday, so that amounts are the same whenever
the demo bank is seeded.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.clock import BANK_ZONE, bank_date

DAYS = 90
BILLING_DAYS = 30
DUE_AFTER_DAYS = 20
EARLIER_BILLS = 2
_REPAYMENT = ("信用卡还款", "还款")


@dataclass(frozen=True)
class Booking:
    """One booking, before it has an account and a running balance."""

    at: datetime
    amount_fen: int
    counterparty: str
    summary: str
    category: str
    between_own: bool = False


@dataclass(frozen=True)
class Bill:
    """A credit-card statement."""

    statement_on: date
    due_on: date
    statement_fen: int
    minimum_fen: int
    paid_fen: int


@dataclass
class Book:
    """What happened on one card."""

    account: dict[str, Any]
    bookings: list[Booking] = field(default_factory=list)
    bill: Bill | None = None

    @property
    def opening_fen(self) -> int:
        """The balance ninety days ago: given for a credit card, for a debit card what leads to its balance now."""
        if "opening_fen" in self.account:
            return int(self.account["opening_fen"])
        return int(self.account["balance_fen"]) - sum(booking.amount_fen for booking in self.bookings)

    def owed_on(self, day: date) -> int:
        """What was owed at the end of `day`."""
        moved = sum(booking.amount_fen for booking in self.bookings if bank_date(booking.at) <= day)
        return -(self.opening_fen + moved)


def make_books(accounts: list[dict[str, Any]], today: date) -> list[Book]:
    """The books of one customer's `accounts` (entries of demo.yml), with bookings up to the day before `today`."""
    books = {account["card_tail"]: Book(account) for account in accounts}
    for book in books.values():
        for number, habit in enumerate(book.account.get("habits", [])):
            book.bookings += _habitual(habit, f"{book.account['card_tail']}/{number}", today)
        for transfer in book.account.get("transfers", []):
            for day in _monthly(transfer["monthly"], today):
                _move(book, books[transfer["to"]], transfer["amount"], day, "本人转账", "转账")
    for book in books.values():
        if "bills" in book.account:
            _settle(book, books[book.account["bills"]["paid_from"]], today)
    for book in books.values():
        book.bookings.sort(key=lambda booking: booking.at)
    return list(books.values())


def _habitual(habit: dict[str, Any], seed: str, today: date) -> Iterator[Booking]:
    draw = random.Random(seed)  # noqa: S311 - invented shopping needs no secrecy
    for day in _days(habit, draw, today):
        amount = habit["amount"]
        yield Booking(
            at=datetime.combine(day, time(draw.randint(8, 21), draw.randint(0, 59)), BANK_ZONE),
            amount_fen=amount if isinstance(amount, int) else draw.randint(*amount),
            counterparty=draw.choice(habit["names"]),
            summary=habit["summary"],
            category=habit["category"],
        )


def _days(habit: dict[str, Any], draw: random.Random, today: date) -> Iterator[date]:
    """The days of a habit, latest first."""
    if "once" in habit:
        yield today - timedelta(days=habit["once"])
    elif "monthly" in habit:
        yield from _monthly(habit["monthly"], today)
    else:
        ago = draw.randint(1, habit["every"][1])
        while ago <= DAYS:
            yield today - timedelta(days=ago)
            ago += draw.randint(*habit["every"])


def _monthly(day_of_month: int, today: date) -> Iterator[date]:
    days = (today - timedelta(days=ago) for ago in range(1, DAYS + 1))
    return (day for day in days if day.day == day_of_month)


def _settle(card: Book, payer: Book, today: date) -> None:
    """Write the bills of a credit card: the earlier ones were paid in full on their due day."""
    terms = card.account["bills"]
    statement_on = today - timedelta(days=terms["age"] + BILLING_DAYS * EARLIER_BILLS)
    for _ in range(EARLIER_BILLS):
        _move(payer, card, card.owed_on(statement_on), statement_on + timedelta(days=DUE_AFTER_DAYS), *_REPAYMENT)
        statement_on += timedelta(days=BILLING_DAYS)
    owed = card.owed_on(statement_on)
    card.bill = Bill(
        statement_on=statement_on,
        due_on=statement_on + timedelta(days=DUE_AFTER_DAYS),
        statement_fen=owed,
        minimum_fen=-(-owed // 1000) * 100,  # a tenth, in full yuan
        paid_fen=terms["paid_fen"],
    )
    if terms["paid_fen"]:
        _move(payer, card, terms["paid_fen"], today - timedelta(days=2), *_REPAYMENT)


def _move(source: Book, target: Book, amount_fen: int, day: date, summary: str, category: str) -> None:
    """Book money from one own card to another."""
    at = datetime.combine(day, time(9, 30), BANK_ZONE)
    for book, other, amount in ((source, target, -amount_fen), (target, source, amount_fen)):
        counterparty = f"本人账户({other.account['card_tail']})"
        book.bookings.append(Booking(at, amount, counterparty, summary, category, between_own=True))
