"""What is slow or down costs a customer no more than the time it may."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from prometheus_client import REGISTRY

from bot.banking.errors import CoreBankingRefusedError, CoreBankingUnavailableError, UnknownCardError
from bot.crm.errors import CrmUnavailableError
from bot.errors import UnavailableError
from bot.resilience import Guard, all_within

Call = Callable[[], Awaitable[str]]
CUT = CoreBankingUnavailableError("cut")


def guard(*, timeout_s: float = 5, threshold: int = 3, rest_s: float = 60) -> Guard:
    return Guard("core", CoreBankingUnavailableError, timeout_s=timeout_s, threshold=threshold, rest_s=rest_s)


class System:
    """Fails as often as it is told to, then answers."""

    def __init__(self, *, failures: int, error: Exception = CUT) -> None:
        self.failures = failures
        self.error = error
        self.asked = 0

    async def __call__(self) -> str:
        self.asked += 1
        if self.asked <= self.failures:
            raise self.error
        return "answer"


async def silent() -> str:
    await asyncio.Event().wait()
    raise AssertionError("never")


def state() -> float | None:
    return REGISTRY.get_sample_value("zhanggui_breaker_state", {"system": "core"})


async def test_a_call_is_tried_once_more() -> None:
    system = System(failures=1)
    assert await guard()(system) == "answer"
    assert system.asked == 2


async def test_a_call_is_not_tried_forever() -> None:
    system = System(failures=5)
    with pytest.raises(CoreBankingUnavailableError, match="cut"):
        await guard()(system)
    assert system.asked == 2


@pytest.mark.parametrize("error", [CoreBankingRefusedError("401"), CrmUnavailableError("throttled", retry_after_s=20)])
async def test_what_does_not_pass_soon_is_not_asked_again(error: UnavailableError) -> None:
    system = System(failures=1, error=error)
    with pytest.raises(type(error)):
        await Guard("core", type(error), timeout_s=5, threshold=3, rest_s=60)(system)
    assert system.asked == 1


async def test_silence_ends_in_time() -> None:
    with pytest.raises(CoreBankingUnavailableError, match="no answer within"):
        await guard(timeout_s=0.05)(silent)


async def test_calls_for_one_answer_share_its_time() -> None:
    core, crm = guard(timeout_s=60), Guard("crm", CrmUnavailableError, timeout_s=60, threshold=3, rest_s=60)
    with all_within(0.05):
        with pytest.raises(CoreBankingUnavailableError, match="no answer within"):
            await core(silent)
        system = System(failures=0)
        with pytest.raises(CrmUnavailableError, match="no time is left"):
            await crm(system)
        assert system.asked == 0
    assert await crm(system) == "answer"


async def test_a_shorter_time_within_a_longer_one_holds_and_the_other_way_round() -> None:
    for outer, inner in ((60, 0.05), (0.05, 60)):
        with all_within(outer), all_within(inner), pytest.raises(CoreBankingUnavailableError):
            await guard(timeout_s=60)(silent)


async def test_a_system_that_keeps_failing_is_left_alone_and_then_tried_again() -> None:
    guarded, system = guard(threshold=2, rest_s=1.0), System(failures=4)
    for _ in range(2):
        with pytest.raises(CoreBankingUnavailableError, match="cut"):
            await guarded(system)
    assert state() == 2
    with pytest.raises(CoreBankingUnavailableError, match="left alone"):
        await guarded(system)
    assert system.asked == 4
    await asyncio.sleep(1.1)
    assert await guarded(system) == "answer"
    assert state() == 0


async def test_a_system_that_fails_again_after_its_rest_is_left_alone_at_once() -> None:
    guarded, system = guard(threshold=2, rest_s=1.0), System(failures=100)
    for _ in range(2):
        with pytest.raises(CoreBankingUnavailableError):
            await guarded(system)
    await asyncio.sleep(1.1)
    with pytest.raises(CoreBankingUnavailableError, match="cut"):
        await guarded(system)
    with pytest.raises(CoreBankingUnavailableError, match="left alone"):
        await guarded(system)


async def test_an_answer_nobody_likes_is_no_failure() -> None:
    guarded = guard(threshold=1)
    for _ in range(3):
        with pytest.raises(UnknownCardError):
            await guarded(System(failures=1, error=UnknownCardError("1234")))
    assert await guarded(System(failures=0)) == "answer"


async def test_running_out_of_an_answers_time_before_asking_says_nothing_of_the_system() -> None:
    guarded = guard(threshold=1)
    with all_within(0), pytest.raises(CoreBankingUnavailableError, match="no time is left"):
        await guarded(silent)
    assert await guarded(System(failures=0)) == "answer"
