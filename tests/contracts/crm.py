"""What every CRM adapter does, whatever stands behind it."""

import asyncio
from datetime import date

import pytest

from bot.crm.errors import CrmError, UnknownCaseError
from bot.crm.models import CaseDraft, CustomerProfile
from bot.crm.port import Crm

WANG = CustomerProfile("C1", "王小明", "先生", "13900000091", "金卡客户", "C3", date(2027, 1, 31), "林晓东")
LI = CustomerProfile("C2", "李小红", "女士", "13900000092", "普通客户", None, None, None)


def draft(number: str = "TS2026112300015", customer_id: str | None = "C1") -> CaseDraft:
    """A case as a complaint opens it."""
    return CaseDraft(
        number, customer_id, "conv-1", "手机银行", "转账失败，钱没退回来", "13900000091", date(2026, 12, 8)
    )


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
        opened = await crm.open_case(draft(), idempotency_key="k1")
        assert opened == await crm.case("TS2026112300015")
        assert (opened.customer_id, opened.due_on, opened.notes) == ("C1", date(2026, 12, 8), ())

    async def test_the_same_key_opens_one_case(self, crm: Crm) -> None:
        first = await crm.open_case(draft(), idempotency_key="k1")
        assert await crm.open_case(draft(number="TS2026112300023"), idempotency_key="k1") == first
        assert await crm.cases_of("C1") == [first]

    async def test_the_same_key_at_once_opens_one_case(self, crm: Crm) -> None:
        opened = await asyncio.gather(*(crm.open_case(draft(), idempotency_key="k1") for _ in range(5)))
        assert len(set(opened)) == 1

    async def test_a_number_is_used_once(self, crm: Crm) -> None:
        await crm.open_case(draft(), idempotency_key="k1")
        with pytest.raises(CrmError):
            await crm.open_case(draft(), idempotency_key="k2")

    async def test_lists_the_cases_of_one_customer(self, crm: Crm) -> None:
        await crm.open_case(draft("TS2026112300015"), idempotency_key="k1")
        await crm.open_case(draft("TS2026112300023"), idempotency_key="k2")
        await crm.open_case(draft("TS2026112300031", customer_id="C2"), idempotency_key="k3")
        await crm.open_case(draft("TS2026112300040", customer_id=None), idempotency_key="k4")
        assert [case.number for case in await crm.cases_of("C1")] == ["TS2026112300023", "TS2026112300015"]
        assert await crm.cases_of("C404") == []

    async def test_an_unknown_case_is_none(self, crm: Crm) -> None:
        assert await crm.case("TS2026112300015") is None

    async def test_adds_notes_in_order_and_each_once(self, crm: Crm) -> None:
        await crm.open_case(draft(), idempotency_key="k1")
        await crm.add_note("TS2026112300015", "客户来电催办", idempotency_key="n1")
        await crm.add_note("TS2026112300015", "已联系支行", idempotency_key="n2")
        await crm.add_note("TS2026112300015", "客户来电催办", idempotency_key="n1")
        case = await crm.case("TS2026112300015")
        assert case is not None
        assert case.notes == ("客户来电催办", "已联系支行")

    async def test_no_note_without_a_case(self, crm: Crm) -> None:
        with pytest.raises(UnknownCaseError):
            await crm.add_note("TS2026112300015", "客户来电催办", idempotency_key="n1")

    async def test_writes_interactions(self, crm: Crm) -> None:
        await crm.write_interaction("C1", "conv-1", "查询余额", idempotency_key="i1")
        await crm.write_interaction("C1", "conv-1", "查询余额", idempotency_key="i1")
        await crm.write_interaction(None, "conv-2", "咨询网点", idempotency_key="i2")
