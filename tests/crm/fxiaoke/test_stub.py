"""What the stub keeps although our adapter never asks for it; docs/crm.md promises it to whoever uses it by hand."""

import asyncio
import uuid
from typing import Any

import pytest

from tests.stubs.fxiaoke.gate import APP_ID, APP_SECRET, CORP_ID, EA, OPEN_USER_ID, PERMANENT_CODE, USER_ID
from tests.stubs.fxiaoke.server import Fxiaoke

QUERY = "/cgi/crm/v2/data/query"
CREDENTIALS = {"appId": APP_ID, "appSecret": APP_SECRET, "permanentCode": PERMANENT_CODE}


@pytest.fixture
def stub() -> Fxiaoke:
    """Not on a port: asked directly."""
    return Fxiaoke()


async def tokens(stub: Fxiaoke) -> tuple[str, str]:
    """One for each way of authorisation."""
    bearer = await stub.gate.token("/oauth2.0/token", {**CREDENTIALS, "grantType": "app_secret"})
    legacy = await stub.gate.token("/cgi/corpAccessToken/get/V2", CREDENTIALS)
    return bearer["accessToken"], legacy["corpAccessToken"]


def asked(**query: Any) -> dict[str, Any]:
    """The body of a query."""
    return {"data": {"dataObjectApiName": "AccountObj", "search_query_info": {"limit": 100, "offset": 0, **query}}}


async def test_the_same_token_is_given_again(stub: Fxiaoke) -> None:
    assert await tokens(stub) == await tokens(stub)


async def test_ten_token_calls_a_minute_and_never_two_at_once(stub: Fxiaoke) -> None:
    path = "/cgi/corpAccessToken/get/V2"
    both = await asyncio.gather(*(stub.gate.token(path, CREDENTIALS) for _ in range(2)))
    assert [answer["errorCode"] for answer in both] == [0, 14001]
    codes = [(await stub.gate.token(path, CREDENTIALS))["errorCode"] for _ in range(10)]
    assert codes == [0] * 9 + [14001]


async def test_either_way_of_authorisation_but_not_both_and_not_each_others_token(stub: Fxiaoke) -> None:
    bearer, legacy = await tokens(stub)
    headers = {"authorization": f"Bearer {bearer}", "x-fs-ea": EA, "x-fs-userid": USER_ID}
    body = {"corpAccessToken": legacy, "corpId": CORP_ID, "currentOpenUserId": OPEN_USER_ID}

    def said(headers: dict[str, str], body: dict[str, Any]) -> int:
        return stub.gate.admit(QUERY, str(uuid.uuid4()), headers, body)

    assert said(headers, {}) == said({}, body) == 0
    assert said(headers, body) == said({}, {}) == 20017
    assert said({**headers, "authorization": f"Bearer {legacy}"}, {}) == 20016
    assert said({}, {**body, "corpAccessToken": bearer}) == 20016
    assert said({**headers, "x-fs-userid": OPEN_USER_ID}, {}) == 20012
    assert said({**headers, "x-fs-userid": OPEN_USER_ID}, {"convertUserId": True}) == 0


@pytest.mark.parametrize("trace", ["", "not-a-uuid", "6ce3b2b6-e7bb-11f1-a819-02fc00000001"])
async def test_a_trace_id_is_a_fresh_random_uuid(stub: Fxiaoke, trace: str) -> None:
    bearer, _ = await tokens(stub)
    headers = {"authorization": f"Bearer {bearer}", "x-fs-ea": EA, "x-fs-userid": USER_ID}
    assert stub.gate.admit(QUERY, trace, headers, {}) == 15002
    fresh = str(uuid.uuid4())
    assert [stub.gate.admit(QUERY, fresh, headers, {}) for _ in range(2)] == [0, 15002]


@pytest.mark.parametrize("code", [30004, 14001])
async def test_sixty_calls_in_twenty_seconds_to_one_path(stub: Fxiaoke, code: int) -> None:
    bearer, _ = await tokens(stub)
    headers = {"authorization": f"Bearer {bearer}", "x-fs-ea": EA, "x-fs-userid": USER_ID}
    stub.gate.frequency_code = code
    codes = [stub.gate.admit(QUERY, str(uuid.uuid4()), headers, {}) for _ in range(61)]
    assert codes == [0] * 60 + [code]


@pytest.mark.parametrize(
    ("query", "code"),
    [({"limit": 101}, 32000), ({"offset": 50}, 32000), ({"offset": 10_100}, 10013), ({"offset": 10_000}, 0)],
)
def test_pages_have_limits(stub: Fxiaoke, query: dict[str, int], code: int) -> None:
    assert stub.store.query(asked(**query)["data"]).get("errorCode", 0) == code


async def test_objects_of_the_tenants_own_have_paths_of_their_own(stub: Fxiaoke) -> None:
    _, legacy = await tokens(stub)
    caller = {"corpAccessToken": legacy, "corpId": CORP_ID, "currentOpenUserId": OPEN_USER_ID}
    answer = await stub.answer("/cgi/crm/custom/v2/data/query", str(uuid.uuid4()), {}, {**caller, **asked()})
    assert answer == {"errorCode": 10006}
