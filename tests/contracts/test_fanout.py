"""What every fan-out promises, in process and through Redis."""

import os
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot.conversations.fanout import Fanout, InProcessFanout, RedisFanout


class FanoutContract:
    async def test_subscribers_of_a_topic_get_its_signals_in_order(self, fanout: Fanout) -> None:
        async with fanout.subscribe("conversation:a") as first, fanout.subscribe("conversation:a") as second:
            await fanout.publish("conversation:a", {"n": 1})
            await fanout.publish("conversation:a", {"n": 2})
            for subscription in (first, second):
                assert await subscription.next(2) == {"n": 1}
                assert await subscription.next(2) == {"n": 2}

    async def test_other_topics_are_not_heard(self, fanout: Fanout) -> None:
        async with fanout.subscribe("conversation:a") as subscription:
            await fanout.publish("conversation:b", {"n": 1})
            await fanout.publish("desk", {"n": 2})
            assert await subscription.next(0.05) is None

    async def test_a_star_hears_all_of_a_kind_once(self, fanout: Fanout) -> None:
        async with fanout.subscribe("desk", "conversation:*") as subscription:
            await fanout.publish("conversation:a", {"n": 1})
            await fanout.publish("desk", {"n": 2})
            assert [await subscription.next(2), await subscription.next(2)] == [{"n": 1}, {"n": 2}]
            assert await subscription.next(0.05) is None

    async def test_nobody_listening_is_no_error(self, fanout: Fanout) -> None:
        await fanout.publish("conversation:nobody", {"n": 1})

    async def test_what_was_said_after_leaving_is_not_heard(self, fanout: Fanout) -> None:
        async with fanout.subscribe("conversation:a"):
            pass
        await fanout.publish("conversation:a", {"n": 1})
        async with fanout.subscribe("conversation:a") as subscription:
            assert await subscription.next(0.05) is None


class TestInProcessFanout(FanoutContract):
    @pytest.fixture
    def fanout(self) -> Fanout:
        return InProcessFanout()


@pytest.mark.services
@pytest.mark.skipif("TEST_REDIS_URL" not in os.environ, reason="make test-services gives TEST_REDIS_URL")
class TestRedisFanout(FanoutContract):
    @pytest.fixture
    async def fanout(self) -> AsyncIterator[Fanout]:
        async with Redis.from_url(os.environ["TEST_REDIS_URL"]) as redis:
            yield RedisFanout(redis, prefix=f"test:{os.getpid()}:")
