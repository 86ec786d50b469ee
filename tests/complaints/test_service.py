import asyncio
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.complaints.errors import (
    ForbiddenComplaintMoveError,
    MistypedNumberError,
    ReopenTooLateError,
    UnknownComplaintError,
)
from bot.complaints.models import ComplaintDraft, ComplaintState, Complexity, Concern, Outcome
from bot.complaints.numbers import make_number
from bot.complaints.tables import complaints
from bot.crm.models import CaseState
from bot.identity.errors import AssuranceRequiredError
from bot.identity.principal import Level, Principal
from bot.privacy.errors import UnknownPlaceholderError
from bot.privacy.tables import audit_log
from bot.storage.database import Database
from tests.complaints.conftest import DRAFT, LIN, Bank
from tests.contracts.crm import WANG


async def audited(db: Database) -> list[Any]:
    async with db.read() as connection:
        return list((await connection.execute(select(audit_log.c.action).order_by(audit_log.c.id))).scalars())


class TestFiling:
    async def test_gives_a_number_and_a_day(self, bank: Bank) -> None:
        filed = await bank.service.file(bank.wang, DRAFT, idempotency_key="k1")
        assert filed.number == make_number(date(2026, 11, 23), 1)
        assert (filed.state, filed.received_at, filed.due_on) == (
            ComplaintState.RECEIVED,
            bank.clock(),
            date(2026, 12, 8),
        )
        assert (filed.target, filed.what, filed.wish) == (DRAFT.target, DRAFT.what, DRAFT.wish)

    async def test_the_day_is_the_banks(self, bank: Bank) -> None:
        bank.clock.advance(12 * 3600 + 1)  # 16:00:01 UTC: the 24th has begun in Shanghai
        filed = await bank.service.file(bank.wang, DRAFT, idempotency_key="k1")
        assert filed.number == make_number(date(2026, 11, 24), 1)
        assert filed.due_on == date(2026, 12, 9)

    async def test_numbers_count_up_and_begin_anew_each_day(self, bank: Bank) -> None:
        numbers = [(await bank.service.file(bank.wang, DRAFT, idempotency_key=key)).number for key in "ab"]
        bank.clock.advance(days=1)
        numbers.append((await bank.service.file(bank.wang, DRAFT, idempotency_key="c")).number)
        days = (date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 24))
        assert numbers == [make_number(day, n) for day, n in zip(days, (1, 2, 1), strict=True)]

    async def test_many_at_once_get_numbers_of_their_own(self, bank: Bank) -> None:
        filed = await asyncio.gather(
            *(bank.service.file(bank.stranger, DRAFT, idempotency_key=f"k{n}") for n in range(8))
        )
        assert {c.number for c in filed} == {make_number(date(2026, 11, 23), n) for n in range(1, 9)}

    async def test_the_same_key_files_once(self, bank: Bank) -> None:
        filed = await asyncio.gather(*(bank.service.file(bank.wang, DRAFT, idempotency_key="k1") for _ in range(5)))
        assert len(set(filed)) == 1
        assert len(await bank.outbox.waiting()) == 1
        async with bank.db.read() as connection:
            assert (await connection.execute(select(func.count()).select_from(complaints))).scalar_one() == 1
        assert (await audited(bank.db)).count("complaint.file") == 1

    async def test_opens_a_case_with_the_phone_on_file(self, bank: Bank) -> None:
        filed = await bank.service.file(bank.wang, DRAFT, idempotency_key="k1")
        case = await bank.case(filed.number)
        assert (case.customer_id, case.conversation_id, case.due_on) == ("C1", bank.wang.conversation_id, filed.due_on)
        assert (case.subject, case.contact_phone) == ("手机银行", WANG.phone)
        assert case.description == "转账失败，钱没退回来\n尽快退款"

    async def test_opens_the_phone_the_customer_gave(self, bank: Bank) -> None:
        phone = await bank.vault.seal(bank.stranger.conversation_id, "13900000055")
        draft = ComplaintDraft(target=None, what="柜台排队太久", phone=phone)
        filed = await bank.service.file(bank.stranger, draft, idempotency_key="k1")
        case = await bank.case(filed.number)
        assert (case.contact_phone, case.customer_id, case.description) == ("13900000055", None, "柜台排队太久")

    async def test_long_stories_are_kept_whole(self, bank: Bank) -> None:
        draft = ComplaintDraft(target="柜" * 2000, what="事" * 2000, wish="愿" * 2000)
        filed = await bank.service.file(bank.wang, draft, idempotency_key="k1")
        assert (filed.target, filed.what, filed.wish) == (draft.target, draft.what, draft.wish)

    async def test_a_phone_never_given_is_refused(self, bank: Bank) -> None:
        draft = ComplaintDraft(target=None, what="柜台排队太久", phone="[手机号1]")
        with pytest.raises(UnknownPlaceholderError):
            await bank.service.file(bank.stranger, draft, idempotency_key="k1")
        assert await bank.outbox.waiting() == []

    async def test_with_the_crm_down_it_is_filed_and_the_case_opened_later(self, bank: Bank) -> None:
        bank.crm.is_down = True
        filed = await bank.service.file(bank.wang, DRAFT, idempotency_key="k1")
        assert await bank.service.mine(bank.wang) == [filed]
        bank.crm.is_down = False
        assert (await bank.case(filed.number)).customer_id == "C1"

    async def test_words_say_what_it_is_about_and_how_urgent(self, bank: Bank) -> None:
        draft = ComplaintDraft(target="理财", what="昨天去中山路支行，理财经理骗了我，说不会亏，我要去银保监")
        filed = await bank.service.file(bank.wang, draft, idempotency_key="k1")
        assert (filed.category, filed.subcategory, filed.branch) == ("wealth", "misled", "中山路支行")
        assert filed.concerns == (Concern.FRAUD, Concern.REGULATOR)
        assert (filed.complexity, filed.due_on) == (Complexity.COMPLEX, date(2026, 12, 23))
        case = await bank.case(filed.number)
        assert (case.priority, case.escalated, case.notes) == ("urgent", True, ("涉嫌欺诈、监管投诉",))


class TestStatus:
    async def test_ones_own(self, bank: Bank) -> None:
        filed = await bank.service.file(bank.wang, DRAFT, idempotency_key="k1")
        elsewhere = await bank.elsewhere(bank.wang)
        assert await bank.service.status(elsewhere, filed.number.lower()) == filed
        assert await audited(bank.db) == ["phone.complaint", "complaint.file", "complaint.read"]

    async def test_somebody_elses_looks_missing(self, bank: Bank) -> None:
        filed = await bank.service.file(bank.wang, DRAFT, idempotency_key="k1")
        missing = make_number(date(2026, 11, 23), 77)
        for number in (filed.number, missing):
            with pytest.raises(UnknownComplaintError):
                await bank.service.status(bank.li, number)

    async def test_a_stranger_sees_what_was_filed_here(self, bank: Bank) -> None:
        filed = await bank.service.file(bank.stranger, DRAFT, idempotency_key="k1")
        assert await bank.service.status(bank.stranger, filed.number) == filed
        assert (
            await bank.service.status(Principal(bank.stranger.conversation_id, "C1", Level.BOUND), filed.number)
            == filed
        )

    async def test_a_stranger_elsewhere_learns_nothing(self, bank: Bank) -> None:
        filed = await bank.service.file(bank.stranger, DRAFT, idempotency_key="k1")
        customers = await bank.service.file(bank.wang, DRAFT, idempotency_key="k2")
        for number in (filed.number, customers.number, make_number(date(2026, 11, 23), 77)):
            with pytest.raises(AssuranceRequiredError):
                await bank.service.status(await bank.elsewhere(bank.stranger), number)

    async def test_after_signing_out_a_customers_complaint_is_closed_to_the_conversation(self, bank: Bank) -> None:
        filed = await bank.service.file(bank.wang, DRAFT, idempotency_key="k1")
        with pytest.raises(AssuranceRequiredError):
            await bank.service.status(Principal(bank.wang.conversation_id), filed.number)
        with pytest.raises(UnknownComplaintError):
            await bank.service.status(Principal(bank.wang.conversation_id, "C2", Level.BOUND), filed.number)

    async def test_a_mistyped_number(self, bank: Bank) -> None:
        filed = await bank.service.file(bank.wang, DRAFT, idempotency_key="k1")
        wrong = filed.number[:-1] + str((int(filed.number[-1]) + 1) % 10)
        with pytest.raises(MistypedNumberError):
            await bank.service.status(bank.wang, wrong)


class TestMine:
    async def test_newest_first_and_nobody_elses(self, bank: Bank) -> None:
        await bank.service.file(bank.li, DRAFT, idempotency_key="k0")
        first = await bank.service.file(bank.wang, DRAFT, idempotency_key="k1")
        bank.clock.advance(60)
        second = await bank.service.file(bank.wang, DRAFT, idempotency_key="k2")
        assert await bank.service.mine(bank.wang) == [second, first]

    async def test_nobody_has_none(self, bank: Bank) -> None:
        with pytest.raises(AssuranceRequiredError):
            await bank.service.mine(bank.stranger)

    async def test_what_was_filed_here_anonymously_is_known_without_a_number(self, bank: Bank) -> None:
        filed = await bank.service.file(bank.stranger, DRAFT, idempotency_key="k1")
        assert await bank.service.mine(bank.stranger) == [filed]
        signed_in = Principal(bank.stranger.conversation_id, "C2", Level.BOUND)
        own = await bank.service.file(signed_in, DRAFT, idempotency_key="k2")
        assert await bank.service.mine(signed_in) == [own, filed]


async def answered(bank: Bank) -> str:
    number = (await bank.service.file(bank.wang, DRAFT, idempotency_key="k1")).number
    await bank.desk.accept(number, LIN)
    await bank.desk.investigate(number, LIN)
    await bank.desk.answer(number, LIN, outcome=Outcome.UPHELD, text="款项已退回您的账户。")
    return number


class TestAdding:
    async def test_stands_in_the_timeline_and_in_the_crm_once(self, bank: Bank) -> None:
        number = (await bank.service.file(bank.wang, DRAFT, idempotency_key="k1")).number
        for _ in range(2):
            await bank.service.add(bank.wang, number, "转账时间是下午三点", idempotency_key="a1")
        (_, added) = (await bank.overview.detail(number, LIN)).timeline
        assert (added.event, added.text) == ("add", "转账时间是下午三点")
        assert (await bank.case(number)).notes == ("转账时间是下午三点",)

    async def test_what_is_grave_makes_it_urgent(self, bank: Bank) -> None:
        number = (await bank.service.file(bank.wang, DRAFT, idempotency_key="k1")).number
        changed = await bank.service.add(bank.wang, number, "再不处理我就找记者", idempotency_key="a1")
        assert changed.concerns == (Concern.MEDIA,)
        assert (await bank.case(number)).escalated

    async def test_not_after_it_has_ended(self, bank: Bank) -> None:
        number = (await bank.service.file(bank.wang, DRAFT, idempotency_key="k1")).number
        await bank.service.withdraw(bank.wang, number)
        with pytest.raises(ForbiddenComplaintMoveError):
            await bank.service.add(bank.wang, number, "还有一点", idempotency_key="a1")

    async def test_strangers_and_others_cannot(self, bank: Bank) -> None:
        number = (await bank.service.file(bank.wang, DRAFT, idempotency_key="k1")).number
        with pytest.raises(AssuranceRequiredError):
            await bank.service.add(bank.stranger, number, "x", idempotency_key="a1")
        with pytest.raises(UnknownComplaintError):
            await bank.service.add(bank.li, number, "x", idempotency_key="a1")


class TestWithdrawing:
    async def test_ends_it_for_good(self, bank: Bank) -> None:
        number = (await bank.service.file(bank.wang, DRAFT, idempotency_key="k1")).number
        withdrawn = await bank.service.withdraw(bank.wang, number.lower())
        assert withdrawn.state is ComplaintState.WITHDRAWN
        assert (await bank.case(number)).state is CaseState.WITHDRAWN
        for again in (bank.service.withdraw(bank.wang, number), bank.service.reopen(bank.wang, number, "想再看看")):
            with pytest.raises(ForbiddenComplaintMoveError):
                await again

    async def test_the_conversation_it_was_filed_in_hears_of_it_from_elsewhere(self, bank: Bank) -> None:
        numbers = [(await bank.service.file(bank.wang, DRAFT, idempotency_key=key)).number for key in "ab"]
        await bank.service.withdraw(bank.wang, numbers[0])
        await bank.service.withdraw(await bank.elsewhere(bank.wang), numbers[1])
        (told,) = await bank.told(bank.wang)
        assert numbers[1] in told
        assert "撤回" in told

    async def test_not_once_it_is_answered(self, bank: Bank) -> None:
        number = await answered(bank)
        with pytest.raises(ForbiddenComplaintMoveError):
            await bank.service.withdraw(bank.wang, number)


class TestReopening:
    async def test_starts_a_clock_of_its_own(self, bank: Bank) -> None:
        number = await answered(bank)
        await bank.desk.close(number, LIN)
        bank.clock.advance(days=30)
        again = await bank.service.reopen(bank.wang, number, "钱还是没到")
        assert (again.state, again.round, again.due_on) == (ComplaintState.REOPENED, 2, date(2027, 1, 7))
        assert (again.answer, again.outcome, again.answered_at, again.ended_at) == (None, None, None, None)
        case = await bank.case(number)
        assert (case.state, case.due_on, case.notes) == (CaseState.IN_PROGRESS, date(2027, 1, 7), ("钱还是没到",))

    async def test_not_a_day_too_late(self, bank: Bank) -> None:
        number = await answered(bank)
        await bank.desk.close(number, LIN)
        bank.clock.advance(days=31)
        with pytest.raises(ReopenTooLateError) as late:
            await bank.service.reopen(bank.wang, number, "钱还是没到")
        assert late.value.until == date(2026, 12, 23)

    async def test_an_answer_may_be_disputed_at_once(self, bank: Bank) -> None:
        number = await answered(bank)
        assert (await bank.service.reopen(bank.wang, number, "不满意")).handler_name == "林晓"
        assert (await bank.desk.accept(number, LIN)).state is ComplaintState.ACCEPTED

    async def test_what_runs_is_not_reopened(self, bank: Bank) -> None:
        number = (await bank.service.file(bank.wang, DRAFT, idempotency_key="k1")).number
        with pytest.raises(ForbiddenComplaintMoveError):
            await bank.service.reopen(bank.wang, number, "快点")
