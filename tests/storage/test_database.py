import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, text, update
from sqlalchemy.exc import DBAPIError, StatementError

from bot.storage.database import Database
from bot.storage.metadata import UtcDateTime

counters = Table("counters", MetaData(), Column("id", Integer, primary_key=True), Column("n", Integer))


@pytest.fixture
async def counting(db: Database) -> AsyncIterator[Database]:
    async with db.write() as connection:
        await connection.run_sync(counters.metadata.create_all)
        await connection.execute(insert(counters).values(id=1, n=0))
    yield db
    async with db.write() as connection:
        await connection.run_sync(counters.metadata.drop_all)


async def test_writers_at_once_lose_nothing(counting: Database) -> None:
    async def add_one() -> None:
        async with counting.write() as connection:
            n = await connection.scalar(select(counters.c.n).where(counters.c.id == 1).with_for_update())
            await connection.execute(update(counters).values(n=(n or 0) + 1))

    await asyncio.gather(*(add_one() for _ in range(20)))
    async with counting.read() as connection:
        assert await connection.scalar(select(counters.c.n)) == 20


async def test_an_error_takes_everything_back(counting: Database) -> None:
    with pytest.raises(RuntimeError):
        async with counting.write() as connection:
            await connection.execute(update(counters).values(n=99))
            raise RuntimeError
    async with counting.read() as connection:
        assert await connection.scalar(select(counters.c.n)) == 0


async def test_a_cancelled_writer_leaves_the_lock_to_the_next(counting: Database) -> None:
    """Also while something, such as a logged error, still holds on to what the cancelled statement had opened."""
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)"
    slow = text(f"{numbers} SELECT count(*) FROM n")
    cancelled = []
    for _ in range(5):
        try:
            async with asyncio.timeout(0.03), counting.write() as connection:
                await connection.execute(update(counters).values(n=99))
                while True:
                    await connection.execute(slow)
        except TimeoutError as error:
            cancelled.append(error)
        async with asyncio.timeout(5), counting.write() as connection:
            await connection.execute(update(counters).values(n=counters.c.n + 1))
    async with counting.read() as connection:
        assert await connection.scalar(select(counters.c.n)) == len(cancelled) == 5


async def test_an_error_does_not_tell_what_was_to_be_stored(counting: Database) -> None:
    with pytest.raises(DBAPIError) as caught:
        async with counting.write() as connection:
            await connection.execute(insert(counters).values(id=1, n=13900000091))
    assert "13900000091" not in str(caught.value)


async def test_times_come_back_aware_and_naive_ones_are_refused(db: Database) -> None:
    times = Table("times", MetaData(), Column("at", UtcDateTime))
    moment = datetime(2026, 11, 23, 4, 0, tzinfo=timezone.utc)
    async with db.write() as connection:
        await connection.run_sync(times.metadata.create_all)
        await connection.execute(insert(times).values(at=moment))
        assert await connection.scalar(select(times.c.at)) == moment
    with pytest.raises(StatementError):
        async with db.write() as connection:
            await connection.execute(insert(times).values(at=datetime(2026, 1, 1)))


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///{}/a.db", "sqlite+aiosqlite"),
        ("postgresql://u@h/d", "postgresql+psycopg"),
        ("postgres://u@h/d", "postgresql+psycopg"),
    ],
)
def test_plain_urls_get_the_asynchronous_driver(url: str, driver: str, tmp_path: Path) -> None:
    assert Database(url.format(tmp_path)).url.drivername == driver
