"""The order of the line, the wait that is told, and who served the customer last."""

import pytest

from bot.application import Gateway
from bot.handoff.errors import AlreadyClaimedError, ReservedError
from bot.handoff.line import Place
from bot.handoff.routing import Skill
from bot.staff.models import Agent
from tests.fakes.clock import FakeClock
from tests.handoff.conftest import queued
from tests.staff.people import hire


async def positions(gateway: Gateway, *conversations: str) -> list[int | None]:
    return [await gateway.handoff.position(conversation_id) for conversation_id in conversations]


async def test_the_urgent_go_first_and_places_move(gateway: Gateway, lin: Agent) -> None:
    asked, angry, lost = [await queued(gateway, reason) for reason in ("asked", "anger", "lost_card")]
    later = await queued(gateway, "lost_card")
    assert await positions(gateway, lost, later, angry, asked) == [1, 2, 3, 4]
    listed = await gateway.overview.conversations("queued", lin)
    assert [line.conversation_id for line in listed] == [lost, later, angry, asked]
    await gateway.handoff.claim(lost, lin)
    assert await positions(gateway, later, angry, asked) == [1, 2, 3]


async def test_what_is_told_on_queuing_is_what_is_read_afterwards(gateway: Gateway) -> None:
    await queued(gateway)
    second = await queued(gateway)
    assert "排在第2位" in (await gateway.log.messages(second))[0].text
    assert await gateway.handoff.position(second) == 2


async def served(gateway: Gateway, agent: Agent, clock: FakeClock, *, seconds: int) -> str:
    conversation_id = await queued(gateway)
    await gateway.handoff.claim(conversation_id, agent)
    clock.advance(seconds)
    await gateway.handoff.close(conversation_id, agent)
    return conversation_id


async def test_the_wait_is_told_when_it_is_known(gateway: Gateway, lin: Agent, clock: FakeClock) -> None:
    await gateway.team.set_profile(lin.agent_id, list(Skill), 2)
    for _ in range(5):
        await served(gateway, lin, clock, seconds=600)
    waiting = [await queued(gateway) for _ in range(4)]
    assert await gateway.line.place(waiting[3]) == Place(4, None, attended=False)
    await gateway.team.beat(lin.agent_id)
    # Two hands are free at once; after them one comes free every five minutes.
    places = [await gateway.line.place(conversation_id) for conversation_id in waiting]
    assert places == [Place(each, wait, attended=True) for each, wait in ((1, 0), (2, 0), (3, 300), (4, 600))]
    fifth = await queued(gateway)
    assert "预计等待约15分钟" in (await gateway.log.messages(fifth))[0].text


async def test_nothing_is_told_from_too_few_services(gateway: Gateway, lin: Agent, clock: FakeClock) -> None:
    await served(gateway, lin, clock, seconds=600)
    await gateway.team.beat(lin.agent_id)
    assert await gateway.line.place(await queued(gateway)) == Place(1, None, attended=True)


async def again(gateway: Gateway, conversation_id: str) -> None:
    """The customer comes back and asks for a person."""
    await gateway.conversations.receive(conversation_id, "again", "转人工")


@pytest.fixture
async def returning(gateway: Gateway, lin: Agent, clock: FakeClock, dialogue) -> str:  # type: ignore[no-untyped-def]
    """A customer whom lin has served, and who waits again."""
    dialogue.will_hand_off("转人工")
    conversation_id = await served(gateway, lin, clock, seconds=60)
    await gateway.team.beat(lin.agent_id)
    await again(gateway, conversation_id)
    return conversation_id


async def test_who_served_last_has_the_first_look(
    gateway: Gateway, lin: Agent, zhou: Agent, returning: str, clock: FakeClock
) -> None:
    (line,) = await gateway.overview.conversations("queued", zhou)
    assert line.reserved_for == lin.agent_id
    with pytest.raises(ReservedError):
        await gateway.handoff.claim(returning, zhou)
    assert await gateway.handoff.claim_next(zhou) is None
    clock.advance(61)
    assert await gateway.handoff.claim_next(zhou) == returning


async def test_who_served_last_gets_it_before_others_in_line(gateway: Gateway, lin: Agent, returning: str) -> None:
    await queued(gateway, "lost_card")
    assert await gateway.handoff.claim_next(lin) == returning


async def test_a_supervisor_need_not_wait(gateway: Gateway, returning: str) -> None:
    await gateway.handoff.claim(returning, await hire(gateway, "wu", role="supervisor"))


async def test_nothing_is_kept_for_whoever_is_not_there(
    gateway: Gateway, lin: Agent, zhou: Agent, clock: FakeClock, dialogue
) -> None:  # type: ignore[no-untyped-def]
    dialogue.will_hand_off("转人工")
    conversation_id = await served(gateway, lin, clock, seconds=60)
    await again(gateway, conversation_id)
    await gateway.handoff.claim(conversation_id, zhou)


async def test_another_conversation_of_the_same_customer_counts_too(
    gateway: Gateway, lin: Agent, clock: FakeClock, dialogue, demo_bank: None
) -> None:  # type: ignore[no-untyped-def]
    dialogue.will_hand_off("转人工")
    await gateway.identity.bind(await served(gateway, lin, clock, seconds=60), "C1001")
    await gateway.team.beat(lin.agent_id)
    other = (await gateway.log.open("web")).conversation_id
    await gateway.identity.bind(other, "C1001")
    await again(gateway, other)
    (line,) = await gateway.overview.conversations("queued", lin)
    assert line.reserved_for == lin.agent_id


async def test_next_prefers_what_one_is_good_at(gateway: Gateway, lin: Agent, zhou: Agent) -> None:
    await gateway.team.set_profile(lin.agent_id, [Skill.WEALTH], 5)
    angry, asked = await queued(gateway, "anger"), await queued(gateway)
    assert await gateway.handoff.claim_next(lin) == asked
    assert await gateway.handoff.claim_next(zhou) == angry
    assert await gateway.handoff.claim_next(zhou) is None
    with pytest.raises(AlreadyClaimedError):
        await gateway.handoff.claim(asked, zhou)


async def test_an_emergency_hears_what_to_do_while_nobody_is_there(gateway: Gateway, lin: Agent) -> None:
    alone = await queued(gateway, "lost_card")
    assert gateway.settings.hotline in (await gateway.log.messages(alone))[0].text
    await gateway.team.beat(lin.agent_id)
    attended = await queued(gateway, "lost_card")
    assert gateway.settings.hotline not in (await gateway.log.messages(attended))[0].text
