import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.crm.models import CustomerProfile
from bot.crm.service import CrmService
from bot.handoff.customers import NAME_UNKNOWN, CustomerNames
from bot.identity.principal import StaffPrincipal
from bot.privacy.audit import Audit
from bot.privacy.tables import audit_log
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.crm import FakeCrm

WANG = CustomerProfile("C1", "王建国", "先生", "13900000001", "金卡", None, None, None)
LI = CustomerProfile("C2", "李芳", "女士", "13900000002", "普卡", None, None, None)

LIN = StaffPrincipal("a1")


@pytest.fixture
def names_from(db: Database, clock: FakeClock) -> Callable[..., CustomerNames]:
    def build(crm: FakeCrm, within_s: float = 5) -> CustomerNames:
        return CustomerNames(CrmService(crm, Audit(db, clock, "s" * 32), clock), clock, within_s=within_s)

    return build


class CountingCrm(FakeCrm):
    asked = 0

    async def profile(self, customer_id: str) -> CustomerProfile | None:
        self.asked += 1
        return await super().profile(customer_id)


async def test_names_are_masked_and_asked_for_once_in_ten_minutes(
    names_from: Callable[..., CustomerNames], clock: FakeClock, db: Database
) -> None:
    crm = CountingCrm(WANG, LI)
    names = names_from(crm)
    for _ in range(3):
        assert await names.of(["C1", "C2", "C1"], LIN) == {"C1": "王**", "C2": "李*"}
    assert crm.asked == 2
    clock.advance(601)
    await names.of(["C1"], LIN)
    assert crm.asked == 3
    async with db.read() as connection:
        rows = (await connection.execute(select(audit_log.c.actor, audit_log.c.action, audit_log.c.customer_id))).all()
    assert sorted(rows) == [("agent:a1", "customer_name.read", each) for each in ("C1", "C1", "C2")]


async def test_a_crm_that_is_away_leaves_names_open_until_it_is_back(names_from: Callable[..., CustomerNames]) -> None:
    crm = FakeCrm(WANG)
    names = names_from(crm)
    crm.is_down = True
    assert await names.of(["C1"], LIN) == {"C1": NAME_UNKNOWN}
    crm.is_down = False
    assert await names.of(["C1"], LIN) == {"C1": "王**"}


async def test_a_long_list_does_not_wait_for_a_slow_crm(names_from: Callable[..., CustomerNames]) -> None:
    class Slow(CountingCrm):
        async def profile(self, customer_id: str) -> CustomerProfile | None:
            await asyncio.sleep(1.1)
            return await super().profile(customer_id)

    crm = Slow()
    await names_from(crm, within_s=1).of([f"C{n}" for n in range(200)], LIN)
    assert crm.asked == 5
