import asyncio

import pytest

from bot.staff.errors import LoginLockedError
from bot.staff.failures import Failures
from bot.storage.database import Database
from tests.fakes.clock import FakeClock


@pytest.fixture
def failures(db: Database, clock: FakeClock) -> Failures:
    return Failures(db, clock, "a-secret-of-at-least-32-characters!", tries=5, lock_s=900)


async def tries(failures: Failures, count: int) -> None:
    for _ in range(count):
        await failures.count("lin")


async def test_the_sixth_try_is_refused_until_the_lock_ends(failures: Failures, clock: FakeClock) -> None:
    await tries(failures, 5)
    with pytest.raises(LoginLockedError):
        await failures.count("LIN")
    await failures.count("zhou")
    clock.advance(899)
    with pytest.raises(LoginLockedError):
        await failures.count("lin")
    clock.advance(1)
    await tries(failures, 5)
    with pytest.raises(LoginLockedError):
        await failures.count("lin")


async def test_half_a_sign_in_does_not_forgive_what_was_wrong_before(failures: Failures) -> None:
    await tries(failures, 4)
    for _ in range(3):
        await failures.count("lin")
        await failures.take_back("lin")
    await failures.count("lin")
    with pytest.raises(LoginLockedError):
        await failures.count("lin")


async def test_a_whole_one_does(failures: Failures) -> None:
    await tries(failures, 4)
    await failures.forget("lin")
    await tries(failures, 5)


async def test_tries_side_by_side_all_count(failures: Failures) -> None:
    results = await asyncio.gather(*(failures.count("lin") for _ in range(12)), return_exceptions=True)
    assert sum(result is None for result in results) == 5
