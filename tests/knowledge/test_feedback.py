"""有用 and 没用 under answers of the knowledge base."""

import pytest

from bot.application import Gateway
from bot.conversations.messages import Author, Draft
from bot.conversations.rasa import Answer
from bot.knowledge.errors import NotAnAnswerError
from bot.knowledge.misses import Misses
from tests.fakes.dialogue import FakeDialogue

QUESTION = "能存比特币吗"
ANSWER = {"kind": "faq", "entry_id": "deposit.open", "score": 0.91, "decision": "answer"}


@pytest.fixture
async def conversation_id(gateway: Gateway, dialogue: FakeDialogue) -> str:
    """Somebody got an answer of the knowledge base, the message 2."""
    dialogue.answers[QUESTION] = Answer([Draft(Author.BOT, "可以存人民币。", metadata=ANSWER)])
    conversation_id = (await gateway.log.open("web")).conversation_id
    await gateway.conversations.receive(conversation_id, "m1", QUESTION)
    return conversation_id


@pytest.fixture
def misses(gateway: Gateway) -> Misses:
    return Misses(gateway.foundation.db, gateway.foundation.clock)


async def test_an_answer_of_no_use_comes_to_the_editors_once(
    gateway: Gateway, conversation_id: str, misses: Misses
) -> None:
    await gateway.feedback.give(conversation_id, 2, useful=False)
    await gateway.feedback.give(conversation_id, 2, useful=False)
    (miss,) = await misses.latest(10)
    assert (miss.text, miss.score, miss.answered_by) == (QUESTION, 0.91, "deposit.open")


async def test_a_useful_one_is_only_counted(gateway: Gateway, conversation_id: str, misses: Misses) -> None:
    await gateway.feedback.give(conversation_id, 2, useful=True)
    assert await misses.latest(10) == []


@pytest.mark.parametrize("seq", [1, 3])
async def test_anything_else_has_no_feedback(gateway: Gateway, conversation_id: str, seq: int) -> None:
    with pytest.raises(NotAnAnswerError):
        await gateway.feedback.give(conversation_id, seq, useful=False)
