"""What colleagues outside do, and what becomes of the conversation here."""

import asyncio

import pytest
from sqlalchemy import select

from bot.application import Gateway
from bot.conversations.messages import Author, State
from bot.handoff.errors import NotYoursError
from bot.handoff.outside.agent import OUTSIDE
from bot.handoff.outside.errors import OutsideDeskUnavailableError
from bot.handoff.outside.port import Ended, Joined, Replied
from bot.privacy.tables import audit_log
from bot.staff.models import Agent
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.handoff.conftest import queued
from tests.handoff.outside.conftest import Outside, outside_id


def replied(conversation_id: str, text: str = "您好", *, message_id: str = "1", files: bool = False) -> Replied:
    return Replied(outside_id(conversation_id), "林晓", message_id, text, has_attachments=files)


@pytest.fixture
async def waiting(gateway: Gateway, outside: Outside) -> str:
    """A conversation that the desk outside knows of."""
    conversation_id = await queued(gateway)
    await outside.deliver()
    return conversation_id


async def said(gateway: Gateway, conversation_id: str) -> list[tuple[Author, str]]:
    """All but the first line, which tells the place in the queue."""
    return [(m.author, m.text) for m in (await gateway.log.messages(conversation_id))[1:]]


async def test_the_first_reply_claims(gateway: Gateway, outside: Outside, waiting: str) -> None:
    await outside.happened(replied(waiting))
    assert await said(gateway, waiting) == [(Author.SYSTEM, "人工客服林晓为您服务。"), (Author.AGENT, "您好")]
    conversation = await gateway.log.get(waiting)
    assert (conversation.state, conversation.agent_id) == (State.AGENT, OUTSIDE.agent_id)
    assert (await gateway.staff.accounts.names())[OUTSIDE.agent_id] == "外部坐席"


async def test_taking_it_claims(gateway: Gateway, outside: Outside, waiting: str) -> None:
    await outside.happened(Joined(outside_id(waiting), "林晓"))
    await outside.happened(Joined(outside_id(waiting), "周宁"))
    await outside.happened(replied(waiting))
    assert [text for _, text in await said(gateway, waiting)] == ["人工客服林晓为您服务。", "您好"]


async def test_a_colleague_without_a_name_has_the_accounts(gateway: Gateway, outside: Outside, waiting: str) -> None:
    await outside.happened(Joined(outside_id(waiting), None))
    assert (await said(gateway, waiting))[0][1] == "人工客服外部坐席为您服务。"


async def test_a_reply_that_comes_again_is_said_once(gateway: Gateway, outside: Outside, waiting: str) -> None:
    await asyncio.gather(*(outside.happened(replied(waiting)) for _ in range(4)))
    await outside.happened(replied(waiting, "还有什么可以帮您？", message_id="2"))
    assert [text for author, text in await said(gateway, waiting) if author is Author.AGENT] == [
        "您好",
        "还有什么可以帮您？",
    ]


async def test_replies_are_not_told_back(gateway: Gateway, outside: Outside, waiting: str) -> None:
    await outside.happened(replied(waiting))
    await gateway.conversations.receive(waiting, "m1", "你好")
    await outside.deliver()
    assert [text for _, text in outside.heard(waiting)[1:]] == ["系统提示客户：人工客服林晓为您服务。", "你好"]


async def test_a_file_is_told_of_in_words(gateway: Gateway, outside: Outside, waiting: str) -> None:
    await outside.happened(replied(waiting, "请看说明", files=True))
    await outside.happened(replied(waiting, "", message_id="2", files=True))
    first, second = [text for author, text in await said(gateway, waiting) if author is Author.AGENT]
    assert first.startswith("请看说明\n客服给您发来了一个文件")
    assert second.startswith("客服给您发来了一个文件")


async def test_an_empty_message_is_nothing(gateway: Gateway, outside: Outside, waiting: str) -> None:
    await outside.happened(replied(waiting, ""))
    assert await said(gateway, waiting) == []


async def test_resolved_closes_and_asks_for_a_rating(gateway: Gateway, outside: Outside, waiting: str) -> None:
    await outside.happened(replied(waiting))
    outside.desk.open_ones.clear()
    for _ in range(2):
        await outside.happened(Ended(outside_id(waiting), "林晓", to_bot=False))
    assert (await gateway.log.get(waiting)).state is State.CLOSED
    (asked,) = [m.metadata["survey"] for m in await gateway.log.messages(waiting) if "survey" in m.metadata]
    assert asked["agent_id"] == OUTSIDE.agent_id
    await outside.deliver()
    assert outside.heard(waiting)[-1][1] == "本次服务已结束"


async def test_pending_gives_it_back_to_the_bot(
    gateway: Gateway, outside: Outside, waiting: str, dialogue: FakeDialogue
) -> None:
    await outside.happened(replied(waiting))
    outside.desk.open_ones.clear()
    await outside.happened(Ended(outside_id(waiting), "林晓", to_bot=True))
    assert (await gateway.log.get(waiting)).state is State.BOT
    turn = await gateway.conversations.receive(waiting, "m1", "你好")
    assert turn.messages[0].author is Author.BOT
    await outside.deliver()
    assert outside.heard(waiting)[-1][1] == "会话已交还机器人"


async def test_resolved_without_a_word_goes_back_to_the_bot(gateway: Gateway, outside: Outside, waiting: str) -> None:
    outside.desk.open_ones.clear()
    await outside.happened(Ended(outside_id(waiting), None, to_bot=False))
    assert (await gateway.log.get(waiting)).state is State.BOT
    assert not [m for m in await gateway.log.messages(waiting) if "survey" in m.metadata]


async def test_an_end_that_comes_late_does_not_end_the_next_wait(
    gateway: Gateway, outside: Outside, waiting: str, dialogue: FakeDialogue, clock: FakeClock
) -> None:
    dialogue.will_hand_off("转人工", "asked")
    echo = Ended(outside_id(waiting), None, to_bot=False)
    await gateway.conversations.receive(waiting, "m1", "取消排队")
    clock.advance(1)
    await gateway.conversations.receive(waiting, "m2", "转人工")
    await outside.happened(echo)  # before the desk has heard of the second wait
    await outside.deliver()
    await outside.happened(echo)  # and after
    assert (await gateway.log.get(waiting)).state is State.QUEUED


async def test_while_the_desk_cannot_be_asked_its_word_is_taken(
    gateway: Gateway, outside: Outside, waiting: str
) -> None:
    await outside.happened(replied(waiting))
    outside.desk.errors = [OutsideDeskUnavailableError("down")]
    await outside.happened(Ended(outside_id(waiting), "林晓", to_bot=False))
    assert (await gateway.log.get(waiting)).state is State.CLOSED


async def test_who_was_claimed_at_our_own_desk_is_not_theirs(
    gateway: Gateway, outside: Outside, waiting: str, lin: Agent
) -> None:
    await gateway.handoff.claim(waiting, lin)
    with pytest.raises(NotYoursError):
        await outside.happened(replied(waiting))
    outside.desk.open_ones.clear()
    await outside.happened(Ended(outside_id(waiting), None, to_bot=False))
    await outside.happened(Joined(outside_id(waiting), None))
    conversation = await gateway.log.get(waiting)
    assert (conversation.state, conversation.agent_id) == (State.AGENT, lin.agent_id)


async def test_words_for_a_customer_who_is_gone_are_refused(gateway: Gateway, outside: Outside, waiting: str) -> None:
    await gateway.conversations.receive(waiting, "m1", "取消排队")
    with pytest.raises(NotYoursError):
        await outside.happened(replied(waiting))
    assert not [m for m in await gateway.log.messages(waiting) if m.author is Author.AGENT]


async def test_an_old_reply_that_comes_again_claims_nothing(
    gateway: Gateway, outside: Outside, waiting: str, dialogue: FakeDialogue, clock: FakeClock
) -> None:
    dialogue.will_hand_off("转人工", "asked")
    await outside.happened(replied(waiting))
    outside.desk.open_ones.clear()
    await outside.happened(Ended(outside_id(waiting), None, to_bot=True))
    clock.advance(1)
    await gateway.conversations.receive(waiting, "m1", "转人工")
    await outside.happened(replied(waiting))
    assert (await gateway.log.get(waiting)).state is State.QUEUED


async def test_conversations_that_are_not_ours_are_left_alone(outside: Outside) -> None:
    await outside.happened(Replied("elsewhere", None, "1", "您好", has_attachments=False))


async def test_nobody_signs_in_as_the_desk_outside(gateway: Gateway, outside: Outside, waiting: str) -> None:
    await outside.happened(replied(waiting))
    (account,) = [each for each in await gateway.staff.accounts.listed() if each.agent == OUTSIDE]
    assert account.disabled


async def test_what_they_do_is_audited(gateway: Gateway, outside: Outside, waiting: str) -> None:
    await outside.happened(replied(waiting))
    outside.desk.open_ones.clear()
    await outside.happened(Ended(outside_id(waiting), "林晓", to_bot=False))
    query = select(audit_log.c.action).where(audit_log.c.actor == OUTSIDE.actor).order_by(audit_log.c.id)
    async with gateway.foundation.db.read() as connection:
        actions = list(await connection.scalars(query))
    assert [each for each in actions if each.startswith("conversation.")] == [
        "conversation.claim",
        "conversation.reply",
        "conversation.close",
    ]
