"""The ends of a service that no agent makes: the customer says so, or says nothing any more."""

import pytest

from bot.application import Gateway
from bot.conversations.messages import Author, State
from bot.staff.models import Agent
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.handoff.conftest import queued
from tests.handoff.test_survey import kept


@pytest.fixture
async def served(gateway: Gateway, lin: Agent) -> str:
    """A customer to whom lin has spoken."""
    conversation_id = await queued(gateway)
    await gateway.handoff.claim(conversation_id, lin)
    await gateway.handoff.reply(conversation_id, lin, "a1", "您好，请问有什么可以帮您？")
    return conversation_id


async def state(gateway: Gateway, conversation_id: str) -> State:
    return (await gateway.log.get(conversation_id)).state


async def looks_after(gateway: Gateway, clock: FakeClock, seconds: int) -> None:
    clock.advance(seconds)
    await gateway.watch.look()


async def system_said(gateway: Gateway, conversation_id: str) -> list[str]:
    messages = await gateway.log.messages(conversation_id)
    return [message.text for message in messages if message.author is Author.SYSTEM]


async def test_silence_is_warned_of_then_ends_the_service(gateway: Gateway, served: str, clock: FakeClock) -> None:
    await looks_after(gateway, clock, 599)
    assert len(await system_said(gateway, served)) == 2
    await looks_after(gateway, clock, 1)
    await looks_after(gateway, clock, 179)
    assert "3分钟后会结束" in (await system_said(gateway, served))[-1]
    assert len(await system_said(gateway, served)) == 3
    assert await state(gateway, served) is State.AGENT
    await looks_after(gateway, clock, 1)
    assert await state(gateway, served) is State.CLOSED
    assert len(await system_said(gateway, served)) == 4


async def test_no_rating_is_asked_for_after_silence(
    gateway: Gateway, served: str, clock: FakeClock, dialogue: FakeDialogue
) -> None:
    await looks_after(gateway, clock, 600)
    await looks_after(gateway, clock, 180)
    closed = (await gateway.log.messages(served))[-1]
    assert closed.buttons == ()
    await gateway.conversations.receive(served, "m1", "5")
    assert await kept(gateway, served) == []
    assert dialogue.asked[-1][1] == "5"


@pytest.mark.parametrize("who", ["customer", "agent"])
async def test_a_word_of_either_begins_the_time_anew(
    gateway: Gateway, lin: Agent, served: str, clock: FakeClock, who: str
) -> None:
    await looks_after(gateway, clock, 600)
    if who == "customer":
        await gateway.conversations.receive(served, "m1", "在的")
    await gateway.handoff.reply(served, lin, "a2", "好的，我再查一下")
    await looks_after(gateway, clock, 599)
    assert await state(gateway, served) is State.AGENT
    assert len(await system_said(gateway, served)) == 3


async def test_who_waits_for_an_answer_is_not_idle(gateway: Gateway, served: str, clock: FakeClock) -> None:
    await gateway.conversations.receive(served, "m1", "我的账单不对")
    await looks_after(gateway, clock, 86_400)
    await looks_after(gateway, clock, 86_400)
    assert await state(gateway, served) is State.AGENT
    assert len(await system_said(gateway, served)) == 2


async def test_who_has_not_been_answered_at_all_is_not_idle(gateway: Gateway, lin: Agent, clock: FakeClock) -> None:
    conversation_id = await queued(gateway)
    await gateway.handoff.claim(conversation_id, lin)
    await looks_after(gateway, clock, 86_400)
    assert await state(gateway, conversation_id) is State.AGENT


@pytest.mark.parametrize("word", ["结束服务", "结束会话。"])
async def test_the_customer_may_end_it_and_is_asked_for_a_rating(
    gateway: Gateway, lin: Agent, served: str, word: str
) -> None:
    segment = (await gateway.log.get(served)).segment
    turn = await gateway.conversations.receive(served, "m1", word)
    assert turn.conversation.state is State.CLOSED
    assert "打个分" in turn.messages[0].text
    await gateway.conversations.receive(served, "m2", "4")
    assert await kept(gateway, served) == [(segment, 4, lin.agent_id)]


async def test_a_sentence_that_holds_the_word_ends_nothing(gateway: Gateway, served: str) -> None:
    await gateway.conversations.receive(served, "m1", "结束服务之后怎么查记录")
    assert await state(gateway, served) is State.AGENT


async def test_a_long_pause_does_not_part_an_agents_segment(
    gateway: Gateway, lin: Agent, served: str, clock: FakeClock
) -> None:
    """Its rating would be kept for a segment in which nobody has served."""
    await gateway.conversations.receive(served, "m1", "请稍等，我找一下单据")
    segment = (await gateway.log.get(served)).segment
    clock.advance(3600)
    await gateway.conversations.receive(served, "m2", "找到了")
    assert (await gateway.log.get(served)).segment == segment
