"""What colleagues did while nobody here listened is made up for."""

import pytest

from bot.application import Gateway
from bot.conversations.messages import Author, State
from bot.handoff.outside.errors import OutsideDeskUnavailableError
from bot.handoff.outside.port import Ended, Replied
from bot.staff.models import Agent
from tests.fakes.clock import FakeClock
from tests.handoff.conftest import queued
from tests.handoff.outside.conftest import Outside, join, outside_id


def replied(conversation_id: str, number: int) -> Replied:
    return Replied(outside_id(conversation_id), "林晓", str(number), f"第{number}句", has_attachments=False)


async def agents_words(gateway: Gateway, conversation_id: str) -> list[str]:
    return [m.text for m in await gateway.log.messages(conversation_id) if m.author is Author.AGENT]


@pytest.fixture
async def waiting(gateway: Gateway, outside: Outside) -> str:
    conversation_id = await queued(gateway)
    await outside.deliver()
    return conversation_id


async def test_what_was_missed_is_said_once(gateway: Gateway, outside: Outside, waiting: str) -> None:
    await outside.happened(replied(waiting, 1))
    outside.desk.done[outside_id(waiting)] = [replied(waiting, number) for number in (1, 2, 3)]
    for _ in range(2):
        await outside.ours.catching_up.catch_up()
    assert await agents_words(gateway, waiting) == ["第1句", "第2句", "第3句"]


async def test_an_end_that_was_missed(gateway: Gateway, outside: Outside, waiting: str) -> None:
    outside.desk.done[outside_id(waiting)] = [replied(waiting, 1), Ended(outside_id(waiting), None, to_bot=False)]
    outside.desk.open_ones.clear()
    await outside.ours.catching_up.catch_up()
    assert (await gateway.log.get(waiting)).state is State.CLOSED


async def test_a_desk_that_is_away_is_asked_the_next_time_and_holds_up_no_other(
    gateway: Gateway, outside: Outside, waiting: str
) -> None:
    other = await queued(gateway)
    await outside.deliver()
    for each in (waiting, other):
        outside.desk.done[outside_id(each)] = [replied(each, 1)]
    outside.desk.errors = [OutsideDeskUnavailableError("down")]
    await outside.ours.catching_up.catch_up()
    assert len([each for each in (waiting, other) if await agents_words(gateway, each)]) == 1
    await outside.ours.catching_up.catch_up()
    assert await agents_words(gateway, waiting) == await agents_words(gateway, other) == ["第1句"]


async def test_what_is_over_is_not_asked_for(gateway: Gateway, outside: Outside, waiting: str) -> None:
    outside.desk.done[outside_id(waiting)] = [replied(waiting, 1)]
    await gateway.conversations.receive(waiting, "m1", "取消排队")
    await outside.ours.catching_up.catch_up()
    assert await agents_words(gateway, waiting) == []


async def test_who_is_served_at_our_own_desk_is_not_asked_for(
    gateway: Gateway, outside: Outside, waiting: str, lin: Agent
) -> None:
    await gateway.handoff.claim(waiting, lin)
    outside.desk.errors = [OutsideDeskUnavailableError("asked")]
    await outside.ours.catching_up.catch_up()
    assert len(outside.desk.errors) == 1


async def test_one_worker_asks_at_a_time(gateway: Gateway, outside: Outside, waiting: str, clock: FakeClock) -> None:
    await outside.ours.catching_up.catch_up()
    outside.desk.done[outside_id(waiting)] = [replied(waiting, 1)]
    other = join(gateway, outside.desk)
    await other.catching_up.catch_up()
    assert await agents_words(gateway, waiting) == []
    clock.advance(91)
    await other.catching_up.catch_up()
    assert await agents_words(gateway, waiting) == ["第1句"]
