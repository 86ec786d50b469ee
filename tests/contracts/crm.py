"""What every CRM adapter does, whatever stands behind it."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from bot.crm.errors import CrmRejectedError, UnknownCaseError
from bot.crm.models import Case, CaseDraft, CaseState, CaseUpdate, CustomerProfile
from bot.crm.port import Crm

WANG = CustomerProfile("C1", "王小明", "先生", "13900000091", "金卡客户", "C3", date(2027, 1, 31), "林晓东")
LI = CustomerProfile("C2", "李小红", "女士", "13900000092", "普通客户", None, None, None)


def draft(number: str = "TS2026112300015", customer_id: str | None = "C1") -> CaseDraft:
    """A case as a complaint opens it."""
    return CaseDraft(
        number,
        customer_id,
        "conv-1",
        "手机银行",
        "转账失败，钱没退回来",
        "13900000091",
        date(2026, 12, 8),
        category="电子银行",
        subcategory="转账",
        channel="wechat",
        priority="urgent",
    )


NUMBER = draft().number


async def opened(crm: Crm) -> Case:
    """The case of NUMBER, there for sure."""
    case = await crm.case(NUMBER)
    assert case is not None
    return case


class CrmContract:
    """Inherit it and give a fixture `crm` in which WANG and LI are customers."""

    async def test_reads_a_customer(self, crm: Crm) -> None:
        assert await crm.profile("C1") == WANG
        assert await crm.profile("C2") == LI
        assert await crm.profile("C404") is None

    async def test_finds_a_customer_by_phone(self, crm: Crm) -> None:
        assert await crm.find_by_phone("13900000092") == "C2"
        assert await crm.find_by_phone("13900000099") is None
        assert await crm.find_by_phone("") is None

    async def test_opens_a_case(self, crm: Crm) -> None:
        case = await crm.open_case(draft(), idempotency_key="k1")
        assert case == await crm.case(NUMBER)
        assert case == Case(**vars(draft()), state=CaseState.OPEN, opened_at=case.opened_at)

    async def test_opens_a_case_of_somebody_unknown(self, crm: Crm) -> None:
        anonymous = replace(draft(customer_id=None), contact_phone=None, channel="web", priority="normal")
        case = await crm.open_case(anonymous, idempotency_key="k1")
        assert (case.customer_id, case.contact_phone, case.priority) == (None, None, "normal")

    async def test_the_same_key_opens_one_case(self, crm: Crm) -> None:
        first = await crm.open_case(draft(), idempotency_key="k1")
        assert await crm.open_case(draft(number="TS2026112300023"), idempotency_key="k1") == first
        assert await crm.cases_of("C1") == [first]

    async def test_the_same_key_at_once_opens_one_case(self, crm: Crm) -> None:
        cases = await asyncio.gather(*(crm.open_case(draft(), idempotency_key="k1") for _ in range(5)))
        assert len(set(cases)) == 1
        assert await crm.cases_of("C1") == [cases[0]]

    async def test_a_number_is_used_once(self, crm: Crm) -> None:
        await crm.open_case(draft(), idempotency_key="k1")
        with pytest.raises(CrmRejectedError):
            await crm.open_case(draft(), idempotency_key="k2")

    async def test_lists_the_cases_of_one_customer(self, crm: Crm) -> None:
        await crm.open_case(draft("TS2026112300015"), idempotency_key="k1")
        await crm.open_case(draft("TS2026112300023"), idempotency_key="k2")
        await crm.open_case(draft("TS2026112300031", customer_id="C2"), idempotency_key="k3")
        await crm.open_case(draft("TS2026112300040", customer_id=None), idempotency_key="k4")
        assert [case.number for case in await crm.cases_of("C1")] == ["TS2026112300023", "TS2026112300015"]
        assert await crm.cases_of("C404") == []

    async def test_lists_cases_with_their_notes(self, crm: Crm) -> None:
        await crm.open_case(draft(), idempotency_key="k1")
        await crm.add_note(NUMBER, "客户来电催办", idempotency_key="n1")
        assert await crm.cases_of("C1") == [await opened(crm)]

    async def test_an_unknown_case_is_none(self, crm: Crm) -> None:
        assert await crm.case(NUMBER) is None

    async def test_updates_only_what_is_told(self, crm: Crm) -> None:
        before = await crm.open_case(draft(), idempotency_key="k1")
        await crm.update_case(NUMBER, CaseUpdate(state=CaseState.IN_PROGRESS, owner="林晓"), idempotency_key="u1")
        assert await opened(crm) == replace(before, state=CaseState.IN_PROGRESS, owner="林晓")
        answer = CaseUpdate(
            state=CaseState.ANSWERED,
            due_on=date(2027, 1, 7),
            resolution="款项已退回原账户",
            category="支付结算",
            subcategory="退款",
        )
        await crm.update_case(NUMBER, answer, idempotency_key="u2")
        assert await opened(crm) == replace(before, **{**vars(answer), "owner": "林晓"})

    @pytest.mark.parametrize("state", CaseState)
    async def test_knows_every_state(self, crm: Crm, state: CaseState) -> None:
        await crm.open_case(draft(), idempotency_key="k1")
        await crm.update_case(NUMBER, CaseUpdate(state=state), idempotency_key="u1")
        assert (await opened(crm)).state is state

    async def test_an_update_repeated_is_written_once(self, crm: Crm) -> None:
        await crm.open_case(draft(), idempotency_key="k1")
        for _ in range(2):
            await crm.update_case(NUMBER, CaseUpdate(state=CaseState.CLOSED), idempotency_key="u1")
        assert (await opened(crm)).state is CaseState.CLOSED

    async def test_opening_again_undoes_no_update(self, crm: Crm) -> None:
        await crm.open_case(draft(), idempotency_key="k1")
        await crm.update_case(NUMBER, CaseUpdate(state=CaseState.CLOSED), idempotency_key="u1")
        assert (await crm.open_case(draft(), idempotency_key="k1")).state is CaseState.CLOSED

    async def test_escalates_with_the_reason_as_a_note(self, crm: Crm) -> None:
        before = await crm.open_case(draft(), idempotency_key="k1")
        for _ in range(2):
            await crm.escalate_case(NUMBER, "客户称将向监管部门反映", idempotency_key="e1")
        assert await opened(crm) == replace(before, escalated=True, notes=("客户称将向监管部门反映",))

    async def test_adds_notes_in_order_and_each_once(self, crm: Crm) -> None:
        await crm.open_case(draft(), idempotency_key="k1")
        await crm.add_note(NUMBER, "客户来电催办", idempotency_key="n1")
        await crm.add_note(NUMBER, "已联系支行", idempotency_key="n2")
        await crm.add_note(NUMBER, "客户来电催办", idempotency_key="n1")
        assert (await opened(crm)).notes == ("客户来电催办", "已联系支行")

    async def test_a_note_may_say_the_same_again(self, crm: Crm) -> None:
        await crm.open_case(draft(), idempotency_key="k1")
        await crm.add_note(NUMBER, "客户来电催办", idempotency_key="n1")
        await crm.add_note(NUMBER, "客户来电催办", idempotency_key="n2")
        assert (await opened(crm)).notes == ("客户来电催办", "客户来电催办")

    async def test_nothing_is_written_to_a_case_that_is_not_there(self, crm: Crm) -> None:
        with pytest.raises(UnknownCaseError):
            await crm.add_note(NUMBER, "客户来电催办", idempotency_key="n1")
        with pytest.raises(UnknownCaseError):
            await crm.update_case(NUMBER, CaseUpdate(state=CaseState.CLOSED), idempotency_key="u1")
        with pytest.raises(UnknownCaseError):
            await crm.escalate_case(NUMBER, "客户称将向监管部门反映", idempotency_key="e1")

    @pytest.mark.parametrize("odd", ["C1)or(Last_Name:equals:x", "C1'", 'C1"', "C1\\", "a,b", "(C1)", "王 小明", ""])
    async def test_odd_ids_find_nobody(self, crm: Crm, odd: str) -> None:
        assert await crm.profile(odd) is None
        assert await crm.find_by_phone(odd) is None
        assert await crm.case(odd) is None
        assert await crm.cases_of(odd) == []

    async def test_finds_nothing_to_complain_about_in_its_schema(self, crm: Crm) -> None:
        assert await crm.check() == []

    async def test_writes_interactions(self, crm: Crm) -> None:
        await crm.write_interaction("C1", "conv-1", "查询余额", idempotency_key="i1")
        await crm.write_interaction("C1", "conv-1", "查询余额", idempotency_key="i1")
        await crm.write_interaction(None, "conv-2", "咨询网点", idempotency_key="i2")
