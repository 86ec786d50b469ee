import pytest
from sqlalchemy import func, select

from bot.banking.sql import SqlCoreBanking
from bot.banking.tables import bank_block_orders
from bot.storage.database import Database
from tests.banking.books import fill
from tests.contracts.core_banking import CoreBankingContract
from tests.fakes.clock import FakeClock


class TestSqlCoreBanking(CoreBankingContract):
    @pytest.fixture
    async def core(self, db: Database, clock: FakeClock) -> SqlCoreBanking:
        await fill(db)
        return SqlCoreBanking(db, clock)

    async def test_keeps_a_block_order_once(self, core: SqlCoreBanking, db: Database) -> None:
        await core.block_card("C1", "1234", idempotency_key="b1")
        await core.block_card("C1", "1234", idempotency_key="b1")
        async with db.read() as connection:
            count = await connection.execute(select(func.count()).select_from(bank_block_orders))
        assert count.scalar_one() == 1
