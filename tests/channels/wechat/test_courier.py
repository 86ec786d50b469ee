import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from bot.channels.wechat.errors import UnreachableError
from bot.conversations.fanout import channel_topic
from bot.conversations.messages import Author
from tests.channels.wechat.correspondence import OPENID, Correspondence


@asynccontextmanager
async def running(post: Correspondence) -> AsyncIterator[None]:
    job = asyncio.create_task(post.outbound.courier.run())
    await asyncio.sleep(0)
    try:
        yield
    finally:
        job.cancel()
        with suppress(asyncio.CancelledError):
            await job


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not happened():
            await asyncio.sleep(0.01)


async def test_what_is_said_is_delivered_at_once(post: Correspondence) -> None:
    async with running(post):
        await post.say("您的投诉已受理。", author=Author.SYSTEM)
        await until(lambda: post.shown == ["您的投诉已受理。"])


async def test_the_agents_typing_is_shown_but_not_at_every_key(post: Correspondence) -> None:
    typing = {"type": "typing", "conversation_id": post.conversation_id}
    async with running(post):
        for _ in range(3):
            await post.fanout.publish(channel_topic("wechat"), typing)
        await until(lambda: post.wechat.typed == [OPENID])
        post.clock.advance(6)
        await post.fanout.publish(channel_topic("wechat"), typing)
        await until(lambda: post.wechat.typed == [OPENID, OPENID])


async def test_a_lost_signal_loses_nothing(post: Correspondence) -> None:
    await post.say("您好。")
    await post.another_worker().courier.sweep()
    assert post.shown == ["您好。"]


async def test_what_failed_is_delivered_when_its_time_to_wait_is_over(post: Correspondence) -> None:
    await post.say("您好。")
    post.wechat.refusals = [UnreachableError("down")]
    await post.push()
    await post.outbound.courier.sweep()
    assert post.shown == []
    post.clock.advance(6)
    await post.outbound.courier.sweep()
    assert post.shown == ["您好。"]


async def test_a_sweep_leaves_alone_who_cannot_be_reached_or_has_everything(post: Correspondence) -> None:
    await post.outbound.courier.sweep()
    assert await post.another_worker().delivery.reach(post.conversation_id)
    post.clock.advance(days=2)
    await post.say("您好。")
    await post.outbound.courier.sweep()
    assert post.shown == []


async def test_a_push_on_its_way_is_seen_through_at_shutdown(post: Correspondence) -> None:
    started = asyncio.Event()

    async def slowly() -> None:
        started.set()
        await asyncio.sleep(0.1)

    post.wechat.before_send = slowly
    async with running(post):
        await post.say("您好。")
        await started.wait()
    assert post.shown == ["您好。"]
    assert await post.held() == 0
