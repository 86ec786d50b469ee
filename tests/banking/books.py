"""The accounts that every core-banking adapter is tested with (see CoreBankingContract)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import insert

from bot.banking.tables import bank_accounts, bank_bills, bank_points, bank_transactions
from bot.clock import BANK_ZONE
from bot.storage.database import Database


def account(customer_id: str, tail: str, name: str, balance_fen: int, *, limit_fen: int = 0, position: int = 0) -> dict:
    return {
        "account_id": f"{customer_id}-{tail}",
        "customer_id": customer_id,
        "kind": "credit" if limit_fen else "debit",
        "name": name,
        "card_tail": tail,
        "currency": "CNY",
        "balance_fen": balance_fen,
        "limit_fen": limit_fen,
        "status": "active",
        "position": position,
    }


def booking(account_id: str, at: datetime, amount_fen: int, counterparty: str, **more: Any) -> dict:
    return {
        "transaction_id": f"{account_id}-{at:%d%H}",
        "account_id": account_id,
        "at": at,
        "amount_fen": amount_fen,
        "counterparty": counterparty,
        "summary": "消费",
        "category": "购物",
        "between_own": False,
        "balance_after_fen": 0,
    } | more


def october(day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=BANK_ZONE)


def bill(statement_on: date, due_on: date, statement_fen: int) -> dict:
    return {
        "account_id": "C1-8888",
        "statement_on": statement_on,
        "due_on": due_on,
        "statement_fen": statement_fen,
        "minimum_fen": statement_fen // 10,
        "paid_fen": 0,
    }


REPAYMENT = {"summary": "信用卡还款", "category": "还款", "between_own": True}
ACCOUNTS = [
    account("C1", "8888", "信用卡", -30000, limit_fen=500000, position=1),
    account("C1", "1234", "工资卡", 90000),
    account("C2", "1234", "李家卡", 700),
]
BOOKINGS = [
    booking("C1-1234", october(1, 0), 100000, "青禾公司", summary="工资", category="工资"),
    booking("C1-1234", october(5), -6000, "邻里超市"),
    booking("C1-1234", october(20, 8), -4000, "本人信用卡(8888)", **REPAYMENT),
    booking("C1-8888", october(20, 8), 4000, "本人工资卡(1234)", **REPAYMENT),
    booking("C1-8888", october(31, 23, 59), -34000, "100%果汁店"),
    booking("C2-1234", october(5), -100, "邻里超市"),
]
BILLS = [
    bill(date(2026, 10, 25), date(2026, 11, 14), 30000),
    bill(date(2026, 9, 25), date(2026, 10, 15), 99900),
]


async def fill(db: Database) -> None:
    """Put them into an empty database."""
    points = {"customer_id": "C1", "balance": 800, "expiring": 100, "expires_on": date(2026, 12, 31)}
    async with db.write() as connection:
        await connection.execute(insert(bank_accounts), ACCOUNTS)
        await connection.execute(insert(bank_transactions), BOOKINGS)
        await connection.execute(insert(bank_bills), BILLS)
        await connection.execute(insert(bank_points).values(points))
