"""Zoho CRM against its stub: the contract, and what Zoho is known for."""

from copy import deepcopy
from dataclasses import replace

import pytest

from bot.crm.errors import CrmRejectedError, UnknownCaseError
from bot.crm.models import CaseState, CaseUpdate
from bot.crm.port import Crm
from bot.crm.zoho.adapter import ZohoCrm
from tests.contracts.crm import LI, NUMBER, WANG, draft, opened
from tests.contracts.crm_failures import Remote, RemoteCrmContract
from tests.stubs.faults import Fault
from tests.stubs.zoho.server import Zoho
from tests.stubs.zoho.store import Record


class Cut:
    """Cuts every connection to the stub."""

    def __init__(self, zoho: Zoho) -> None:
        self._waiting = zoho.faults.waiting

    def begin(self) -> None:
        self._waiting.append(Fault(kind="cut", times=1000))

    def end(self) -> None:
        self._waiting.clear()


class TestZohoCrm(RemoteCrmContract):
    @pytest.fixture
    def outage(self, zoho: Zoho) -> Cut:
        return Cut(zoho)

    @pytest.fixture
    def remote(self, zoho: Zoho) -> Remote:
        refused = {"code": "INVALID_DATA", "details": {"api_name": "Subject"}, "message": "no", "status": "error"}
        return Remote(
            faults=zoho.faults,
            expire_tokens=zoho.tokens.clear,
            fetching_a_token="/oauth/v2/token",
            using_the_api="/crm/v8",
            writing={
                "open_case": "POST /crm/v8/Cases/upsert",
                "update_case": "PUT /crm/v8/Cases/",
                "add_note": "POST /crm/v8/Cases/",
                "escalate_case": "POST /crm/v8/Cases/",
                "write_interaction": "POST /crm/v8/Interactions/upsert",
            },
            stored=lambda: deepcopy(list(zoho.store.records.values())),
            throttled=(429, {"code": "TOO_MANY_REQUESTS", "details": {}, "message": "slow down", "status": "error"}),
            refused=(207, {"data": [refused]}),
        )


def the_case(zoho: Zoho) -> Record:
    """The one case that the stub keeps."""
    [record] = zoho.store.records["Cases"].values()
    return record


async def test_a_case_is_found_before_the_index_knows_it(crm: ZohoCrm, another: Crm, zoho: Zoho) -> None:
    zoho.store.index_lag_s = 60
    case = await crm.open_case(draft(), idempotency_key="k1")
    assert await another.open_case(draft(), idempotency_key="k1") == case
    for worker in (crm, another):
        await worker.update_case(NUMBER, CaseUpdate(state=CaseState.CLOSED), idempotency_key="u1")
        await worker.add_note(NUMBER, "客户来电催办", idempotency_key="n1")
    assert await opened(crm) == replace(case, state=CaseState.CLOSED, notes=("客户来电催办",))


async def test_a_case_upserted_before_the_index_knew_it_stays_one(crm: ZohoCrm, zoho: Zoho) -> None:
    """The answer to the first opening got lost, so that not even its id is known."""
    zoho.store.index_lag_s = 60
    await zoho.faults.add(Fault(kind="cut_after", match="upsert"))
    with pytest.raises(Exception, match="Cases/upsert"):
        await crm.open_case(draft(), idempotency_key="k1")
    await crm.open_case(draft(), idempotency_key="k1")
    assert the_case(zoho)["Case_No"] == NUMBER


async def test_a_case_is_linked_to_its_customer(crm: ZohoCrm, zoho: Zoho) -> None:
    await crm.open_case(draft(), idempotency_key="k1")
    linked = zoho.store.records["Contacts"][the_case(zoho)["Related_To"]["id"]]
    assert linked["Customer_No"] == "C1"


async def test_a_customer_the_crm_does_not_have_is_not_linked(crm: ZohoCrm, zoho: Zoho) -> None:
    case = await crm.open_case(draft(customer_id="C404"), idempotency_key="k1")
    assert case.customer_id == "C404"
    assert "Related_To" not in the_case(zoho)


async def test_a_repeated_write_undoes_nothing_that_people_did_since(crm: ZohoCrm, zoho: Zoho) -> None:
    await crm.open_case(draft(), idempotency_key="k1")
    await crm.update_case(NUMBER, CaseUpdate(state=CaseState.IN_PROGRESS), idempotency_key="u1")
    the_case(zoho).update(Status="Closed", Handler="林晓")
    await crm.update_case(NUMBER, CaseUpdate(state=CaseState.IN_PROGRESS), idempotency_key="u1")
    case = await crm.open_case(draft(), idempotency_key="k1")
    assert (case.state, case.owner) == (CaseState.CLOSED, "林晓")


async def test_a_case_deleted_by_people_is_unknown(crm: ZohoCrm, zoho: Zoho) -> None:
    await crm.open_case(draft(), idempotency_key="k1")
    zoho.store.records["Cases"].clear()
    assert await crm.case(NUMBER) is None
    with pytest.raises(UnknownCaseError):
        await crm.add_note(NUMBER, "客户来电催办", idempotency_key="n1")


async def test_notes_of_people_are_read_too_and_there_may_be_many(crm: ZohoCrm, zoho: Zoho) -> None:
    await crm.open_case(draft(), idempotency_key="k1")
    parent = {"id": the_case(zoho)["id"]}
    for number in range(450):
        note = {"Note_Title": None, "Note_Content": f"{number}", "Parent_Id": parent}
        assert zoho.store.insert("Notes", note)["status"] == "success"
    await crm.add_note(NUMBER, "客户来电催办", idempotency_key="n1")
    await crm.add_note(NUMBER, "客户来电催办", idempotency_key="n1")
    assert (await opened(crm)).notes == (*(f"{number}" for number in range(450)), "客户来电催办")


async def test_a_customer_may_have_many_cases(crm: ZohoCrm, zoho: Zoho) -> None:
    await crm.open_case(draft(), idempotency_key="k1")
    for number in range(201):
        zoho.store.insert("Cases", {**the_first(zoho), "Case_No": f"TS{number:013d}"})
    assert len(await crm.cases_of("C1")) == 202


def the_first(zoho: Zoho) -> Record:
    """The case that was opened first."""
    return next(iter(zoho.store.records["Cases"].values()))


async def test_cases_that_are_not_ours_are_left_out(crm: ZohoCrm, zoho: Zoho) -> None:
    await crm.open_case(draft(), idempotency_key="k1")
    zoho.store.insert("Cases", {"Customer_No": "C1", "Case_Origin": "Phone", "Status": "New"})
    assert [case.number for case in await crm.cases_of("C1")] == [NUMBER]


async def test_a_shared_phone_is_nobodys(crm: ZohoCrm, zoho: Zoho) -> None:
    zoho.store.add_contact(replace(LI, customer_id="C3", phone=WANG.phone))
    assert await crm.find_by_phone(WANG.phone) is None


async def test_who_looks_alike_to_the_index_is_somebody_else(crm: ZohoCrm, zoho: Zoho) -> None:
    zoho.store.add_contact(replace(LI, customer_id="abc", phone="13900000093"))
    assert await crm.profile("ABC") is None
    assert await crm.profile("abc") is not None


async def test_what_we_do_not_understand_is_told_without_its_value(crm: ZohoCrm, zoho: Zoho) -> None:
    next(iter(zoho.store.records["Contacts"].values())).update(Risk_Level="稳健型", Salutation="Dr.")
    with pytest.raises(CrmRejectedError, match="risk_level, title") as caught:
        await crm.profile("C1")
    assert "稳健型" not in str(caught.value)


@pytest.mark.parametrize(
    ("module", "name", "field", "told"),
    [
        ("Contacts", "Risk_Valid_Until", {"data_type": "text"}, "is of type text; needed: date"),
        ("Cases", "Case_No", {"data_type": "text", "length": 32}, "allows duplicates"),
        ("Cases", "Subject", {"data_type": "text", "length": 50}, "holds 50 characters; needed: 100"),
        ("Cases", "Status", {"data_type": "picklist", "options": ["New"]}, "has no value In Progress"),
        ("Cases", "Handler", {"data_type": "text", "read_only": True}, "cannot be written"),
        ("Cases", "Branch", {"data_type": "text", "mandatory": True}, "Cases.Branch is mandatory in the CRM"),
        ("Interactions", "Contact", {"data_type": "formula"}, "is of type formula; needed: link"),
    ],
)
async def test_a_schema_that_does_not_fit_is_told(
    crm: ZohoCrm, zoho: Zoho, module: str, name: str, field: Record, told: str
) -> None:
    zoho.store.modules[module][name] = field
    assert any(told in line for line in await crm.check())


async def test_what_is_missing_from_the_schema_is_told(crm: ZohoCrm, zoho: Zoho) -> None:
    del zoho.store.modules["Interactions"], zoho.store.modules["Cases"]["Solution"]
    assert await crm.check() == [
        "case.resolution: Cases has no field Solution",
        "interaction: the CRM has no object Interactions, or does not show it to us",
    ]


async def test_the_longest_keys_fit(crm: ZohoCrm) -> None:
    key = "k" * 100
    await crm.open_case(draft(), idempotency_key=key)
    await crm.update_case(NUMBER, CaseUpdate(state=CaseState.CLOSED), idempotency_key=key)
    await crm.add_note(NUMBER, "客户来电催办", idempotency_key=key)
    await crm.write_interaction("C1", "conv-1", "查询余额", idempotency_key=key)
    assert (await opened(crm)).notes == ("客户来电催办",)
