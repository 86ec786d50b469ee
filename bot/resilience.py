"""What stands between us and a system that may be slow or down: a time limit, a second try, a circuit breaker."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState

from bot import metrics
from bot.errors import UnavailableError

T = TypeVar("T")
_STATES = {"closed": 0, "half-opened": 1, "opened": 2}
_TRIES = 2
_ends_at: ContextVar[float] = ContextVar("ends_at", default=math.inf)


@contextmanager
def all_within(seconds: float) -> Iterator[None]:
    """Let all guarded calls made in here together take no longer than `seconds`: somebody waits for the answer."""
    token = _ends_at.set(min(_ends_at.get(), asyncio.get_running_loop().time() + seconds))
    try:
        yield
    finally:
        _ends_at.reset(token)


class Guard:
    """Calls one outside system, and leaves it alone for a while once it has failed several times in a row.

    Only errors of the kind `unavailable` count as failures; what the system refuses or does not know is an answer.
    """

    def __init__(
        self, name: str, unavailable: type[UnavailableError], *, timeout_s: float, threshold: int, rest_s: float
    ) -> None:
        """`timeout_s` is for a whole call, its second try included; after `threshold` failures it rests `rest_s`."""
        self._name = name
        self._unavailable = unavailable
        self._timeout_s = timeout_s
        not_counted = (BaseException, lambda error: not isinstance(error, unavailable))
        self._breakers = AsyncCircuitBreakerFactory(threshold, rest_s, exclude=[not_counted])
        self._breakers.add_listener(self._note)
        metrics.BREAKERS.labels(system=name).set(0)

    async def __call__(self, call: Callable[[], Awaitable[T]]) -> T:
        """The answer of `call`, a read or a write with an idempotency key: where that helps it is made twice.

        Raises the `unavailable` error when there is no answer in time, and at once while the system is left alone.
        """
        left = min(self._timeout_s, _ends_at.get() - asyncio.get_running_loop().time())
        if left <= 0:
            raise self._unavailable(f"{self._name}: no time is left to ask")
        breaker = await self._breakers.get_breaker(self._name)
        try:
            async with breaker:
                return await self._in_time(call, left)
        except OpenedState:
            raise self._unavailable(f"{self._name}: left alone after failures") from None

    async def _in_time(self, call: Callable[[], Awaitable[T]], seconds: float) -> T:
        try:
            async with asyncio.timeout(seconds):
                for _ in range(_TRIES - 1):
                    try:
                        return await call()
                    except self._unavailable as error:
                        if not error.passes_soon:
                            raise
                return await call()
        except TimeoutError:
            raise self._unavailable(f"{self._name}: no answer within {seconds:.1f} s") from None

    def _note(self, _name: str, _event: str, event: object) -> None:
        state = getattr(event, "state", None)
        if state is not None:
            metrics.BREAKERS.labels(system=self._name).set(_STATES[state])
