import pytest

from bot.application import Gateway
from bot.conversations.errors import UnknownConversationError
from bot.conversations.fanout import DESK_TOPIC
from bot.staff.models import Agent
from tests.fakes.clock import FakeClock
from tests.handoff.conftest import queued
from tests.staff.people import hire

FIRST, SECOND = "1" * 32, "2" * 32


@pytest.fixture
async def lin(gateway: Gateway) -> Agent:
    return await hire(gateway, "lin")


@pytest.fixture
async def zhou(gateway: Gateway) -> Agent:
    return await hire(gateway, "zhou")


async def test_a_note_stands_where_it_was_written_and_is_no_message(
    gateway: Gateway, clock: FakeClock, lin: Agent
) -> None:
    conversation_id = await queued(gateway)
    await gateway.aids.notes.write(conversation_id, lin, FIRST, "客户很急，先查流水")
    clock.advance(seconds=5)
    await gateway.conversations.receive(conversation_id, "m1", "有人吗")
    await gateway.aids.notes.write(conversation_id, lin, SECOND, "已联系网点")
    notes = await gateway.aids.notes.of(conversation_id)
    assert [(each.text, each.after_seq, each.author) for each in notes] == [
        ("客户很急，先查流水", 1, lin.name),
        ("已联系网点", 2, lin.name),
    ]
    assert all("网点" not in message.text for message in await gateway.log.messages(conversation_id))


async def test_the_same_note_again_is_one_note(gateway: Gateway, lin: Agent, zhou: Agent) -> None:
    conversation_id = await queued(gateway)
    for _ in range(2):
        await gateway.aids.notes.write(conversation_id, lin, FIRST, "看一下", mentions=[zhou.agent_id])
    assert len(await gateway.aids.notes.of(conversation_id)) == 1
    assert await gateway.aids.notes.unseen(zhou) == {conversation_id: 1}


async def test_who_is_called_for_has_it_until_it_was_seen(gateway: Gateway, lin: Agent, zhou: Agent) -> None:
    conversation_id = await queued(gateway)
    await gateway.aids.notes.write(conversation_id, lin, FIRST, "@zhou", mentions=[zhou.agent_id, lin.agent_id])
    assert await gateway.aids.notes.unseen(lin) == {}  # nobody calls for themselves
    (line,) = await gateway.overview.conversations("mentioned", zhou)
    assert (line.conversation_id, line.mentions) == (conversation_id, 1)
    await gateway.aids.notes.seen(conversation_id, zhou)
    assert await gateway.overview.conversations("mentioned", zhou) == []
    assert (await gateway.aids.notes.of(conversation_id))[0].mentions == (zhou.agent_id,)


async def test_what_is_personal_in_a_note_is_sealed(gateway: Gateway, lin: Agent) -> None:
    conversation_id = await queued(gateway)
    await gateway.aids.notes.write(conversation_id, lin, FIRST, "回电13912340007")
    (note,) = await gateway.aids.notes.of(conversation_id)
    assert note.text == "回电[手机号1]"


async def test_the_desk_hears_of_it_and_the_customer_does_not(gateway: Gateway, lin: Agent) -> None:
    conversation_id = await queued(gateway)
    async with gateway.fanout.subscribe(DESK_TOPIC) as desk, gateway.fanout.subscribe("conversation:*") as customers:
        await gateway.aids.notes.write(conversation_id, lin, FIRST, "看一下")
        assert await desk.next(5) == {"type": "note", "conversation_id": conversation_id}
        assert await customers.next(0.01) is None


async def test_there_is_no_note_without_a_conversation(gateway: Gateway, lin: Agent) -> None:
    with pytest.raises(UnknownConversationError):
        await gateway.aids.notes.write("nonsense", lin, FIRST, "看一下")
