"""纷享销客 against its stub: the contract, in both ways of authorisation, and what is its own."""

import asyncio
from copy import deepcopy

import pytest

from bot.crm.errors import CrmRejectedError, CrmUnavailableError
from bot.crm.fxiaoke.adapter import FxiaokeCrm
from bot.crm.fxiaoke.auth import BearerStyle, LegacyStyle
from bot.crm.models import CaseUpdate
from tests.contracts.crm import LI, NUMBER, WANG, draft
from tests.contracts.crm_failures import Remote, RemoteCrmContract
from tests.crm.fxiaoke.conftest import Worker
from tests.stubs.faults import Fault
from tests.stubs.fxiaoke.server import Fxiaoke

CREATE = "/cgi/crm/v2/data/create"


class Cut:
    """Cuts every connection to the stub."""

    def __init__(self, fxiaoke: Fxiaoke) -> None:
        self._waiting = fxiaoke.faults.waiting

    def begin(self) -> None:
        self._waiting.append(Fault(kind="cut", times=1000))

    def end(self) -> None:
        self._waiting.clear()


class TestFxiaokeCrm(RemoteCrmContract):
    @pytest.fixture
    def another(self, worker: Worker) -> FxiaokeCrm:
        return worker()

    @pytest.fixture
    def outage(self, fxiaoke: Fxiaoke) -> Cut:
        return Cut(fxiaoke)

    @pytest.fixture
    def remote(self, fxiaoke: Fxiaoke, auth: str) -> Remote:
        return Remote(
            faults=fxiaoke.faults,
            expire_tokens=lambda: fxiaoke.gate.end_tokens(20016),
            fetching_a_token=BearerStyle.token_path if auth == "bearer" else LegacyStyle.token_path,
            using_the_api="/cgi/crm",
            writing={
                "open_case": CREATE,
                "update_case": "/cgi/crm/v2/data/update",
                "add_note": "/cgi/crm/custom/v2/data/create",
                "escalate_case": "/cgi/crm/custom/v2/data/create",
                "write_interaction": "/cgi/crm/custom/v2/data/create",
            },
            stored=lambda: deepcopy(list(fxiaoke.store.records.values())),
            throttled=(200, {"errorCode": 30004, "errorMessage": "slow down"}),
            refused=(200, {"errorCode": 32000, "errorMessage": "no"}),
        )


async def test_a_case_is_linked_to_its_customer(crm: FxiaokeCrm, fxiaoke: Fxiaoke) -> None:
    await crm.open_case(draft(), idempotency_key="k1")
    [record] = fxiaoke.store.records["CasesObj"]
    assert record["account_id"] == fxiaoke.store.records["AccountObj"][0]["_id"]


async def test_days_are_the_banks_midnight(crm: FxiaokeCrm, fxiaoke: Fxiaoke) -> None:
    await crm.open_case(draft(), idempotency_key="k1")
    [record] = fxiaoke.store.records["CasesObj"]
    assert record["field_dUe6d__c"] == 1796659200000  # 2026-12-08 00:00 in Shanghai


async def test_what_we_create_belongs_to_the_acting_user(crm: FxiaokeCrm, fxiaoke: Fxiaoke) -> None:
    await crm.open_case(draft(), idempotency_key="k1")
    assert [record["owner"] for record in fxiaoke.store.records["CasesObj"]] == [[fxiaoke.gate.users[-1]]]


async def test_keeps_an_interaction_once(crm: FxiaokeCrm, fxiaoke: Fxiaoke) -> None:
    for _ in range(2):
        await crm.write_interaction("C1", "conv-1", "查询余额", idempotency_key="i1")
    assert len(fxiaoke.store.records["object_tAlk1__c"]) == 1


async def test_a_number_of_two_customers_is_nobodys(crm: FxiaokeCrm, fxiaoke: Fxiaoke) -> None:
    fxiaoke.store.records["AccountObj"][1]["tel"] = WANG.phone
    assert await crm.find_by_phone(WANG.phone) is None


async def test_somebody_elses_record_is_never_taken_for_the_customers(crm: FxiaokeCrm, fxiaoke: Fxiaoke) -> None:
    """A query that ignores its filter would otherwise show one customer another's data."""
    everybody = {"errorCode": 0, "data": {"dataList": list(fxiaoke.store.records["AccountObj"])}}
    fxiaoke.faults.waiting.append(Fault(kind="answer", match="data/query", status=200, body=everybody))
    assert await crm.profile(LI.customer_id) == LI


async def test_an_update_whose_answer_is_lost_undoes_no_later_change(crm: FxiaokeCrm, fxiaoke: Fxiaoke) -> None:
    await crm.open_case(draft(), idempotency_key="k1")
    fxiaoke.faults.waiting.append(Fault(kind="cut_after", match="data/update"))
    with pytest.raises(CrmUnavailableError):
        await crm.update_case(NUMBER, CaseUpdate(owner="林晓"), idempotency_key="u1")
    fxiaoke.store.records["CasesObj"][0]["field_hAndB__c"] = "周岚"  # a person was faster than our second try
    await crm.update_case(NUMBER, CaseUpdate(owner="林晓"), idempotency_key="u1")
    case = await crm.case(NUMBER)
    assert case is not None
    assert case.owner == "周岚"


async def test_an_escalation_that_was_cut_in_the_middle_is_completed(crm: FxiaokeCrm, fxiaoke: Fxiaoke) -> None:
    await crm.open_case(draft(), idempotency_key="k1")
    fxiaoke.faults.waiting.append(Fault(kind="cut", match="custom/v2/data/create"))
    with pytest.raises(CrmUnavailableError):
        await crm.escalate_case(NUMBER, "客户称将向监管部门反映", idempotency_key="e1")
    await crm.escalate_case(NUMBER, "客户称将向监管部门反映", idempotency_key="e1")
    case = await crm.case(NUMBER)
    assert case is not None
    assert (case.escalated, case.notes) == (True, ("客户称将向监管部门反映",))


async def test_two_workers_at_once_open_one_case(worker: Worker, fxiaoke: Fxiaoke) -> None:
    one, other = worker(), worker()
    await one.find_by_phone("13900000091")  # both have the token, so that both are as fast
    first, second = await asyncio.gather(*(crm.open_case(draft(), idempotency_key="k1") for crm in (one, other)))
    assert first == second
    assert len(fxiaoke.store.records["CasesObj"]) == 1


async def test_a_customer_may_have_more_notes_than_a_page_holds(crm: FxiaokeCrm, fxiaoke: Fxiaoke) -> None:
    await crm.open_case(draft(), idempotency_key="k1")
    for n in range(250):
        values = {"field_kEyN1__c": f"n{n}", "field_nUmN2__c": NUMBER, "field_tExN3__c": f"备注{n}", "owner": ["1000"]}
        assert fxiaoke.store.create({"dataObjectApiName": "object_nOte1__c", **values})["errorCode"] == 0
    case = await crm.case(NUMBER)
    assert case is not None
    assert case.notes == tuple(f"备注{n}" for n in range(250))


async def test_a_state_that_the_mapping_does_not_know_is_no_case_of_ours(crm: FxiaokeCrm, fxiaoke: Fxiaoke) -> None:
    await crm.open_case(draft(), idempotency_key="k1")
    fxiaoke.store.records["CasesObj"][0]["field_v24BD__c"] = "99"
    with pytest.raises(CrmRejectedError, match="unexpected state"):
        await crm.case(NUMBER)


async def test_check_tells_what_does_not_fit(crm: FxiaokeCrm, fxiaoke: Fxiaoke) -> None:
    cases = fxiaoke.store.objects["CasesObj"]
    cases["field_n0Case__c"]["is_unique"] = False
    cases["field_dUe6d__c"]["type"] = "text"
    cases["field_v24BD__c"]["options"].pop()
    cases["field_mUst0__c"] = {"type": "text", "is_required": True}
    cases["field_hAndB__c"]["is_active"] = False
    del fxiaoke.store.objects["object_nOte1__c"]
    assert await crm.check() == [
        "case.number: CasesObj.field_n0Case__c allows duplicates; it has to be unique",
        "case.due_on: CasesObj.field_dUe6d__c is of type text; needed: date",
        "case.state: CasesObj.field_v24BD__c has no value 5 (for withdrawn)",
        "case.owner: CasesObj has no field field_hAndB__c",
        "case: CasesObj.field_mUst0__c is mandatory in the CRM, but nothing is mapped to it",
        "note: the CRM has no object object_nOte1__c, or does not show it to us",
    ]
