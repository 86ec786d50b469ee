"""Levels, audit and other people's cards."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.banking.demo import seed
from bot.banking.errors import UnknownCardError
from bot.banking.models import AccountKind, CardStatus, TransactionQuery
from bot.banking.service import BankingService
from bot.banking.sql import SqlCoreBanking
from bot.identity.errors import AssuranceRequiredError
from bot.identity.principal import Level, Principal
from bot.privacy.audit import Audit
from bot.privacy.tables import audit_log
from bot.storage.database import Database
from tests.fakes.clock import FakeClock

STRANGER = Principal("conv-0")
BOUND = Principal("conv-1", "C1001", Level.BOUND)
STEPPED_UP = Principal("conv-1", "C1001", Level.STEPPED_UP, FakeClock().now)
QUERY = TransactionQuery(date(2026, 10, 1), date(2026, 10, 31))

Operation = Callable[[BankingService, Principal], Awaitable[Any]]
OPERATIONS: dict[str, tuple[Level, Operation]] = {
    "account.list": (Level.STEPPED_UP, lambda bank, who: bank.accounts(who)),
    "balance.read": (Level.STEPPED_UP, lambda bank, who: bank.balances(who)),
    "transactions.read": (Level.STEPPED_UP, lambda bank, who: bank.transactions(who, QUERY)),
    "credit_card.read": (Level.STEPPED_UP, lambda bank, who: bank.credit_cards(who)),
    "points.read": (Level.BOUND, lambda bank, who: bank.points(who)),
    "card.list": (Level.BOUND, lambda bank, who: bank.cards(who)),
    "card.block": (Level.BOUND, lambda bank, who: bank.block_card(who, "5678", idempotency_key="b1")),
}


@pytest.fixture
async def bank(db: Database, clock: FakeClock) -> BankingService:
    await seed(db, date(2026, 11, 23))
    return BankingService(SqlCoreBanking(db, clock), Audit(db, clock, "s" * 32), clock)


async def audited(db: Database) -> list[Any]:
    async with db.read() as connection:
        return list(await connection.execute(select(audit_log).order_by(audit_log.c.id)))


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("who", [STRANGER, BOUND, STEPPED_UP])
async def test_the_level_decides_and_the_audit_knows(
    bank: BankingService, db: Database, operation: str, who: Principal
) -> None:
    required, call = OPERATIONS[operation]
    if who.level < required:
        with pytest.raises(AssuranceRequiredError) as refused:
            await call(bank, who)
        assert refused.value.required == required
        assert await audited(db) == []
        return
    await call(bank, who)
    (row,) = await audited(db)
    assert (row.action, row.actor, row.customer_id, row.conversation_id) == (operation, "customer", "C1001", "conv-1")


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_a_level_without_a_customer_is_worth_nothing(bank: BankingService, operation: str) -> None:
    with pytest.raises(AssuranceRequiredError):
        await OPERATIONS[operation][1](bank, Principal("conv-0", None, Level.STEPPED_UP))


@pytest.mark.parametrize(
    "call",
    [
        lambda bank: bank.balances(STEPPED_UP, card_tail="2468"),
        lambda bank: bank.transactions(STEPPED_UP, TransactionQuery(QUERY.since, QUERY.until, card_tail="2468")),
        lambda bank: bank.credit_cards(STEPPED_UP, card_tail="6666"),
        lambda bank: bank.block_card(STEPPED_UP, "2468", idempotency_key="b1"),
    ],
)
async def test_somebody_elses_card_is_unknown(bank: BankingService, call: Callable[[BankingService], Any]) -> None:
    with pytest.raises(UnknownCardError):
        await call(bank)


async def test_balances_of_a_card_and_of_a_kind(bank: BankingService) -> None:
    assert [a.card_tail for a in await bank.balances(STEPPED_UP)] == ["1234", "5678", "8888"]
    assert [a.card_tail for a in await bank.balances(STEPPED_UP, card_tail="5678")] == ["5678"]
    assert [a.card_tail for a in await bank.balances(STEPPED_UP, kind=AccountKind.CREDIT)] == ["8888"]
    assert await bank.balances(STEPPED_UP, card_tail="5678", kind=AccountKind.CREDIT) == []


async def test_bills_of_one_card(bank: BankingService) -> None:
    vip = Principal("conv-4", "C1004", Level.STEPPED_UP, FakeClock().now)
    assert [b.card_tail for b in await bank.credit_cards(vip)] == ["9999", "7070"]
    assert [b.card_tail for b in await bank.credit_cards(vip, card_tail="7070")] == ["7070"]
    assert await bank.credit_cards(vip, card_tail="9012") == []


async def test_a_blocked_card_stays_blocked(bank: BankingService) -> None:
    first = await bank.block_card(BOUND, "5678", idempotency_key="b1")
    assert first.status is CardStatus.BLOCKED
    assert await bank.block_card(BOUND, "5678", idempotency_key="b2") == first
    assert [c.status for c in await bank.cards(BOUND) if c.card_tail == "5678"] == [CardStatus.BLOCKED]


async def test_cards_carry_no_amounts(bank: BankingService) -> None:
    assert set(vars((await bank.cards(BOUND))[0])) == {"card_tail", "kind", "name", "status"}
