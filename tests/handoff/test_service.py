import asyncio

import pytest
from sqlalchemy import select

from bot.application import Gateway
from bot.conversations.errors import ForbiddenMoveError
from bot.conversations.messages import Author, State
from bot.conversations.rasa import HandoffWish
from bot.crm.tables import crm_interactions
from bot.handoff.errors import AlreadyClaimedError, NotYoursError
from bot.staff.models import Agent
from tests.fakes.dialogue import FakeDialogue
from tests.handoff.conftest import queued


async def test_the_position_counts_those_who_came_earlier_and_moves_up(gateway: Gateway, lin: Agent) -> None:
    first, second, third = [await queued(gateway) for _ in range(3)]
    assert [await gateway.handoff.position(c) for c in (first, second, third)] == [1, 2, 3]
    assert "2" in (await gateway.log.messages(second))[0].text
    await gateway.handoff.claim(first, lin)
    assert [await gateway.handoff.position(c) for c in (first, second, third)] == [None, 1, 2]


async def test_of_many_claims_one_wins(gateway: Gateway, lin: Agent, zhou: Agent) -> None:
    conversation_id = await queued(gateway)
    results = await asyncio.gather(
        *(gateway.handoff.claim(conversation_id, agent) for agent in (lin, zhou) * 4), return_exceptions=True
    )
    assert results.count(None) == 1
    assert sum(isinstance(result, AlreadyClaimedError) for result in results) == 7
    conversation = await gateway.log.get(conversation_id)
    handoff = await gateway.handoff.latest(conversation_id)
    assert handoff is not None
    assert conversation.agent_id == handoff.agent_id
    joined = [m for m in await gateway.log.messages(conversation_id) if m.author is Author.SYSTEM]
    assert len(joined) == 2  # queued, and one agent who joined


async def test_a_waiting_conversation_is_not_queued_twice(gateway: Gateway) -> None:
    conversation_id = await queued(gateway)
    with pytest.raises(ForbiddenMoveError):
        async with gateway.log.change(conversation_id) as change:
            await gateway.handoff.queue(change, HandoffWish("asked"))
    assert len(await gateway.log.messages(conversation_id)) == 1


async def test_a_cancelled_conversation_cannot_be_claimed(gateway: Gateway, lin: Agent) -> None:
    conversation_id = await queued(gateway)
    async with gateway.log.change(conversation_id) as change:
        await gateway.handoff.cancel(change)
    with pytest.raises(AlreadyClaimedError):
        await gateway.handoff.claim(conversation_id, lin)


async def test_agent_and_customer_talk_while_the_bot_is_silent(
    gateway: Gateway, dialogue: FakeDialogue, lin: Agent
) -> None:
    conversation_id = await queued(gateway)
    await gateway.conversations.receive(conversation_id, "m1", "有人吗")
    await gateway.handoff.claim(conversation_id, lin)
    await gateway.handoff.reply(conversation_id, lin, "a1", "您好，我在。")
    await gateway.handoff.reply(conversation_id, lin, "a1", "您好，我在。")
    turn = await gateway.conversations.receive(conversation_id, "m2", "我的卡丢了")
    assert turn.messages == []
    assert dialogue.asked == []
    said = [(m.author, m.text) for m in await gateway.log.messages(conversation_id) if m.author is not Author.SYSTEM]
    assert said == [
        (Author.CUSTOMER, "有人吗"),
        (Author.AGENT, "您好，我在。"),
        (Author.CUSTOMER, "我的卡丢了"),
    ]


async def test_only_the_one_who_claimed_may_speak_and_finish(gateway: Gateway, lin: Agent, zhou: Agent) -> None:
    conversation_id = await queued(gateway)
    with pytest.raises(NotYoursError):
        await gateway.handoff.reply(conversation_id, lin, "a1", "您好")
    await gateway.handoff.claim(conversation_id, lin)
    for attempt in (
        gateway.handoff.reply(conversation_id, zhou, "a1", "您好"),
        gateway.handoff.give_back(conversation_id, zhou),
        gateway.handoff.close(conversation_id, zhou),
    ):
        with pytest.raises(NotYoursError):
            await attempt


async def test_given_back_the_bot_starts_afresh(gateway: Gateway, dialogue: FakeDialogue, lin: Agent) -> None:
    conversation_id = await queued(gateway)
    await gateway.handoff.claim(conversation_id, lin)
    await gateway.handoff.give_back(conversation_id, lin, note="已解释费用")
    turn = await gateway.conversations.receive(conversation_id, "m1", "你好")
    assert turn.messages[0].author is Author.BOT
    assert dialogue.asked == [(f"{conversation_id}.3", "你好")]


async def test_after_closing_the_next_word_reaches_the_bot(
    gateway: Gateway, dialogue: FakeDialogue, lin: Agent
) -> None:
    conversation_id = await queued(gateway)
    await gateway.handoff.claim(conversation_id, lin)
    await gateway.handoff.close(conversation_id, lin)
    assert (await gateway.log.get(conversation_id)).state is State.CLOSED
    turn = await gateway.conversations.receive(conversation_id, "m1", "还有一件事")
    assert turn.conversation.state is State.BOT
    assert dialogue.asked == [(f"{conversation_id}.3", "还有一件事")]


async def test_it_can_be_handed_off_again(gateway: Gateway, dialogue: FakeDialogue, lin: Agent) -> None:
    dialogue.will_hand_off("转人工", "anger")
    conversation_id = await queued(gateway)
    await gateway.handoff.claim(conversation_id, lin)
    await gateway.handoff.give_back(conversation_id, lin)
    turn = await gateway.conversations.receive(conversation_id, "m1", "转人工")
    assert turn.conversation.state is State.QUEUED
    handoff = await gateway.handoff.latest(conversation_id)
    assert handoff is not None
    assert (handoff.reason, handoff.claimed_at) == ("anger", None)


async def test_a_service_is_noted_in_the_crm_once_without_what_was_said(gateway: Gateway, lin: Agent) -> None:
    conversation_id = await queued(gateway)
    await gateway.handoff.claim(conversation_id, lin)
    await gateway.handoff.reply(conversation_id, lin, "a1", "您的余额是¥1.00")
    await gateway.handoff.close(conversation_id, lin)
    await gateway.foundation.deliverer.deliver()
    async with gateway.foundation.db.read() as connection:
        (noted,) = (await connection.execute(select(crm_interactions))).all()
    assert (noted.conversation_id, noted.summary) == (conversation_id, "在线人工服务（客户要求人工），坐席座席lin")
