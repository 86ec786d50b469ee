"""Tell every open page that something changed, in this process or, with Redis, in every gateway worker.

Events are signals: who receives one reads the log from the last sequence number it has seen. A lost or doubled
signal therefore loses and repeats nothing.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

Signal = dict[str, Any]
DESK_TOPIC = "desk"
_log = structlog.get_logger(__name__)


def conversation_topic(conversation_id: str) -> str:
    """The topic on which one conversation's changes are told."""
    return f"conversation:{conversation_id}"


def channel_topic(channel: str) -> str:
    """The topic on which changes of every conversation of one channel are told, to whoever delivers them."""
    return f"channel:{channel}"


class Subscription(Protocol):
    """Signals of the topics that were subscribed to."""

    async def next(self, timeout_s: float) -> Signal | None:
        """The next signal, or None when `timeout_s` passed without one."""


class Fanout(Protocol):
    """Publish to topics, subscribe to topics. Signals sent before `subscribe` was entered are not seen."""

    async def publish(self, topic: str, signal: Signal) -> None:
        """Tell every subscriber of `topic`; never raises because nobody listens."""

    def subscribe(self, *topics: str) -> AbstractAsyncContextManager[Subscription]:
        """Subscribe while the context lasts; exact topic names, or `prefix:*` for all of a kind."""


class InProcessFanout:
    """Fan-out within one gateway process."""

    def __init__(self) -> None:
        self._queues: defaultdict[str, set[asyncio.Queue[Signal]]] = defaultdict(set)

    async def publish(self, topic: str, signal: Signal) -> None:
        kind = f"{topic.partition(':')[0]}:*"
        for queue in [*self._queues.get(topic, ()), *self._queues.get(kind, ())]:
            queue.put_nowait(signal)

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[Subscription]:
        queue: asyncio.Queue[Signal] = asyncio.Queue()
        for topic in topics:
            self._queues[topic].add(queue)
        try:
            yield _QueueSubscription(queue)
        finally:
            for topic in topics:
                self._queues[topic].discard(queue)
                if not self._queues[topic]:
                    del self._queues[topic]


class _QueueSubscription:
    def __init__(self, queue: asyncio.Queue[Signal]) -> None:
        self._queue = queue

    async def next(self, timeout_s: float) -> Signal | None:
        try:
            return await asyncio.wait_for(self._queue.get(), timeout_s)
        except TimeoutError:
            return None


class RedisFanout:
    """Fan-out between gateway workers through Redis publish/subscribe."""

    def __init__(self, redis: Redis, prefix: str = "zhanggui:") -> None:
        self._redis = redis
        self._prefix = prefix

    async def publish(self, topic: str, signal: Signal) -> None:
        try:
            await self._redis.publish(self._prefix + topic, json.dumps(signal))
        except RedisError as error:  # readers also look by themselves from time to time
            _log.warning("fanout_publish_failed", topic=topic, error=str(error))

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[Subscription]:
        async with self._redis.pubsub() as pubsub:
            await pubsub.psubscribe(*(self._prefix + topic for topic in topics))
            for _ in topics:  # wait until Redis has confirmed, else a signal may fall into the gap
                await pubsub.get_message(timeout=5.0)
            yield _RedisSubscription(pubsub)


class _RedisSubscription:
    def __init__(self, pubsub: Any) -> None:
        self._pubsub = pubsub

    async def next(self, timeout_s: float) -> Signal | None:
        message = await self._pubsub.get_message(ignore_subscribe_messages=True, timeout=timeout_s)
        return json.loads(message["data"]) if message else None
