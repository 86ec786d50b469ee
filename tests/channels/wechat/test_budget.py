from datetime import timedelta

import pytest

from bot.channels.wechat.budget import Budget
from bot.storage.database import Database
from tests.fakes.clock import FakeClock


@pytest.fixture
def budget(db: Database, clock: FakeClock) -> Budget:
    return Budget(db, clock)


async def spend(budget: Budget, db: Database, openid: str = "o1") -> str | None:
    async with db.write() as connection:
        return await budget.take(connection, openid)


async def test_a_silent_user_cannot_be_pushed_to(budget: Budget, db: Database) -> None:
    assert (await budget.allowance("o1")).pushes == 0
    assert (await budget.allowance("o1")).ends_at is None
    assert await spend(budget, db) is None


async def test_a_message_opens_five_pushes_in_48_hours(budget: Budget, db: Database, clock: FakeClock) -> None:
    await budget.opened_by_message("o1")
    assert (await budget.allowance("o1")).ends_at == clock() + timedelta(hours=48)
    assert [await spend(budget, db) for _ in range(6)] == ["message"] * 5 + [None]


async def test_an_event_opens_three_pushes_in_a_minute(budget: Budget, db: Database, clock: FakeClock) -> None:
    await budget.opened_by_event("o1")
    assert (await budget.allowance("o1")).ends_at == clock() + timedelta(minutes=1)
    assert [await spend(budget, db) for _ in range(4)] == ["event"] * 3 + [None]


async def test_a_window_closes_by_itself(budget: Budget, db: Database, clock: FakeClock) -> None:
    await budget.opened_by_event("o1")
    clock.advance(60)
    assert await spend(budget, db) is None
    await budget.opened_by_message("o1")
    clock.advance(days=2)
    assert await spend(budget, db) is None


async def test_what_ends_first_is_spent_first(budget: Budget, db: Database, clock: FakeClock) -> None:
    await budget.opened_by_message("o1")
    await budget.opened_by_event("o1")
    assert (await budget.allowance("o1")).pushes == 8
    assert [await spend(budget, db) for _ in range(4)] == ["event"] * 3 + ["message"]
    clock.advance(60)
    assert (await budget.allowance("o1")).pushes == 4


async def test_an_event_does_not_renew_what_a_message_opened(budget: Budget, clock: FakeClock) -> None:
    await budget.opened_by_message("o1")
    ends_at = (await budget.allowance("o1")).ends_at
    clock.advance(3600)
    await budget.opened_by_event("o1")
    assert (await budget.allowance("o1")).ends_at == ends_at


async def test_the_next_message_begins_anew(budget: Budget, db: Database) -> None:
    await budget.opened_by_message("o1")
    for _ in range(5):
        await spend(budget, db)
    await budget.opened_by_message("o1")
    assert (await budget.allowance("o1")).pushes == 5


async def test_users_do_not_share(budget: Budget, db: Database) -> None:
    await budget.opened_by_message("o1")
    assert await spend(budget, db, "o2") is None


async def test_an_unfollower_cannot_be_pushed_to(budget: Budget, db: Database) -> None:
    await budget.opened_by_message("o1")
    await budget.closed("o1")
    assert await spend(budget, db) is None
