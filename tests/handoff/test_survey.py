"""The rating of an agent's service, asked for when the agent closes."""

import pytest
from sqlalchemy import select

from bot.application import Gateway
from bot.conversations.messages import Author, State
from bot.handoff.ratings import Ratings, Reason
from bot.handoff.tables import ratings
from bot.staff.models import Agent
from tests.fakes.dialogue import FakeDialogue
from tests.handoff.conftest import queued


async def closed_by(gateway: Gateway, agent: Agent) -> str:
    """A conversation that `agent` has served and closed."""
    conversation_id = await queued(gateway)
    await gateway.handoff.claim(conversation_id, agent)
    await gateway.handoff.close(conversation_id, agent)
    return conversation_id


async def kept(gateway: Gateway, conversation_id: str) -> list[tuple[int, int, str | None]]:
    async with gateway.foundation.db.read() as connection:
        columns = (ratings.c.segment, ratings.c.score, ratings.c.agent_id)
        query = select(*columns).where(ratings.c.conversation_id == conversation_id)
        return [tuple(row) for row in await connection.execute(query)]


async def why(gateway: Gateway, conversation_id: str) -> list[str | None]:
    query = select(ratings.c.reason).where(ratings.c.conversation_id == conversation_id)
    async with gateway.foundation.db.read() as connection:
        return list(await connection.scalars(query))


@pytest.mark.parametrize(
    ("text", "score"), [("5分 非常满意", 5), ("4", 4), ("回复1", 1), ("挺满意的", 4), ("太差了", 1)]
)
async def test_a_score_after_the_close_is_that_agents(gateway: Gateway, lin: Agent, text: str, score: int) -> None:
    conversation_id = await closed_by(gateway, lin)
    turn = await gateway.conversations.receive(conversation_id, "m1", text)
    assert await kept(gateway, conversation_id) == [(2, score, lin.agent_id)]
    assert turn.conversation.state is State.CLOSED
    assert [message.author for message in turn.messages] == [Author.SYSTEM]
    assert "谢谢您的评价" in turn.messages[0].text


async def test_whoever_is_not_satisfied_may_say_why(gateway: Gateway, dialogue: FakeDialogue, lin: Agent) -> None:
    conversation_id = await closed_by(gateway, lin)
    asked = (await gateway.conversations.receive(conversation_id, "m1", "2分 不满意")).messages[-1]
    assert [button.title for button in asked.buttons][:2] == ["问题没解决", "等得太久"]
    turn = await gateway.conversations.receive(conversation_id, "m2", "等得太久")
    assert "谢谢" in turn.messages[0].text
    assert turn.conversation.state is State.CLOSED
    assert await why(gateway, conversation_id) == ["slow"]
    assert dialogue.asked == []


async def test_another_score_takes_the_reason_of_the_first_away(gateway: Gateway, lin: Agent) -> None:
    conversation_id = await closed_by(gateway, lin)
    rated = Ratings(gateway.foundation.db, gateway.log, gateway.foundation.clock)
    async with gateway.foundation.db.write() as connection:
        await rated.record(connection, conversation_id, 2, 1)
        await rated.record_reason(connection, conversation_id, 2, Reason.ATTITUDE)
        await rated.record(connection, conversation_id, 2, 5)
    assert await why(gateway, conversation_id) == [None]


@pytest.mark.parametrize("text", ["我要投诉", "等得太久了，退款到底什么时候到账啊"])
async def test_what_is_no_reason_of_ours_is_for_the_bot(
    gateway: Gateway, dialogue: FakeDialogue, lin: Agent, text: str
) -> None:
    conversation_id = await closed_by(gateway, lin)
    await gateway.conversations.receive(conversation_id, "m1", "1")
    turn = await gateway.conversations.receive(conversation_id, "m2", text)
    assert turn.conversation.state is State.BOT
    assert len(dialogue.asked) == 1
    assert await why(gateway, conversation_id) == [None]


async def test_the_same_answer_twice_counts_and_thanks_once(gateway: Gateway, lin: Agent) -> None:
    conversation_id = await closed_by(gateway, lin)
    first = await gateway.conversations.receive(conversation_id, "m1", "5")
    assert await gateway.conversations.receive(conversation_id, "m1", "5") == first
    assert len(await kept(gateway, conversation_id)) == 1


async def test_anything_else_begins_with_the_bot_again(gateway: Gateway, dialogue: FakeDialogue, lin: Agent) -> None:
    conversation_id = await closed_by(gateway, lin)
    turn = await gateway.conversations.receive(conversation_id, "m1", "不满意，你们刚才说的退款到底什么时候到账")
    assert turn.conversation.state is State.BOT
    assert [asked for _, asked in dialogue.asked] == ["不满意，你们刚才说的退款到底什么时候到账"]
    assert await kept(gateway, conversation_id) == []


async def test_a_score_that_nobody_asked_for_goes_to_the_bot(
    gateway: Gateway, dialogue: FakeDialogue, lin: Agent
) -> None:
    conversation_id = await closed_by(gateway, lin)
    await gateway.conversations.receive(conversation_id, "m1", "4")
    await gateway.conversations.receive(conversation_id, "m2", "2")
    assert await kept(gateway, conversation_id) == [(2, 4, lin.agent_id)]
    assert [asked for _, asked in dialogue.asked] == ["2"]


async def test_the_bots_rating_stays_beside_the_agents(gateway: Gateway, lin: Agent) -> None:
    conversation_id = await queued(gateway)
    base = gateway.foundation
    await Ratings(base.db, base.log, base.clock).rate(conversation_id, 3)
    await gateway.handoff.claim(conversation_id, lin)
    await gateway.handoff.close(conversation_id, lin)
    await gateway.conversations.receive(conversation_id, "m1", "5")
    assert sorted(await kept(gateway, conversation_id)) == [(1, 3, None), (2, 5, lin.agent_id)]
