"""What every lock promises, in process and through Redis."""

import asyncio
import os
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot.conversations.locks import InProcessLocks, Locks, RedisLocks


class LocksContract:
    async def test_one_holder_at_a_time(self, locks: Locks) -> None:
        holders = 0
        most = 0

        async def work() -> None:
            nonlocal holders, most
            async with locks.hold("a"):
                holders += 1
                most = max(most, holders)
                await asyncio.sleep(0.005)
                holders -= 1

        await asyncio.gather(*(work() for _ in range(20)))
        assert most == 1

    async def test_other_names_do_not_wait(self, locks: Locks) -> None:
        async with locks.hold("a"), asyncio.timeout(20), locks.hold("b"):
            pass

    async def test_an_error_inside_gives_the_lock_back(self, locks: Locks) -> None:
        with pytest.raises(RuntimeError):
            async with locks.hold("a"):
                raise RuntimeError
        async with asyncio.timeout(20), locks.hold("a"):
            pass

    async def test_a_cancelled_holder_gives_the_lock_back(self, locks: Locks) -> None:
        async def hold_forever() -> None:
            async with locks.hold("a"):
                await asyncio.sleep(60)

        task = asyncio.create_task(hold_forever())
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with asyncio.timeout(20), locks.hold("a"):
            pass


class TestInProcessLocks(LocksContract):
    @pytest.fixture
    def locks(self) -> Locks:
        return InProcessLocks()


@pytest.mark.services
@pytest.mark.skipif("TEST_REDIS_URL" not in os.environ, reason="make test-services gives TEST_REDIS_URL")
class TestRedisLocks(LocksContract):
    @pytest.fixture
    async def redis(self) -> AsyncIterator[Redis]:
        async with Redis.from_url(os.environ["TEST_REDIS_URL"]) as redis:
            yield redis

    @pytest.fixture
    def locks(self, redis: Redis) -> Locks:
        return RedisLocks(redis, prefix=f"test:{os.getpid()}:")

    async def test_a_lock_outlives_its_lease_while_it_is_held(self, redis: Redis) -> None:
        locks = RedisLocks(redis, lease_s=1.5, prefix=f"test:{os.getpid()}:")
        async with locks.hold("long"):
            await asyncio.sleep(3.5)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1), locks.hold("long"):
                    pass

    async def test_a_dead_holders_lock_is_free_after_its_lease(self, redis: Redis) -> None:
        prefix = f"test:{os.getpid()}:"
        await redis.set(f"{prefix}dead", "somebody", px=1000)
        async with asyncio.timeout(20), RedisLocks(redis, prefix=prefix).hold("dead"):
            pass
