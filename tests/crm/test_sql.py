from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.crm.models import CaseState, CaseUpdate
from bot.crm.sql import SqlCrm
from bot.crm.tables import crm_customers, crm_interactions
from bot.storage.database import Database
from tests.contracts.crm import LI, NUMBER, WANG, draft, opened
from tests.contracts.crm_failures import CrmOutageContract
from tests.fakes.clock import FakeClock
from tests.fakes.crm import FakeCrm


class SwitchedDatabase(Database):
    """A database that can be gone."""

    is_gone = False

    def begin(self) -> None:
        self.is_gone = True

    def end(self) -> None:
        self.is_gone = False

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        self._answer()
        return super().read()

    def write(self) -> AbstractAsyncContextManager[AsyncConnection]:
        self._answer()
        return super().write()

    def _answer(self) -> None:
        if self.is_gone:
            raise OperationalError("connect", None, ConnectionError())


class TestSqlCrm(CrmOutageContract):
    @pytest.fixture
    async def outage(self, db: Database) -> AsyncIterator[SwitchedDatabase]:
        switched = SwitchedDatabase(db.url.render_as_string(hide_password=False))
        yield switched
        await switched.close()

    @pytest.fixture
    async def crm(self, outage: SwitchedDatabase, clock: FakeClock) -> SqlCrm:
        async with outage.write() as connection:
            await connection.execute(insert(crm_customers), [asdict(WANG), asdict(LI)])
        return SqlCrm(outage, clock)

    async def test_keeps_an_interaction_once(self, crm: SqlCrm, db: Database) -> None:
        await crm.write_interaction("C1", "conv-1", "查询余额", idempotency_key="i1")
        await crm.write_interaction("C1", "conv-1", "查询余额", idempotency_key="i1")
        async with db.read() as connection:
            count = await connection.execute(select(func.count()).select_from(crm_interactions))
        assert count.scalar_one() == 1

    async def test_an_update_repeated_late_undoes_nothing(self, crm: SqlCrm) -> None:
        await crm.open_case(draft(), idempotency_key="k1")
        for key, state in (("u1", CaseState.IN_PROGRESS), ("u2", CaseState.CLOSED), ("u1", CaseState.IN_PROGRESS)):
            await crm.update_case(NUMBER, CaseUpdate(state=state), idempotency_key=key)
        assert (await opened(crm)).state is CaseState.CLOSED


class Switch:
    """Switches the fake off and on."""

    def __init__(self, crm: FakeCrm) -> None:
        self._crm = crm

    def begin(self) -> None:
        self._crm.is_down = True

    def end(self) -> None:
        self._crm.is_down = False


class TestFakeCrm(CrmOutageContract):
    @pytest.fixture
    def crm(self) -> FakeCrm:
        return FakeCrm(WANG, LI)

    @pytest.fixture
    def outage(self, crm: FakeCrm) -> Switch:
        return Switch(crm)
