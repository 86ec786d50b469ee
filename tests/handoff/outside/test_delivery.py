"""What the desk outside is told: all of it, in order, once, through outages and deaths."""

import asyncio

import pytest
from sqlalchemy import select

from bot.application import Gateway
from bot.conversations.messages import Author, Draft, State
from bot.conversations.rasa import HandoffWish
from bot.handoff.outside.errors import (
    OutsideConversationGoneError,
    OutsideDeskRefusedError,
    OutsideDeskUnavailableError,
)
from bot.handoff.outside.mirrors import Mirrors
from bot.handoff.outside.port import Kind, Line
from bot.handoff.outside.tables import outside_conversations
from bot.privacy.tables import audit_log
from bot.staff.models import Agent
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.handoff.conftest import queued
from tests.handoff.outside.conftest import Outside, join, outside_id

CUSTOMER, NOTE = Kind.CUSTOMER, Kind.NOTE


async def says(gateway: Gateway, conversation_id: str, *texts: str) -> None:
    for text in texts:
        await gateway.conversations.receive(conversation_id, f"id-{text}", text)


def customers_words(outside: Outside, conversation_id: str) -> list[str]:
    return [text for kind, text in outside.heard(conversation_id) if kind is CUSTOMER]


async def test_the_card_tells_why_and_what_was_said(
    gateway: Gateway, outside: Outside, dialogue: FakeDialogue, demo_bank: None
) -> None:
    conversation_id = (await gateway.log.open("web")).conversation_id
    await gateway.identity.bind(conversation_id, "C1002")
    dialogue.will_say("怎么挂失", "可以在手机银行挂失。")
    dialogue.will_hand_off("转人工", "asked")
    await says(gateway, conversation_id, "怎么挂失", "我的电话13912345678", "转人工")
    await outside.deliver()
    ((kind, card),) = outside.heard(conversation_id)
    assert kind is NOTE
    assert card.startswith("客户转人工，原因：客户要求人工\n客户：李** 普通客户，已登录")
    assert "客户：怎么挂失\n机器人：可以在手机银行挂失。\n客户：我的电话[手机号1]\n" in card
    assert "13912345678" not in card
    assert "李秀英" not in card
    assert outside.desk.names[outside_id(conversation_id)] == "李**"


async def test_a_stranger_has_a_name_to_tell_apart(gateway: Gateway, outside: Outside) -> None:
    conversation_id = await queued(gateway)
    await outside.deliver()
    assert outside.desk.names[outside_id(conversation_id)] == f"访客{conversation_id[:6]}"
    assert "未登录" in outside.heard(conversation_id)[0][1]


async def test_what_comes_after_the_card_comes_line_by_line_and_once(
    gateway: Gateway, outside: Outside, lin: Agent
) -> None:
    conversation_id = await queued(gateway)
    await outside.deliver()
    await says(gateway, conversation_id, "有人吗", "我的卡丢了，电话13912345678")
    await outside.deliver()
    await outside.deliver()
    await gateway.handoff.claim(conversation_id, lin)
    await gateway.handoff.reply(conversation_id, lin, "a1", "您好")  # at our own desk
    await outside.deliver()
    assert outside.heard(conversation_id)[1:] == [
        (CUSTOMER, "有人吗"),
        (CUSTOMER, "我的卡丢了，电话[手机号1]"),
        (NOTE, "系统提示客户：人工客服座席lin为您服务。"),
        (NOTE, "客服座席lin：您好"),
    ]


async def test_nothing_is_told_while_the_bot_serves(gateway: Gateway, outside: Outside) -> None:
    conversation_id = (await gateway.log.open("web")).conversation_id
    await says(gateway, conversation_id, "你好")
    await outside.deliver()
    assert outside.desk.lines == {}


async def test_an_outage_loses_and_repeats_nothing(gateway: Gateway, outside: Outside, clock: FakeClock) -> None:
    conversation_id = await queued(gateway)
    await outside.deliver()
    outside.desk.errors = [OutsideDeskUnavailableError("down")] * 3
    for number in range(6):
        await says(gateway, conversation_id, f"第{number}句")
        await outside.deliver()
    assert customers_words(outside, conversation_id) == []
    for _ in range(4):
        clock.advance(300)
        await outside.deliver()
    assert customers_words(outside, conversation_id) == [f"第{number}句" for number in range(6)]
    assert (await gateway.log.get(conversation_id)).state is State.QUEUED
    told = [m.text for m in await gateway.log.messages(conversation_id) if m.author is not Author.CUSTOMER]
    assert len(told) == 1  # the place in the queue, nothing about the outage


async def test_pauses_grow_and_heed_what_the_desk_asks_for(
    gateway: Gateway, outside: Outside, clock: FakeClock
) -> None:
    conversation_id = await queued(gateway)
    mirrors = Mirrors(gateway.foundation.db, clock)
    outside.desk.errors = [OutsideDeskUnavailableError("x")] * 2 + [OutsideDeskUnavailableError("429", 60)]
    for pause in (2, 4, 60):
        await outside.deliver()
        clock.advance(pause - 1)
        assert await mirrors.due() == []
        clock.advance(1)
        assert await mirrors.due() == [conversation_id]
    await outside.deliver()
    assert len(outside.heard(conversation_id)) == 1


async def test_one_that_waits_holds_up_no_other(gateway: Gateway, outside: Outside) -> None:
    first = await queued(gateway)
    outside.desk.errors = [OutsideDeskRefusedError("401")]
    await outside.deliver()
    second = await queued(gateway)
    await outside.deliver()
    assert outside_id(first) not in outside.desk.lines
    assert len(outside.heard(second)) == 1


async def test_a_line_whose_confirmation_got_lost_is_not_repeated(
    gateway: Gateway, outside: Outside, clock: FakeClock
) -> None:
    conversation_id = await queued(gateway)
    await outside.deliver()
    await says(gateway, conversation_id, "第一句")
    outside.desk.loses = 1
    await outside.deliver()
    await says(gateway, conversation_id, "第二句")
    clock.advance(10)
    await outside.deliver()
    assert customers_words(outside, conversation_id) == ["第一句", "第二句"]


async def test_a_card_whose_confirmation_got_lost_is_not_repeated_and_loses_nothing(
    gateway: Gateway, outside: Outside, clock: FakeClock
) -> None:
    conversation_id = await queued(gateway)
    await says(gateway, conversation_id, "在卡片里")
    outside.desk.loses = 1
    await outside.deliver()
    await says(gateway, conversation_id, "在卡片后")
    clock.advance(10)
    await outside.deliver()
    (_, card), later = outside.heard(conversation_id)
    assert "在卡片里" in card
    assert later == (CUSTOMER, "在卡片后")


async def test_who_dies_on_the_way_is_followed_by_another(gateway: Gateway, outside: Outside, clock: FakeClock) -> None:
    """The dead one had handed the line over, and nobody was told."""
    conversation_id = await queued(gateway)
    await outside.deliver()
    await says(gateway, conversation_id, "第一句")
    dead = await Mirrors(gateway.foundation.db, clock).take(conversation_id)
    assert dead is not None
    seq = dead.sent_seq + 1
    await outside.desk.add(outside_id(conversation_id), Line(f"message-{seq}", CUSTOMER, "第一句"), in_doubt=False)
    await outside.deliver()  # still held
    clock.advance(91)
    await says(gateway, conversation_id, "第二句")
    await outside.deliver()
    assert customers_words(outside, conversation_id) == ["第一句", "第二句"]


async def test_two_workers_tell_everything_once(gateway: Gateway, outside: Outside) -> None:
    other = join(gateway, outside.desk)
    conversations = [await queued(gateway) for _ in range(4)]
    for number in range(5):
        await asyncio.gather(*(says(gateway, each, f"第{number}句") for each in conversations))
        await asyncio.gather(outside.deliver(), other.courier.settle())
    await outside.deliver()
    for each in conversations:
        told = [text for _, text in outside.heard(each)]
        assert len(told) == len(set(told))
        said = "\n".join(told)
        assert [said.index(f"第{number}句") for number in range(5)] == sorted(
            said.index(f"第{number}句") for number in range(5)
        )


async def test_a_customer_who_cancels_ends_it_out_there(gateway: Gateway, outside: Outside, clock: FakeClock) -> None:
    conversation_id = await queued(gateway)
    await outside.deliver()
    await says(gateway, conversation_id, "取消排队")
    clock.advance(1)
    await says(gateway, conversation_id, "我的余额")  # is the bot's business
    await outside.deliver()
    assert outside.heard(conversation_id)[-1] == (NOTE, "客户取消了排队")
    assert "我的余额" not in customers_words(outside, conversation_id)
    assert outside.desk.open_ones == set()


async def test_a_customer_who_leaves_ends_it_out_there(gateway: Gateway, outside: Outside) -> None:
    conversation_id = await queued(gateway)
    await outside.deliver()
    async with gateway.log.change(conversation_id) as change:
        await gateway.handoff.leave(change)
    await outside.deliver()
    assert outside.heard(conversation_id)[-1] == (NOTE, "客户已经离开")
    assert outside.desk.open_ones == set()


async def test_a_wait_that_was_over_before_the_desk_heard_of_it_is_not_told(
    gateway: Gateway, outside: Outside, clock: FakeClock
) -> None:
    conversation_id = await queued(gateway)
    outside.desk.errors = [OutsideDeskUnavailableError("down")]
    await outside.deliver()
    await says(gateway, conversation_id, "取消排队")
    clock.advance(10)
    await outside.deliver()
    assert outside.desk.lines == {}
    assert await Mirrors(gateway.foundation.db, clock).due() == []


async def test_who_was_served_at_our_own_desk_from_the_start_is_not_told(
    gateway: Gateway, outside: Outside, lin: Agent
) -> None:
    conversation_id = await queued(gateway)
    await gateway.handoff.claim(conversation_id, lin)
    await outside.deliver()
    assert outside.desk.lines == {}


async def test_the_next_handoff_goes_on_in_the_same_place_with_what_was_said_since(
    gateway: Gateway, outside: Outside, dialogue: FakeDialogue, clock: FakeClock
) -> None:
    dialogue.will_hand_off("转人工", "anger")
    conversation_id = await queued(gateway)
    await outside.deliver()
    await says(gateway, conversation_id, "取消排队")
    clock.advance(1)
    await says(gateway, conversation_id, "再问一下", "转人工")
    await outside.deliver()
    card = outside.heard(conversation_id)[-1][1]
    assert "原因：客户情绪激动" in card
    assert "客户：再问一下" in card
    assert "取消排队" not in card.partition("之前的对话")[2]
    assert outside.desk.open_ones == {outside_id(conversation_id)}


@pytest.mark.parametrize("error", [OutsideDeskUnavailableError("down"), OutsideDeskRefusedError("422")])
async def test_a_wait_that_was_over_before_its_card_came_is_not_left_open_out_there(
    gateway: Gateway, outside: Outside, clock: FakeClock, error: Exception
) -> None:
    conversation_id = await queued(gateway)
    add = outside.desk.add

    async def fails(*_args: object, **_options: object) -> None:
        outside.desk.add = add  # type: ignore[method-assign]
        raise error

    outside.desk.add = fails  # type: ignore[method-assign]
    await outside.deliver()
    assert outside.desk.open_ones == {outside_id(conversation_id)}
    await says(gateway, conversation_id, "取消排队")
    clock.advance(10)
    await outside.deliver()
    assert outside.desk.open_ones == set()
    assert outside.heard(conversation_id) == []
    assert await Mirrors(gateway.foundation.db, clock).due() == []


async def test_what_is_gone_again_and_again_is_not_asked_for_without_a_pause(
    gateway: Gateway, outside: Outside, clock: FakeClock
) -> None:
    conversation_id = await queued(gateway)
    outside.desk.errors = [None, OutsideConversationGoneError("404")] * 3
    for pause in (2, 4, 8):
        await outside.deliver()
        assert await Mirrors(gateway.foundation.db, clock).due() == []
        clock.advance(pause)
    await outside.deliver()
    assert len(outside.heard(conversation_id)) == 1


async def test_what_was_deleted_out_there_is_told_anew(gateway: Gateway, outside: Outside, clock: FakeClock) -> None:
    conversation_id = await queued(gateway)
    await outside.deliver()
    await says(gateway, conversation_id, "第一句")
    await outside.deliver()
    outside.desk.delete(outside_id(conversation_id))
    await says(gateway, conversation_id, "第二句")
    await outside.deliver()
    clock.advance(2)
    await outside.deliver()
    ((_, card),) = outside.heard(conversation_id)
    assert "客户：第一句\n客户：第二句" in card
    await says(gateway, conversation_id, "第三句")
    await outside.deliver()
    assert customers_words(outside, conversation_id) == ["第三句"]


async def test_that_data_went_out_is_audited(gateway: Gateway, outside: Outside, demo_bank: None) -> None:
    conversation_id = await queued(gateway)
    await gateway.identity.bind(conversation_id, "C1004")
    await outside.deliver()
    async with gateway.foundation.db.read() as connection:
        rows = (await connection.execute(select(audit_log).where(audit_log.c.action == "conversation.mirror"))).all()
    assert [(row.actor, row.customer_id, row.conversation_id) for row in rows] == [("system", "C1004", conversation_id)]


async def test_the_courier_delivers_as_things_are_said(gateway: Gateway, outside: Outside) -> None:
    running = asyncio.create_task(outside.ours.courier.run())
    try:
        conversation_id = await queued(gateway)
        await says(gateway, conversation_id, "有人吗")
        async with asyncio.timeout(30):
            while not (
                outside_id(conversation_id) in outside.desk.lines
                and "有人吗" in "".join(text for _, text in outside.heard(conversation_id))
            ):
                await asyncio.sleep(0.01)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_what_nobody_foresaw_is_tried_again_later(gateway: Gateway, outside: Outside, clock: FakeClock) -> None:
    conversation_id = await queued(gateway)
    outside.desk.errors = [KeyError("x")]
    await outside.deliver()
    clock.advance(300)
    await outside.deliver()
    assert len(outside.heard(conversation_id)) == 1


async def test_a_long_transcript_is_cut_at_its_beginning(gateway: Gateway, outside: Outside) -> None:
    conversation_id = (await gateway.log.open("web")).conversation_id
    async with gateway.log.change(conversation_id) as change:
        for number in range(30):
            await change.append(Draft(Author.BOT, f"开头{number}" + "长" * 1000))
        await gateway.handoff.queue(change, HandoffWish("asked"))
    await outside.deliver()
    ((_, card),) = outside.heard(conversation_id)
    assert "原因：客户要求人工" in card
    assert "开头29" in card
    assert "开头0" not in card
    async with gateway.foundation.db.read() as connection:
        row = (await connection.execute(select(outside_conversations))).one()
    assert row.sent_seq == 31
