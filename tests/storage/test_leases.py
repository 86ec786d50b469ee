from bot.storage.database import Database
from bot.storage.leases import Lease
from tests.fakes.clock import FakeClock


async def test_one_at_a_time(db: Database, clock: FakeClock) -> None:
    mine, yours = (Lease(db, clock, "work", seconds=60) for _ in range(2))
    assert await mine.take()
    assert not await yours.take()
    assert await mine.take()  # to keep it
    await mine.release()
    assert await yours.take()


async def test_a_holder_that_died_loses_it(db: Database, clock: FakeClock) -> None:
    dead, living = (Lease(db, clock, "work", seconds=60) for _ in range(2))
    assert await dead.take()
    clock.advance(59)
    assert not await living.take()
    clock.advance(1)
    assert await living.take()
    await dead.release()  # late: it has nothing to give back
    assert not await dead.take()


async def test_other_work_is_another_lease(db: Database, clock: FakeClock) -> None:
    assert await Lease(db, clock, "work", seconds=60).take()
    assert await Lease(db, clock, "other", seconds=60).take()
