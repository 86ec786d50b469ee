"""What Zoho's answers mean, one by one."""

import asyncio

import pytest

from bot.crm.errors import CrmError, CrmRejectedError, CrmUnavailableError
from bot.crm.zoho.api import ZohoApi
from bot.crm.zoho.criteria import equals
from tests.stubs.faults import Fault
from tests.stubs.zoho.server import Zoho
from tests.stubs.zoho.store import result

CASE = {"Case_No": "TS2026112300015", "Case_Origin": "Web", "Status": "New"}


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, "INVALID_DATA", CrmRejectedError),
        (400, "MANDATORY_NOT_FOUND", CrmRejectedError),
        (401, "OAUTH_SCOPE_MISMATCH", CrmRejectedError),
        (403, "NO_PERMISSION", CrmRejectedError),
        (403, "LIMIT_EXCEEDED", CrmUnavailableError),
        (429, "TOO_MANY_REQUESTS", CrmUnavailableError),
        (500, "INTERNAL_ERROR", CrmUnavailableError),
    ],
)
async def test_a_refused_request_is_final_or_not(
    api: ZohoApi, zoho: Zoho, status: int, code: str, error: type[CrmError]
) -> None:
    await zoho.faults.add(Fault(kind="answer", match="search", status=status, body=result(code, "told", {})))
    with pytest.raises(error):
        await api.search("Contacts", equals("Customer_No", "C1"))


@pytest.mark.parametrize("status", [200, 201, 202, 207, 400])
@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("INVALID_DATA", CrmRejectedError),
        ("DUPLICATE_DATA", CrmRejectedError),
        ("RECORD_LOCKED", CrmUnavailableError),
        ("LIMIT_EXCEEDED", CrmUnavailableError),
    ],
)
async def test_a_records_own_result_counts_whatever_the_status(
    api: ZohoApi, zoho: Zoho, status: int, code: str, error: type[CrmError]
) -> None:
    body = {"data": [result(code, "told", {"api_name": "Status"})]}
    await zoho.faults.add(Fault(kind="answer", match="upsert", status=status, body=body))
    with pytest.raises(error, match=code):
        await api.upsert("Cases", CASE, unique="Case_No")


@pytest.mark.parametrize("results", [[], [result("SUCCESS", "", {"id": "1"}, "success")] * 2])
async def test_not_one_result_for_one_record_is_no_success(
    api: ZohoApi, zoho: Zoho, results: list[dict[str, object]]
) -> None:
    await zoho.faults.add(Fault(kind="answer", match="upsert", status=207, body={"data": results}))
    with pytest.raises(CrmUnavailableError):
        await api.upsert("Cases", CASE, unique="Case_No")


@pytest.mark.parametrize(
    "body", [{}, {"data": None}, {"data": "x"}, {"data": ["x"]}, {"data": [{"status": "success"}]}]
)
async def test_an_answer_of_another_shape_is_no_answer(api: ZohoApi, zoho: Zoho, body: object) -> None:
    await zoho.faults.add(Fault(kind="answer", match="upsert", status=200, body=body))
    with pytest.raises(CrmUnavailableError):
        await api.upsert("Cases", CASE, unique="Case_No")


async def test_a_refusal_names_the_field_and_not_the_value(api: ZohoApi) -> None:
    with pytest.raises(CrmRejectedError, match=r"INVALID_DATA \(Due_Date\)") as caught:
        await api.upsert("Cases", {**CASE, "Due_Date": "13900000091"}, unique="Case_No")
    assert "13900000091" not in str(caught.value)


async def test_upserting_again_updates(api: ZohoApi, zoho: Zoho) -> None:
    first = await api.upsert("Cases", CASE, unique="Case_No")
    assert await api.upsert("Cases", {**CASE, "Status": "Closed"}, unique="Case_No") == first
    assert [record["Status"] for record in zoho.store.records["Cases"].values()] == ["Closed"]


async def test_no_more_calls_at_once_than_zoho_serves(api: ZohoApi) -> None:
    found = await asyncio.gather(*(api.search("Contacts", equals("Customer_No", "C1")) for _ in range(30)))
    assert all(len(records) == 1 for records in found)


async def test_a_token_refused_again_is_not_tried_forever(api: ZohoApi, zoho: Zoho) -> None:
    refused = result("INVALID_TOKEN", "invalid oauth token", {})
    await zoho.faults.add(Fault(kind="answer", match="/crm/v8", status=401, body=refused, times=2))
    with pytest.raises(CrmUnavailableError, match="INVALID_TOKEN"):
        await api.search("Contacts", equals("Customer_No", "C1"))
    assert [call.split()[1] for call in zoho.faults.calls] == [
        "/oauth/v2/token",
        "/crm/v8/Contacts/search",
        "/oauth/v2/token",
        "/crm/v8/Contacts/search",
    ]


@pytest.mark.parametrize("value", ["a(b)", "a,b", "a\\b", "a:b", "a)or(Customer_No:equals:C2", "+86 139", "王 & 李"])
async def test_searched_values_stay_in_their_place(api: ZohoApi, zoho: Zoho, value: str) -> None:
    zoho.store.insert("Contacts", {"Last_Name": "x", "Customer_No": value})
    assert [record["Customer_No"] for record in await api.search("Contacts", equals("Customer_No", value))] == [value]


async def test_the_wait_doubles_while_throttled_and_is_forgotten_after(api: ZohoApi, zoho: Zoho) -> None:
    async def wait() -> float | None:
        with pytest.raises(CrmUnavailableError) as caught:
            await api.search("Contacts", equals("Customer_No", "C1"))
        return caught.value.retry_after_s

    throttled = Fault(kind="answer", match="search", status=429, body=result("TOO_MANY_REQUESTS", "", {}), times=8)
    await zoho.faults.add(throttled)
    assert [await wait() for _ in range(8)] == [2, 4, 8, 16, 32, 60, 60, 60]
    assert await api.search("Contacts", equals("Customer_No", "C1"))
    await zoho.faults.add(throttled.model_copy(update={"times": 1}))
    assert await wait() == 2
