"""Replies to requests of WeChat: one for all tries, and never beside a push of the same."""

import asyncio

from bot.channels.wechat.outgoing import Text
from bot.conversations.messages import Author
from tests.channels.wechat.correspondence import OPENID, Correspondence


async def test_a_reply_carries_what_is_due(post: Correspondence) -> None:
    await post.outbound.delivery.expect(OPENID, "m1")
    await post.say("您好。", "请问有什么可以帮您？")
    reply = await post.outbound.delivery.passive(OPENID, "m1")
    assert reply == Text("您好。\n\n请问有什么可以帮您？")
    await post.outbound.delivery.finish(OPENID, "m1")
    assert post.shown == []
    assert await post.left() == 5


async def test_every_try_gets_the_same_reply(post: Correspondence) -> None:
    await post.outbound.delivery.expect(OPENID, "m1")
    await post.say("您好。")
    workers = [post.outbound, post.another_worker(), post.another_worker()]
    replies = await asyncio.gather(*(worker.delivery.passive(OPENID, "m1") for worker in workers))
    assert replies == [Text("您好。")] * 3
    await post.say("还有一件事。")
    assert await post.outbound.delivery.passive(OPENID, "m1") == Text("您好。")


async def test_no_push_overtakes_a_reply(post: Correspondence) -> None:
    await post.outbound.delivery.expect(OPENID, "m1")
    await post.say("您好。")
    assert await post.push() == []
    assert await post.outbound.delivery.passive(OPENID, "m1") == Text("您好。")
    await post.say("还有一件事。")
    assert await post.push() == []
    await post.outbound.delivery.finish(OPENID, "m1")
    assert post.shown == ["还有一件事。"]


async def test_what_a_reply_cannot_carry_is_pushed_when_it_is_out(post: Correspondence) -> None:
    sentences = "".join(f"第{number}条：存款保险最高偿付限额为人民币50万元。" for number in range(80))
    await post.outbound.delivery.expect(OPENID, "m1")
    await post.say(sentences)
    reply = await post.outbound.delivery.passive(OPENID, "m1")
    await post.outbound.delivery.finish(OPENID, "m1")
    assert isinstance(reply, Text)
    assert "".join([reply.text, *post.shown]) == sentences


async def test_too_late_for_a_reply_it_is_pushed(post: Correspondence) -> None:
    await post.outbound.delivery.expect(OPENID, "m1")
    assert await post.outbound.delivery.decline("m1") is None
    await post.say("久等了。")
    assert await post.another_worker().delivery.passive(OPENID, "m1") is None
    await post.outbound.delivery.finish(OPENID, "m1")
    assert post.shown == ["久等了。"]


async def test_a_reply_once_given_is_given_by_those_who_are_late_too(post: Correspondence) -> None:
    await post.outbound.delivery.expect(OPENID, "m1")
    await post.say("您好。")
    assert await post.outbound.delivery.passive(OPENID, "m1") == Text("您好。")
    assert await post.another_worker().delivery.decline("m1") == Text("您好。")


async def test_nothing_to_say_stays_nothing_for_every_try(post: Correspondence) -> None:
    await post.outbound.delivery.expect(OPENID, "m1")
    assert await post.outbound.delivery.passive(OPENID, "m1") is None
    await post.say("我是客服林晓。", author=Author.AGENT)
    assert await post.outbound.delivery.passive(OPENID, "m1") is None
    await post.outbound.delivery.finish(OPENID, "m1")
    assert post.shown == ["我是客服林晓。"]


async def test_a_worker_that_dies_while_replying_blocks_pushes_for_seconds_only(post: Correspondence) -> None:
    await post.outbound.delivery.expect(OPENID, "m1")
    await post.say("您好。")
    post.clock.advance(6)
    assert await post.push() == ["您好。"]


async def test_a_reply_begins_with_what_was_held(post: Correspondence) -> None:
    post.clock.advance(days=2)
    await post.say("您的投诉已办结。")
    await post.push()
    await post.hear("在吗")
    await post.outbound.delivery.expect(OPENID, "m2")
    await post.say("在的。")
    assert await post.outbound.delivery.passive(OPENID, "m2") == Text("您的投诉已办结。\n\n在的。")


async def test_a_reply_and_pushes_of_other_workers_share_what_is_due(post: Correspondence) -> None:
    for number in range(4):
        key = f"m{number}"
        await post.hear("问")
        await post.outbound.delivery.expect(OPENID, key)
        await post.say(f"答{number}。")
        workers = [post.another_worker() for _ in range(3)]
        reply, *_ = await asyncio.gather(
            post.outbound.delivery.passive(OPENID, key),
            *(worker.delivery.push(post.conversation_id) for worker in workers),
        )
        assert reply == Text(f"答{number}。")
        await post.outbound.delivery.finish(OPENID, key)
    assert post.shown == []
