import asyncio
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.complaints.errors import MistypedNumberError, UnknownComplaintError
from bot.complaints.models import ComplaintDraft, ComplaintState
from bot.complaints.numbers import make_number
from bot.complaints.service import ComplaintService
from bot.complaints.tables import complaints
from bot.crm.errors import CrmError
from bot.identity.errors import AssuranceRequiredError
from bot.identity.principal import Level, Principal
from bot.privacy.audit import Audit
from bot.privacy.errors import UnknownPlaceholderError
from bot.privacy.tables import audit_log
from bot.privacy.vault import Vault
from bot.storage.database import Database
from tests.contracts.crm import LI, WANG
from tests.fakes.clock import FakeClock
from tests.fakes.crm import FakeCrm

WANG_HERE = Principal("conv-1", "C1", Level.BOUND)
LI_THERE = Principal("conv-2", "C2", Level.STEPPED_UP)
STRANGER = Principal("conv-3")
DRAFT = ComplaintDraft(target="手机银行", what="转账失败，钱没退回来", wish="尽快退款")


@pytest.fixture
def crm() -> FakeCrm:
    return FakeCrm(WANG, LI)


@pytest.fixture
def vault(db: Database) -> Vault:
    return Vault(db, "a-secret-of-at-least-32-characters!")


@pytest.fixture
def service(db: Database, clock: FakeClock, crm: FakeCrm, vault: Vault) -> ComplaintService:
    return ComplaintService(db, clock, crm=crm, vault=vault, audit=Audit(db, clock), answer_days=15)


async def audited(db: Database) -> list[Any]:
    async with db.read() as connection:
        return list((await connection.execute(select(audit_log.c.action).order_by(audit_log.c.id))).scalars())


class TestFiling:
    async def test_gives_a_number_and_a_day(self, service: ComplaintService, clock: FakeClock) -> None:
        filed = await service.file(WANG_HERE, DRAFT, idempotency_key="k1")
        assert filed.number == make_number(date(2026, 11, 23), 1)
        assert (filed.state, filed.received_at, filed.due_on) == (ComplaintState.RECEIVED, clock(), date(2026, 12, 8))
        assert (filed.target, filed.what, filed.wish) == (DRAFT.target, DRAFT.what, DRAFT.wish)

    async def test_the_day_is_the_banks(self, service: ComplaintService, clock: FakeClock) -> None:
        clock.advance(12 * 3600 + 1)  # 16:00:01 UTC: the 24th has begun in Shanghai
        filed = await service.file(WANG_HERE, DRAFT, idempotency_key="k1")
        assert filed.number == make_number(date(2026, 11, 24), 1)
        assert filed.due_on == date(2026, 12, 9)

    async def test_numbers_count_up_and_begin_anew_each_day(self, service: ComplaintService, clock: FakeClock) -> None:
        numbers = [(await service.file(WANG_HERE, DRAFT, idempotency_key=key)).number for key in "ab"]
        clock.advance(days=1)
        numbers.append((await service.file(WANG_HERE, DRAFT, idempotency_key="c")).number)
        days = (date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 24))
        assert numbers == [make_number(day, n) for day, n in zip(days, (1, 2, 1), strict=True)]

    async def test_many_at_once_get_numbers_of_their_own(self, service: ComplaintService) -> None:
        filed = await asyncio.gather(*(service.file(STRANGER, DRAFT, idempotency_key=f"k{n}") for n in range(8)))
        assert {c.number for c in filed} == {make_number(date(2026, 11, 23), n) for n in range(1, 9)}

    async def test_the_same_key_files_once(self, service: ComplaintService, db: Database, crm: FakeCrm) -> None:
        filed = await asyncio.gather(*(service.file(WANG_HERE, DRAFT, idempotency_key="k1") for _ in range(5)))
        assert len(set(filed)) == 1
        assert len(crm.cases) == 1
        async with db.read() as connection:
            assert (await connection.execute(select(func.count()).select_from(complaints))).scalar_one() == 1
        assert await audited(db) == ["complaint.file"]

    async def test_opens_a_case_with_the_phone_on_file(self, service: ComplaintService, crm: FakeCrm) -> None:
        filed = await service.file(WANG_HERE, DRAFT, idempotency_key="k1")
        case = await crm.case(filed.number)
        assert case is not None
        assert (case.customer_id, case.conversation_id, case.due_on) == ("C1", "conv-1", filed.due_on)
        assert (case.subject, case.contact_phone) == ("手机银行", WANG.phone)
        assert case.description == "转账失败，钱没退回来\n尽快退款"

    async def test_opens_the_phone_the_customer_gave(
        self, service: ComplaintService, crm: FakeCrm, vault: Vault
    ) -> None:
        phone = await vault.seal("conv-3", "13900000055")
        draft = ComplaintDraft(target=None, what="柜台排队太久", phone=phone)
        filed = await service.file(STRANGER, draft, idempotency_key="k1")
        case = await crm.case(filed.number)
        assert case is not None
        assert (case.contact_phone, case.customer_id, case.description) == ("13900000055", None, "柜台排队太久")

    async def test_long_stories_are_kept_whole(self, service: ComplaintService) -> None:
        draft = ComplaintDraft(target="柜" * 2000, what="事" * 2000, wish="愿" * 2000)
        filed = await service.file(WANG_HERE, draft, idempotency_key="k1")
        assert (filed.target, filed.what, filed.wish) == (draft.target, draft.what, draft.wish)

    async def test_a_phone_never_given_is_refused(self, service: ComplaintService, crm: FakeCrm) -> None:
        draft = ComplaintDraft(target=None, what="柜台排队太久", phone="[手机号1]")
        with pytest.raises(UnknownPlaceholderError):
            await service.file(STRANGER, draft, idempotency_key="k1")
        assert crm.cases == {}

    async def test_with_the_crm_down_it_is_kept_and_the_case_opened_later(
        self, service: ComplaintService, crm: FakeCrm
    ) -> None:
        crm.is_down = True
        with pytest.raises(CrmError):
            await service.file(WANG_HERE, DRAFT, idempotency_key="k1")
        (kept,) = await service.mine(WANG_HERE)
        crm.is_down = False
        assert await service.file(WANG_HERE, DRAFT, idempotency_key="k1") == kept
        assert await crm.case(kept.number) is not None


class TestStatus:
    async def test_ones_own(self, service: ComplaintService, db: Database) -> None:
        filed = await service.file(WANG_HERE, DRAFT, idempotency_key="k1")
        elsewhere = Principal("conv-9", "C1", Level.BOUND)
        assert await service.status(elsewhere, filed.number.lower()) == filed
        assert await audited(db) == ["complaint.file", "complaint.read"]

    async def test_somebody_elses_looks_missing(self, service: ComplaintService) -> None:
        filed = await service.file(WANG_HERE, DRAFT, idempotency_key="k1")
        missing = make_number(date(2026, 11, 23), 77)
        for number in (filed.number, missing):
            with pytest.raises(UnknownComplaintError):
                await service.status(LI_THERE, number)

    async def test_a_stranger_sees_what_was_filed_here(self, service: ComplaintService) -> None:
        filed = await service.file(STRANGER, DRAFT, idempotency_key="k1")
        assert await service.status(STRANGER, filed.number) == filed
        assert await service.status(Principal("conv-3", "C1", Level.BOUND), filed.number) == filed

    async def test_a_stranger_elsewhere_learns_nothing(self, service: ComplaintService) -> None:
        filed = await service.file(STRANGER, DRAFT, idempotency_key="k1")
        customers = await service.file(WANG_HERE, DRAFT, idempotency_key="k2")
        for number in (filed.number, customers.number, make_number(date(2026, 11, 23), 77)):
            with pytest.raises(AssuranceRequiredError):
                await service.status(Principal("conv-4"), number)

    async def test_after_signing_out_a_customers_complaint_is_closed_to_the_conversation(
        self, service: ComplaintService
    ) -> None:
        filed = await service.file(WANG_HERE, DRAFT, idempotency_key="k1")
        with pytest.raises(AssuranceRequiredError):
            await service.status(Principal("conv-1"), filed.number)
        with pytest.raises(UnknownComplaintError):
            await service.status(Principal("conv-1", "C2", Level.BOUND), filed.number)

    async def test_a_mistyped_number(self, service: ComplaintService) -> None:
        filed = await service.file(WANG_HERE, DRAFT, idempotency_key="k1")
        wrong = filed.number[:-1] + str((int(filed.number[-1]) + 1) % 10)
        with pytest.raises(MistypedNumberError):
            await service.status(WANG_HERE, wrong)


class TestMine:
    async def test_newest_first_and_nobody_elses(self, service: ComplaintService, clock: FakeClock) -> None:
        await service.file(LI_THERE, DRAFT, idempotency_key="k0")
        first = await service.file(WANG_HERE, DRAFT, idempotency_key="k1")
        clock.advance(60)
        second = await service.file(WANG_HERE, DRAFT, idempotency_key="k2")
        assert await service.mine(WANG_HERE) == [second, first]

    async def test_nobody_has_none(self, service: ComplaintService) -> None:
        with pytest.raises(AssuranceRequiredError):
            await service.mine(STRANGER)
