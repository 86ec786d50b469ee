"""One message of a conversation at a time: Rasa must never see two of the same sender at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Protocol

from redis.asyncio import Redis
from redis.exceptions import LockNotOwnedError


class Locks(Protocol):
    """Mutual exclusion by name."""

    def hold(self, name: str) -> AbstractAsyncContextManager[None]:
        """Wait until nobody else holds `name`, then hold it while the context lasts."""


class InProcessLocks:
    """Locks within one gateway process, served in the order of asking."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: dict[str, int] = {}

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[None]:
        lock = self._locks.setdefault(name, asyncio.Lock())
        self._users[name] = self._users.get(name, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._users[name] -= 1
            if not self._users[name]:
                del self._users[name], self._locks[name]


class RedisLocks:
    """Locks between gateway workers. A lock whose holder died is free again after `lease_s` seconds."""

    def __init__(self, redis: Redis, *, lease_s: float = 30.0, prefix: str = "zhanggui:lock:") -> None:
        self._redis = redis
        self._lease_s = lease_s
        self._prefix = prefix

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[None]:
        lock = self._redis.lock(self._prefix + name, timeout=self._lease_s, sleep=0.02, thread_local=False)
        await lock.acquire()
        renewal = asyncio.create_task(self._renew(lock))
        try:
            yield
        finally:
            renewal.cancel()
            with suppress(asyncio.CancelledError, LockNotOwnedError):
                await renewal
            with suppress(LockNotOwnedError):
                await lock.release()

    async def _renew(self, lock: "object") -> None:
        while True:
            await asyncio.sleep(self._lease_s / 3)
            await lock.reacquire()  # type: ignore[attr-defined]
