"""What goes wrong between us and 纷享销客: tokens, limits, codes, connections."""

import asyncio

import pytest

from bot.crm.errors import CrmRejectedError, CrmUnavailableError
from bot.crm.fxiaoke.adapter import FxiaokeCrm
from tests.contracts.crm import WANG, draft
from tests.crm.fxiaoke.conftest import Worker
from tests.fakes.clock import FakeClock
from tests.stubs.faults import Fault
from tests.stubs.fxiaoke.gate import OPEN_USER_ID, TOKEN_PATHS, USER_ID
from tests.stubs.fxiaoke.server import Fxiaoke

QUERY = "/cgi/crm/v2/data/query"


def says(fxiaoke: Fxiaoke, code: int, match: str = "data/query", times: int = 1) -> None:
    """The next calls are answered with this errorCode."""
    body = {"errorCode": code, "errorMessage": "张三 13900000000", "traceId": "E-O.1"}
    fxiaoke.faults.waiting.append(Fault(kind="answer", match=match, times=times, status=200, body=body))


def token_calls(fxiaoke: Fxiaoke) -> int:
    """How often a token was asked for."""
    return sum(call.removeprefix("POST ") in TOKEN_PATHS for call in fxiaoke.faults.calls)


@pytest.mark.parametrize("code", [20016, 20005, 11014])
async def test_a_token_that_ends_in_mid_call_is_renewed_once(crm: FxiaokeCrm, fxiaoke: Fxiaoke, code: int) -> None:
    await crm.profile("C1")
    fxiaoke.gate.end_tokens(code)
    assert await crm.profile("C1") == WANG
    assert token_calls(fxiaoke) == 2


async def test_a_token_that_ends_between_two_writes_repeats_neither(crm: FxiaokeCrm, fxiaoke: Fxiaoke) -> None:
    await crm.profile("C1")
    says(fxiaoke, 20016, match="data/create")
    await crm.open_case(draft(), idempotency_key="k1")
    assert len(fxiaoke.store.records["CasesObj"]) == 1


async def test_a_token_that_is_refused_for_ever_ends_as_unavailable(crm: FxiaokeCrm, fxiaoke: Fxiaoke) -> None:
    says(fxiaoke, 20016, times=9)
    with pytest.raises(CrmUnavailableError, match="20016"):
        await crm.profile("C1")


async def test_a_token_is_renewed_before_it_ends(crm: FxiaokeCrm, fxiaoke: Fxiaoke, clock: FakeClock) -> None:
    await crm.profile("C1")
    clock.advance(7000)
    await crm.profile("C1")
    assert token_calls(fxiaoke) == 1
    clock.advance(150)
    await crm.profile("C1")
    assert token_calls(fxiaoke) == 2


async def test_acts_as_the_employee_with_the_number(crm: FxiaokeCrm, fxiaoke: Fxiaoke) -> None:
    await crm.profile("C1")
    assert set(fxiaoke.gate.users) == {OPEN_USER_ID}


@pytest.mark.parametrize("auth", ["bearer"], indirect=True)
async def test_acts_as_the_employee_with_the_id_without_looking_for_one(worker: Worker, fxiaoke: Fxiaoke) -> None:
    await worker(fxiaoke_user_id=USER_ID).profile("C1")
    assert set(fxiaoke.gate.users) == {USER_ID}
    assert "POST /cgi/user/getByMobile" not in fxiaoke.faults.calls


async def test_another_user_in_the_settings_means_another_token(worker: Worker, fxiaoke: Fxiaoke) -> None:
    await worker().profile("C1")
    with pytest.raises(CrmUnavailableError, match="knows no employee"):
        await worker(fxiaoke_user_mobile="13911111111").profile("C1")


@pytest.mark.parametrize("secret", ["fxiaoke_app_id", "fxiaoke_app_secret", "fxiaoke_permanent_code"])
async def test_wrong_credentials_give_no_write_up(worker: Worker, secret: str) -> None:
    with pytest.raises(CrmUnavailableError, match="10006"):
        await worker(**{secret: "wrong"}).profile("C1")


@pytest.mark.parametrize("code", [14001, 30004])
async def test_throttled_means_later(crm: FxiaokeCrm, fxiaoke: Fxiaoke, code: int) -> None:
    says(fxiaoke, code)
    with pytest.raises(CrmUnavailableError) as caught:
        await crm.profile("C1")
    assert caught.value.retry_after_s == 20


async def test_we_keep_below_the_frequency_limit_ourselves(worker: Worker, fxiaoke: Fxiaoke) -> None:
    crm = worker(crm_timeout_s=30.0)  # at once, since a slow machine needs more than 20 s for one after another
    outcomes = await asyncio.gather(*(crm.profile("C1") for _ in range(61)), return_exceptions=True)
    (refused,) = [outcome for outcome in outcomes if outcome != WANG]
    assert isinstance(refused, CrmUnavailableError)
    assert refused.retry_after_s is not None
    assert 0 < refused.retry_after_s <= 20
    assert fxiaoke.faults.calls.count(f"POST {QUERY}") == 60


async def test_a_days_quota_is_there_again_at_midnight(crm: FxiaokeCrm, fxiaoke: Fxiaoke, clock: FakeClock) -> None:
    fxiaoke.gate.quota = 2
    await crm.profile("C1")
    with pytest.raises(CrmUnavailableError) as caught:
        await crm.profile("C1")
    assert caught.value.retry_after_s == 12 * 3600  # it is midday at the bank


async def test_without_an_api_pack_no_write_is_given_up(crm: FxiaokeCrm, fxiaoke: Fxiaoke) -> None:
    await crm.profile("C1")
    fxiaoke.gate.has_pack = False
    with pytest.raises(CrmUnavailableError, match="30003"):
        await crm.open_case(draft(), idempotency_key="k1")


@pytest.mark.parametrize("code", [-1, -2, 50009])
async def test_passing_faults_may_be_tried_again(crm: FxiaokeCrm, fxiaoke: Fxiaoke, code: int) -> None:
    says(fxiaoke, code)
    with pytest.raises(CrmUnavailableError):
        await crm.profile("C1")
    assert await crm.profile("C1") == WANG


@pytest.mark.parametrize("code", [10006, 15002, 32000, 20012, 320001400])
async def test_every_other_code_will_never_succeed(crm: FxiaokeCrm, fxiaoke: Fxiaoke, code: int) -> None:
    says(fxiaoke, code)
    with pytest.raises(CrmRejectedError, match=rf"errorCode {code}, traceId E-O\.1") as caught:
        await crm.profile("C1")
    assert "张三" not in str(caught.value)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind="answer", status=302),
        Fault(kind="answer", status=200, body={"traceId": "E-O.1"}),
        Fault(kind="answer", status=200, body={"errorCode": 0}),
        Fault(kind="answer", status=200, body={"errorCode": 0, "data": {"_id": "1"}}),
        Fault(kind="answer", status=200, body={"errorCode": 0, "data": {"dataList": {"_id": "1"}}}),
    ],
    ids=["not-the-api", "no-code", "no-data", "one-record", "no-list"],
)
async def test_what_is_no_answer_of_fxiaoke_is_told_as_unavailable(
    crm: FxiaokeCrm, fxiaoke: Fxiaoke, fault: Fault
) -> None:
    await crm.profile("C1")
    fxiaoke.faults.waiting.append(fault.model_copy(update={"match": "data/query"}))
    with pytest.raises(CrmUnavailableError):
        await crm.profile("C1")
    assert await crm.profile("C1") == WANG


async def test_a_description_in_another_shape_fails_clearly(crm: FxiaokeCrm, fxiaoke: Fxiaoke) -> None:
    says(fxiaoke, 0, match="describe")
    with pytest.raises(CrmUnavailableError, match="without fields"):
        await crm.check()


@pytest.mark.parametrize("match", ["getByMobile", "oken"], ids=["user", "token"])
@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind="cut"),
        Fault(kind="answer", status=200, body={}),
        Fault(kind="answer", status=200, body={"errorCode": 0}),
        Fault(kind="answer", status=200, body={"errorCode": 14001}),
    ],
    ids=["cut", "no-code", "empty", "throttled"],
)
async def test_a_login_that_fails_is_made_again(crm: FxiaokeCrm, fxiaoke: Fxiaoke, match: str, fault: Fault) -> None:
    fxiaoke.faults.waiting.append(fault.model_copy(update={"match": match}))
    with pytest.raises(CrmUnavailableError):
        await crm.profile("C1")
    assert await crm.profile("C1") == WANG
