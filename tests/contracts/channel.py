"""What every channel does for a customer, whatever carries the words."""

import asyncio
import itertools
from typing import Protocol

import pytest
from sqlalchemy import select

from bot.application import Gateway
from bot.conversations.messages import Author, Button, Draft, State
from bot.conversations.rasa import Answer
from bot.handoff.tables import ratings
from bot.staff.models import Agent
from tests.fakes.dialogue import FakeDialogue
from tests.staff.people import hire

A_MINUTE_OF_MESSAGES = 12
"""More than any channel sends unasked without a pause."""


class Channel(Protocol):
    """One customer at one end, the gateway at the other. The harness that each channel's test module gives."""

    gateway: Gateway
    dialogue: FakeDialogue

    async def say(self, text: str, message_id: str) -> None:
        """The customer sends a text; the same `message_id` again is a repetition by the network, not by the person."""

    async def shown(self) -> list[str]:
        """What the customer's screen shows of ours, in order, once everything has arrived that can."""

    async def conversation_id(self) -> str:
        """The conversation of this customer, who has said something."""


class ChannelContract:
    """Inherit it and give a fixture `channel`."""

    # Receive

    async def test_what_the_customer_says_is_answered(self, channel: Channel) -> None:
        await channel.say("你好", "1")
        assert await _times_shown(channel, "您说的是：你好") == 1
        said = await channel.gateway.log.messages(await channel.conversation_id())
        assert [(m.author, m.text) for m in said][-2:] == [(Author.CUSTOMER, "你好"), (Author.BOT, "您说的是：你好")]

    async def test_one_customer_is_one_conversation(self, channel: Channel) -> None:
        await channel.say("一", "1")
        first = await channel.conversation_id()
        await channel.say("二", "2")
        assert await channel.conversation_id() == first

    async def test_personal_data_is_sealed_at_the_door(self, channel: Channel) -> None:
        await channel.say("我的手机号是13900000001", "1")
        (_, asked) = channel.dialogue.asked[-1]
        assert asked == "我的手机号是[手机号1]"

    # Dedupe

    async def test_a_repetition_is_answered_and_shown_once(self, channel: Channel) -> None:
        for _ in range(3):
            await channel.say("只说一次", "1")
        assert await _times_shown(channel, "您说的是：只说一次") == 1
        assert [text for _, text in channel.dialogue.asked] == ["只说一次"]

    async def test_two_tries_at_once_are_one_message(self, channel: Channel) -> None:
        await asyncio.gather(*(channel.say("同时", "1") for _ in range(2)))
        assert await _times_shown(channel, "您说的是：同时") == 1
        assert [text for _, text in channel.dialogue.asked] == ["同时"]

    async def test_saying_the_same_again_is_no_repetition(self, channel: Channel) -> None:
        await channel.say("好的", "1")
        await channel.say("好的", "2")
        assert await _times_shown(channel, "您说的是：好的") == 2

    # Order

    async def test_answers_come_in_the_order_of_the_questions(self, channel: Channel) -> None:
        for number in range(4):
            await channel.say(f"第{number}问", str(number))
        await _assert_in_order(channel, [f"您说的是：第{number}问" for number in range(4)])

    async def test_several_bubbles_stay_in_order(self, channel: Channel) -> None:
        bubbles = [f"第{number}段。" for number in range(4)]
        channel.dialogue.answers["多说点"] = Answer([Draft(Author.BOT, text) for text in bubbles])
        await channel.say("多说点", "1")
        await _assert_in_order(channel, bubbles)

    async def test_messages_sent_at_once_are_all_answered(self, channel: Channel) -> None:
        await asyncio.gather(*(channel.say(f"第{number}问", str(number)) for number in range(3)))
        for number in range(3):
            assert await _times_shown(channel, f"您说的是：第{number}问") == 1

    # Deliver

    async def test_news_arrives_unasked(self, channel: Channel) -> None:
        await channel.say("你好", "1")
        await _tell(channel, "您的投诉已受理。")
        await _assert_in_order(channel, ["您说的是：你好", "您的投诉已受理。"])

    async def test_a_slow_answer_arrives_once(self, channel: Channel) -> None:
        channel.dialogue.before_answer = lambda _text: asyncio.sleep(0.6)
        await channel.say("慢慢想", "1")
        assert await _times_shown(channel, "您说的是：慢慢想") == 1

    # Limits

    async def test_a_long_answer_arrives_whole(self, channel: Channel) -> None:
        sentences = [f"第{number}条：存款保险最高偿付限额为人民币50万元。" for number in range(120)]
        channel.dialogue.will_say("念一遍", "".join(sentences))
        await channel.say("念一遍", "1")
        shown = "".join((await _whole(channel)).split())
        for sentence in sentences:
            assert shown.count(sentence) == 1

    async def test_more_than_may_be_sent_waits_and_comes_first_next_time(self, channel: Channel) -> None:
        await channel.say("你好", "1")
        news = [f"第{number}条通知。" for number in range(A_MINUTE_OF_MESSAGES)]
        for text in news:
            await _tell(channel, text)
            await channel.shown()  # each on its own, as over a day, so that merging does not help
        await channel.say("在吗", "2")
        await _assert_in_order(channel, [*news, "您说的是：在吗"])

    async def test_a_message_that_is_too_long_is_refused_kindly(self, channel: Channel) -> None:
        limit = channel.gateway.settings.max_message_chars
        await channel.say("长" * (limit + 1), "1")
        assert await _times_shown(channel, f"请控制在{limit}字以内") == 1
        assert channel.dialogue.asked == []

    # Buttons

    @pytest.mark.parametrize("answer", ["2", "回复2", "信用卡"])
    async def test_an_offered_choice_is_understood(self, channel: Channel, answer: str) -> None:
        buttons = (Button("储蓄卡", "/check_balance"), Button("信用卡", "/check_credit_card"))
        channel.dialogue.will_say("查一下", "您要查哪一张？", buttons=buttons)
        await channel.say("查一下", "1")
        assert await _times_shown(channel, "您要查哪一张？") == 1
        await channel.say(answer, "2")
        assert channel.dialogue.asked[-1][1] == "/check_credit_card"

    # Handoff

    async def test_a_person_takes_over_and_gives_back(self, channel: Channel) -> None:
        channel.dialogue.will_hand_off("转人工")
        await channel.say("转人工", "1")
        conversation_id, agent = await channel.conversation_id(), await _agent(channel)
        await channel.say("我的存折不见了", "2")
        await channel.gateway.handoff.claim(conversation_id, agent)
        await channel.gateway.handoff.reply(conversation_id, agent, "a1", "您好，我来帮您处理。")
        assert await _times_shown(channel, "您好，我来帮您处理。") == 1
        await channel.say("谢谢", "3")
        said = [m.text for m in await channel.gateway.log.messages(conversation_id) if m.author is Author.CUSTOMER]
        assert said == ["转人工", "我的存折不见了", "谢谢"]
        assert [text for _, text in channel.dialogue.asked] == ["转人工"]
        await channel.gateway.handoff.give_back(conversation_id, agent)
        await channel.say("你好", "4")
        assert await _times_shown(channel, "您说的是：你好") == 1

    async def test_waiting_can_be_cancelled(self, channel: Channel) -> None:
        channel.dialogue.will_hand_off("转人工")
        await channel.say("转人工", "1")
        await channel.say("取消排队", "2")
        conversation = await channel.gateway.log.get(await channel.conversation_id())
        assert conversation.state is State.BOT
        assert await _times_shown(channel, channel.gateway.texts("utter_queue_cancelled")) == 1

    # Survey

    @pytest.mark.parametrize(("answer", "score"), [("4", 4), ("回复2", 2), ("5分 非常满意", 5)])
    async def test_the_satisfaction_survey(self, channel: Channel, answer: str, score: int) -> None:
        channel.dialogue.will_hand_off("转人工")
        await channel.say("转人工", "1")
        conversation_id, agent = await channel.conversation_id(), await _agent(channel)
        await channel.gateway.handoff.claim(conversation_id, agent)
        await channel.gateway.handoff.close(conversation_id, agent)
        assert await _times_shown(channel, channel.gateway.texts("utter_closed")) == 1
        await channel.say(answer, "2")
        assert await _scores(channel, conversation_id) == [score]
        assert await _times_shown(channel, "谢谢您的评价") == 1

    # Error

    async def test_without_dialogue_the_customer_is_told_and_queued(self, channel: Channel) -> None:
        channel.dialogue.broken.add("查余额")
        await channel.say("查余额", "1")
        assert await _times_shown(channel, channel.gateway.texts("utter_fault_handoff")) == 1
        conversation = await channel.gateway.log.get(await channel.conversation_id())
        assert conversation.state is State.QUEUED


async def _whole(channel: Channel) -> str:
    return "\n".join(await channel.shown())


async def _times_shown(channel: Channel, text: str) -> int:
    return (await _whole(channel)).count(text)


async def _assert_in_order(channel: Channel, texts: list[str]) -> None:
    """Each text is shown once, in this order."""
    whole = await _whole(channel)
    assert [whole.count(text) for text in texts] == [1] * len(texts), whole
    places = [whole.index(text) for text in texts]
    assert all(before < after for before, after in itertools.pairwise(places)), whole


async def _tell(channel: Channel, text: str) -> None:
    async with channel.gateway.log.change(await channel.conversation_id()) as change:
        await change.append(Draft(Author.SYSTEM, text))


async def _agent(channel: Channel) -> Agent:
    return await hire(channel.gateway, "lin")


async def _scores(channel: Channel, conversation_id: str) -> list[int]:
    query = select(ratings.c.score).where(ratings.c.conversation_id == conversation_id)
    async with channel.gateway.foundation.db.read() as connection:
        return list(await connection.scalars(query))
