"""What a push that fails, or dies, leads to."""

import asyncio

import pytest

from bot.channels.wechat.errors import (
    DailyLimitError,
    InDoubtError,
    NotAllowedError,
    PausedError,
    QuotaSpentError,
    RefusedError,
    TooLongError,
    UnknownUserError,
    UnreachableError,
    WechatError,
    WindowClosedError,
)
from bot.identity.bindings import Bindings
from tests.channels.wechat.correspondence import Correspondence


async def die() -> None:
    raise asyncio.CancelledError


async def test_a_worker_that_dies_while_pushing_is_replaced_and_the_phone_told_of_the_doubt(
    post: Correspondence,
) -> None:
    await post.say("您的卡已挂失。")
    post.wechat.before_send = die
    with pytest.raises(asyncio.CancelledError):
        await post.push()
    post.wechat.before_send = None
    worker = post.another_worker()
    await worker.delivery.push(post.conversation_id)
    assert post.shown == []  # the one who announced it may still be at it
    post.clock.advance(91)
    await worker.delivery.push(post.conversation_id)
    assert post.shown == ["（刚才网络不稳，以下内容如有重复，以一次为准）\n\n您的卡已挂失。"]


async def test_a_worker_that_dies_when_wechat_has_taken_the_push_leads_to_one_marked_repetition(
    post: Correspondence,
) -> None:
    await post.say("您的卡已挂失。")
    post.wechat.in_doubt = [asyncio.CancelledError()]
    with pytest.raises(asyncio.CancelledError):
        await post.push()
    await post.say("请问还有什么可以帮您？")
    post.clock.advance(91)
    workers = [post.another_worker() for _ in range(3)]
    await asyncio.gather(*(worker.courier.sweep() for worker in workers))
    note = "（刚才网络不稳，以下内容如有重复，以一次为准）"
    assert post.shown == ["您的卡已挂失。", f"{note}\n\n您的卡已挂失。\n\n请问还有什么可以帮您？"]


async def test_a_push_in_doubt_is_repeated_with_a_note_and_then_forgotten(post: Correspondence) -> None:
    await post.say("您的卡已挂失。")
    post.wechat.in_doubt = [InDoubtError("send: ReadTimeout")]
    assert await post.push() == ["您的卡已挂失。"]
    post.clock.advance(6)
    assert (await post.push())[1:] == ["（刚才网络不稳，以下内容如有重复，以一次为准）\n\n您的卡已挂失。"]
    await post.say("请问还有什么可以帮您？")
    assert (await post.push())[2:] == ["请问还有什么可以帮您？"]
    assert await post.left() == 2


@pytest.mark.parametrize(
    "error", [UnreachableError("down"), RefusedError("send", 40008), NotAllowedError("send", 48001)]
)
async def test_a_push_that_failed_is_tried_again_later_at_no_cost(post: Correspondence, error: WechatError) -> None:
    await post.say("您好。")
    post.wechat.refusals = [error]
    assert await post.push() == []
    assert await post.push() == []  # not at once
    post.clock.advance(6)
    assert await post.push() == ["您好。"]
    assert await post.left() == 4


async def test_failures_in_a_row_wait_longer_and_longer(post: Correspondence) -> None:
    await post.say("您好。")
    for wait in (5, 10, 20, 40):
        post.wechat.refusals = [UnreachableError("down")]
        await post.push()
        post.clock.advance(wait - 1)
        assert await post.push() == []
        post.clock.advance(1)
    assert await post.push() == ["您好。"]


async def test_a_paused_api_is_left_alone_for_as_long_as_it_rests(post: Correspondence) -> None:
    await post.say("您好。")
    post.wechat.refusals = [PausedError("send", 900)]
    await post.push()
    post.clock.advance(899)
    assert await post.push() == []
    post.clock.advance(1)
    assert await post.push() == ["您好。"]


async def test_when_wechat_says_the_quota_is_spent_it_waits_for_the_user(post: Correspondence) -> None:
    await post.say("您好。")
    post.wechat.refusals = [QuotaSpentError("send", 45047)]
    await post.push()
    assert await post.left() == 0
    post.clock.advance(3600)
    assert await post.push() == []
    await post.hear("在吗")
    assert await post.push() == ["您好。"]


async def test_when_wechat_says_the_window_is_closed_it_waits_for_the_user(post: Correspondence) -> None:
    await post.say("您好。")
    post.wechat.refusals = [WindowClosedError("send", 45015)]
    await post.push()
    reach = await post.outbound.delivery.reach(post.conversation_id)
    assert (reach.left, reach.ends_at, reach.held) == (0, None, 1)
    await post.hear("在吗")
    assert await post.push() == ["您好。"]


async def test_an_openid_that_wechat_does_not_know_is_unbound(post: Correspondence) -> None:
    bindings = Bindings(post.db, post.clock)
    await bindings.bind(post.conversation_id, "C1")
    await post.say("您好。")
    post.wechat.refusals = [UnknownUserError("send", 40003)]
    await post.push()
    assert await post.left() == 0
    assert (await bindings.principal(post.conversation_id)).customer_id is None


async def test_a_text_that_wechat_finds_too_long_goes_out_in_smaller_parts(post: Correspondence) -> None:
    text = "".join(f"第{number}条：存款保险最高偿付限额为人民币50万元。" for number in range(25))
    await post.say(text)
    post.wechat.refusals = [TooLongError("send", 45002)]
    shown = await post.push()
    assert len(shown) == 2
    assert "".join(shown) == text


async def test_a_daily_limit_loses_nothing(post: Correspondence) -> None:
    await post.say("您好。")
    post.wechat.refusals = [DailyLimitError("send", 45009), PausedError("send", 600)]
    await post.push()
    post.clock.advance(6)
    await post.push()
    post.clock.advance(600)
    assert await post.push() == ["您好。"]
