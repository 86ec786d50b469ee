from dataclasses import asdict

import pytest
from sqlalchemy import func, insert, select

from bot.crm.sql import SqlCrm
from bot.crm.tables import crm_customers, crm_interactions
from bot.storage.database import Database
from tests.contracts.crm import LI, WANG, CrmContract
from tests.fakes.clock import FakeClock
from tests.fakes.crm import FakeCrm


class TestSqlCrm(CrmContract):
    @pytest.fixture
    async def crm(self, db: Database, clock: FakeClock) -> SqlCrm:
        async with db.write() as connection:
            await connection.execute(insert(crm_customers), [asdict(WANG), asdict(LI)])
        return SqlCrm(db, clock)

    async def test_keeps_an_interaction_once(self, crm: SqlCrm, db: Database) -> None:
        await crm.write_interaction("C1", "conv-1", "查询余额", idempotency_key="i1")
        await crm.write_interaction("C1", "conv-1", "查询余额", idempotency_key="i1")
        async with db.read() as connection:
            count = await connection.execute(select(func.count()).select_from(crm_interactions))
        assert count.scalar_one() == 1


class TestFakeCrm(CrmContract):
    @pytest.fixture
    def crm(self) -> FakeCrm:
        return FakeCrm(WANG, LI)
