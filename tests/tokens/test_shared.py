"""One token for all workers."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.crm.errors import CrmUnavailableError
from bot.storage.database import Database
from bot.tokens.shared import Fetched, Limit, SharedToken
from bot.tokens.tables import shared_tokens
from tests.fakes.clock import FakeClock

SECRET = "s" * 32


class Source:
    """Gives numbered tokens, each after a short while, unless it is down."""

    def __init__(self) -> None:
        self.given = 0
        self.is_down = False
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def __call__(self) -> Fetched:
        await self.may_answer.wait()
        if self.is_down:
            raise CrmUnavailableError("down")
        self.given += 1
        return Fetched(f"t{self.given}", 3600, {"at": "here"})


@pytest.fixture
def source() -> Source:
    return Source()


def worker(db: Database, clock: FakeClock, source: Source, *, secret: str = SECRET) -> SharedToken:
    return SharedToken(
        db, clock, secret, name="crm", limit=Limit(3, 600), fetch=source, unavailable=CrmUnavailableError
    )


async def test_workers_share_a_token_until_shortly_before_its_end(
    db: Database, clock: FakeClock, source: Source
) -> None:
    one, two = worker(db, clock, source), worker(db, clock, source)
    assert await one.get() == await two.get() == Fetched("t1", 3600, {"at": "here"})
    clock.advance(3541)
    assert (await two.get()).token == (await one.get()).token == "t2"


async def test_one_worker_fetches_while_the_others_wait(db: Database, clock: FakeClock, source: Source) -> None:
    got = await asyncio.gather(*(worker(db, clock, source).get() for _ in range(8)))
    assert {fetched.token for fetched in got} == {"t1"}


async def test_a_refused_token_is_replaced_once(db: Database, clock: FakeClock, source: Source) -> None:
    workers = [worker(db, clock, source) for _ in range(4)]
    await workers[0].get()
    got = await asyncio.gather(*(one.get(refused="t1") for one in workers))
    assert {fetched.token for fetched in got} == {"t2"}


async def test_fetches_are_limited_until_the_window_has_passed(db: Database, clock: FakeClock, source: Source) -> None:
    token = worker(db, clock, source)
    for refused in (None, "t1", "t2"):
        await token.get(refused=refused)
        clock.advance(100)
    with pytest.raises(CrmUnavailableError) as caught:
        await worker(db, clock, source).get(refused="t3")
    assert caught.value.retry_after_s == 300
    clock.advance(300)
    assert (await token.get(refused="t3")).token == "t4"


async def test_failed_fetches_count_too_and_keep_no_lock(db: Database, clock: FakeClock, source: Source) -> None:
    source.is_down = True
    token = worker(db, clock, source)
    for told in ("down", "down", "down", "too often"):
        with pytest.raises(CrmUnavailableError, match=told):
            await token.get()


async def test_a_worker_that_died_fetching_is_waited_for_no_longer_than_its_lease(
    db: Database, clock: FakeClock, source: Source
) -> None:
    token = worker(db, clock, source)
    await token.get()
    died = update(shared_tokens).values(holder="dead", lease_until=clock() + timedelta(seconds=20))
    async with db.write() as connection:
        await connection.execute(died)
    assert (await token.get()).token == "t1"
    clock.advance(21)
    assert (await token.get(refused="t1")).token == "t2"


async def test_who_gives_up_waiting_leaves_the_token_to_the_others(
    db: Database, clock: FakeClock, source: Source
) -> None:
    source.may_answer.clear()
    token = worker(db, clock, source)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(token.get(), 0.2)
    source.may_answer.set()
    assert (await worker(db, clock, source).get()).token == "t1"
    assert source.given == 1


async def test_tokens_are_kept_encrypted(db: Database, clock: FakeClock, source: Source) -> None:
    await worker(db, clock, source).get()
    async with db.read() as connection:
        row = (await connection.execute(select(shared_tokens))).one()
    assert b"t1" not in row.sealed
    assert b"here" not in row.sealed


async def test_a_token_kept_under_another_secret_is_fetched_anew(
    db: Database, clock: FakeClock, source: Source
) -> None:
    await worker(db, clock, source).get()
    assert (await worker(db, clock, source, secret="x" * 32).get()).token == "t2"
