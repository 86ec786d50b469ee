from datetime import date

import pytest

from bot.complaints.errors import (
    DeadlinePassedError,
    ForbiddenComplaintMoveError,
    NotHandlerError,
    ReopenTooLateError,
    UnfinishedAnswerError,
    UnknownCategoryError,
    UnknownComplaintError,
)
from bot.complaints.filters import ComplaintFilter
from bot.complaints.models import ComplaintDraft, Complexity, Outcome
from bot.complaints.models import ComplaintState as State
from bot.crm.models import CaseState
from bot.handoff.errors import ForbiddenWordingError
from tests.complaints.conftest import DRAFT, LIN, WU, ZHOU, Bank

ANSWER = "经核实，转账因对方账号有误退回，300元已于今日退回您的账户。"


@pytest.fixture
async def number(bank: Bank) -> str:
    return (await bank.service.file(bank.wang, DRAFT, idempotency_key="k1")).number


async def answered(bank: Bank, number: str) -> None:
    await bank.desk.accept(number, LIN)
    await bank.desk.investigate(number, LIN)
    await bank.desk.answer(number, LIN, outcome=Outcome.UPHELD, text=ANSWER)


class TestFromReceiptToClose:
    async def test_the_customer_is_told_of_each_step(self, bank: Bank, number: str) -> None:
        await answered(bank, number)
        complaint = await bank.desk.close(number, LIN)

        assert complaint.state is State.CLOSED
        assert (complaint.outcome, complaint.answer, complaint.handler_name) == (Outcome.UPHELD, ANSWER, "林晓")
        accepted, investigating, answer, closed = await bank.told(bank.wang)
        assert "已受理" in accepted
        assert "12月8日前" in accepted
        assert "核实" in investigating
        assert ANSWER in answer
        assert "12月23日前" in closed
        assert all(number in said for said in (accepted, investigating, answer, closed))

    async def test_the_crm_follows(self, bank: Bank, number: str) -> None:
        await answered(bank, number)
        case = await bank.case(number)
        assert (case.state, case.owner, case.resolution) == (CaseState.ANSWERED, "林晓", ANSWER)
        assert (case.category, case.subcategory) == ("转账与支付", "失败与未到账")

    async def test_the_timeline_tells_who_did_what_and_what_was_told(self, bank: Bank, number: str) -> None:
        await answered(bank, number)
        timeline = (await bank.overview.detail(number, LIN)).timeline
        assert [entry.event for entry in timeline] == ["file", "accept", "investigate", "answer"]
        assert [entry.actor.name for entry in timeline] == [None, "林晓", "林晓", "林晓"]
        assert [entry.told for entry in timeline[1:]] == await bank.told(bank.wang)

    async def test_of_two_who_accept_at_once_one_succeeds(self, bank: Bank, number: str) -> None:
        await bank.desk.accept(number, LIN)
        with pytest.raises((ForbiddenComplaintMoveError, NotHandlerError)):
            await bank.desk.accept(number, ZHOU)
        with pytest.raises(ForbiddenComplaintMoveError):
            await bank.desk.accept(number, WU)
        assert len(await bank.told(bank.wang)) == 1

    async def test_an_unknown_number(self, bank: Bank) -> None:
        with pytest.raises(UnknownComplaintError):
            await bank.desk.accept("TS2026112300011", LIN)


class TestAnswering:
    @pytest.mark.parametrize(
        ("text", "error"),
        [("这款产品保本，请放心", ForbiddenWordingError), ("我们已【处理措施】。", UnfinishedAnswerError)],
    )
    async def test_an_improper_answer_is_told_to_nobody(
        self, bank: Bank, number: str, text: str, error: type[Exception]
    ) -> None:
        await bank.desk.accept(number, LIN)
        await bank.desk.investigate(number, LIN)
        told = await bank.told(bank.wang)
        with pytest.raises(error):
            await bank.desk.answer(number, LIN, outcome=Outcome.NOT_UPHELD, text=text)
        assert await bank.told(bank.wang) == told

    async def test_only_after_the_facts_are_established(self, bank: Bank, number: str) -> None:
        with pytest.raises(ForbiddenComplaintMoveError):
            await bank.desk.answer(number, LIN, outcome=Outcome.UPHELD, text=ANSWER)


class TestHandlers:
    async def test_only_the_handler_and_supervisors_go_on(self, bank: Bank, number: str) -> None:
        await bank.desk.accept(number, LIN)
        with pytest.raises(NotHandlerError):
            await bank.desk.investigate(number, ZHOU)
        assert (await bank.desk.investigate(number, WU)).handler_name == "林晓"

    async def test_passing_it_on(self, bank: Bank, number: str) -> None:
        await bank.desk.accept(number, LIN)
        with pytest.raises(NotHandlerError):
            await bank.desk.assign(number, ZHOU, to=ZHOU)
        assert (await bank.desk.assign(number, LIN, to=ZHOU)).handler_name == "周岚"
        case = await bank.case(number)
        assert case.owner == "周岚"

    async def test_assigned_before_it_is_accepted_it_stays_so(self, bank: Bank, number: str) -> None:
        await bank.desk.assign(number, WU, to=ZHOU)
        assert (await bank.desk.accept(number, WU)).handler_name == "周岚"

    async def test_notes_are_for_colleagues_and_sealed(self, bank: Bank, number: str) -> None:
        await bank.desk.note(number, ZHOU, "已致电13900000055，无人接听")
        (_, note) = (await bank.overview.detail(number, LIN)).timeline
        assert note.text == "已致电[手机号1]，无人接听"
        assert await bank.told(bank.wang) == []

    async def test_a_number_to_call_whose_key_is_destroyed_is_not_shown(self, bank: Bank) -> None:
        phone = await bank.vault.seal(bank.wang.conversation_id, "13900000055")
        draft = ComplaintDraft(target=None, what="柜台排队太久", phone=phone)
        filed = await bank.service.file(bank.wang, draft, idempotency_key="k9")
        assert (await bank.overview.detail(filed.number, LIN)).contact_phone == "139****0055"
        async with bank.db.write() as connection:
            await bank.vault.destroy_keys(connection, [bank.wang.conversation_id])
        assert (await bank.overview.detail(filed.number, LIN)).contact_phone is None

    async def test_a_note_saved_twice_is_one(self, bank: Bank, number: str) -> None:
        for _ in range(2):
            await bank.desk.note(number, LIN, "已致电客户", idempotency_key="n1")
        assert len((await bank.overview.detail(number, LIN)).timeline) == 2


class TestReopening:
    async def test_an_agent_reopens_for_a_customer_who_called(self, bank: Bank, number: str) -> None:
        await answered(bank, number)
        await bank.desk.close(number, LIN)
        bank.clock.advance(days=5)
        reopened = await bank.desk.reopen(number, LIN, reason="客户来电说钱没到账")
        assert (reopened.state, reopened.round, reopened.due_on) == (State.REOPENED, 2, date(2026, 12, 13))
        assert "12月13日前" in (await bank.told(bank.wang))[-1]

    async def test_not_for_ever(self, bank: Bank, number: str) -> None:
        await answered(bank, number)
        await bank.desk.close(number, LIN)
        bank.clock.advance(days=31)
        with pytest.raises(ReopenTooLateError):
            await bank.desk.reopen(number, LIN, reason="客户不满意")


class TestReclassifying:
    async def test_a_complex_matter_has_more_time_and_the_customer_knows(self, bank: Bank, number: str) -> None:
        changed = await bank.desk.reclassify(
            number, LIN, category="loan", subcategory="rate", complexity=Complexity.COMPLEX, branch="中山路支行"
        )
        assert (changed.due_on, changed.branch) == (date(2026, 12, 23), "中山路支行")
        (told,) = await bank.told(bank.wang)
        assert "12月23日" in told
        case = await bank.case(number)
        assert (case.category, case.subcategory, case.due_on) == ("贷款", "利率与费用", date(2026, 12, 23))

    async def test_the_same_complexity_is_no_news(self, bank: Bank, number: str) -> None:
        await bank.desk.reclassify(number, LIN, category="loan", subcategory=None, complexity=Complexity.SIMPLE)
        assert await bank.told(bank.wang) == []

    async def test_late_stays_late(self, bank: Bank, number: str) -> None:
        bank.clock.advance(days=16)
        with pytest.raises(DeadlinePassedError):
            await bank.desk.reclassify(number, LIN, category="loan", subcategory=None, complexity=Complexity.COMPLEX)

    async def test_categories_are_those_of_the_list(self, bank: Bank, number: str) -> None:
        with pytest.raises(UnknownCategoryError):
            await bank.desk.reclassify(
                number, LIN, category="loan", subcategory="attitude", complexity=Complexity.SIMPLE
            )


class TestTheList:
    async def test_by_deadline_with_marks(self, bank: Bank, number: str) -> None:
        bank.clock.advance(days=10)
        later = (await bank.service.file(bank.li, DRAFT, idempotency_key="k2")).number
        assert [(each.complaint.number, each.days_left) for each in await bank.overview.list()] == [
            (number, 5),
            (later, 15),
        ]
        marks = []
        for days in (2, 3, 1):  # 3 days left, the day itself, the day after
            bank.clock.advance(days=days)
            marks.append((await bank.overview.list())[0].standing.value)
        assert marks == ["warning", "warning", "breached"]
        assert {standing.value: n for standing, n in (await bank.overview.counts()).items()} == {
            "breached": 1,
            "warning": 0,
            "on_time": 1,
        }

    async def test_filters(self, bank: Bank, number: str) -> None:
        await bank.desk.accept(number, LIN)
        urgent = (
            await bank.service.file(
                bank.stranger, DRAFT.__class__(target="网点", what="中山路支行柜员骗了我五万"), idempotency_key="k2"
            )
        ).number

        async def numbers(**wanted: object) -> list[str]:
            return [each.complaint.number for each in await bank.overview.list(ComplaintFilter(**wanted))]  # type: ignore[arg-type]

        assert await numbers(urgent=True) == [urgent]
        assert await numbers(urgent=False) == [number]
        assert await numbers(handler_id="a1") == [number]
        assert await numbers(unassigned=True) == [urgent]
        assert await numbers(unassigned=False) == [number]
        assert await numbers(states=frozenset({State.RECEIVED})) == [urgent]
        assert await numbers(category="payment") == [number]
        assert await numbers(number=urgent[-6:]) == [urgent]
        assert await numbers(received_since=date(2026, 11, 24)) == []
        assert sorted(await numbers(received_since=date(2026, 11, 23), received_until=date(2026, 11, 23))) == sorted(
            [number, urgent]
        )

    async def test_what_waits_for_an_approval(self, bank: Bank, number: str) -> None:
        await bank.service.file(bank.li, DRAFT, idempotency_key="k2")
        await bank.extensions.request(number, LIN, reason="等对方银行回复")
        (waiting,) = await bank.overview.list(ComplaintFilter(extension_pending=True))
        assert waiting.complaint.number == number
        assert await bank.overview.count() == 2
        assert await bank.overview.count(ComplaintFilter(extension_pending=False)) == 1
