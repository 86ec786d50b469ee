"""Who is there, how much each takes, and what becomes of the work of those who vanish."""

import asyncio

import pytest

from bot.application import Gateway
from bot.conversations.messages import Author, State
from bot.handoff.errors import AlreadyClaimedError, NoRoomError, UnknownMemberError
from bot.handoff.routing import Skill
from bot.handoff.team import Presence
from bot.staff.models import Agent
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.handoff.conftest import queued
from tests.staff.people import browser, hire, sign_in


async def presence(gateway: Gateway, agent: Agent) -> Presence:
    return (await gateway.team.member(agent.agent_id)).presence


async def test_a_heartbeat_lasts_for_the_grace(gateway: Gateway, lin: Agent, clock: FakeClock) -> None:
    assert await presence(gateway, lin) is Presence.OFFLINE
    await gateway.team.beat(lin.agent_id)
    clock.advance(9)
    assert await presence(gateway, lin) is Presence.ONLINE
    clock.advance(1)
    assert await presence(gateway, lin) is Presence.OFFLINE


async def test_who_is_away_stays_away_until_the_next_coming(gateway: Gateway, lin: Agent, clock: FakeClock) -> None:
    await gateway.team.beat(lin.agent_id)
    await gateway.team.set_away(lin.agent_id, away=True)
    clock.advance(5)
    await gateway.team.beat(lin.agent_id)
    assert await presence(gateway, lin) is Presence.AWAY
    assert (await gateway.team.member(lin.agent_id)).room == 0
    clock.advance(60)
    await gateway.team.beat(lin.agent_id)
    assert await presence(gateway, lin) is Presence.ONLINE


async def test_only_those_who_serve_are_members(gateway: Gateway, lin: Agent) -> None:
    editor = await hire(gateway, "he", role="editor")
    assert [member.agent_id for member in await gateway.team.members()] == [lin.agent_id]
    with pytest.raises(UnknownMemberError):
        await gateway.team.set_profile(editor.agent_id, [Skill.CARDS], 3)


async def test_of_many_claims_at_once_only_as_many_as_fit_succeed(gateway: Gateway, lin: Agent) -> None:
    await gateway.team.set_profile(lin.agent_id, list(Skill), 3)
    waiting = [await queued(gateway) for _ in range(6)]
    claims = (gateway.handoff.claim(conversation_id, lin) for conversation_id in waiting)
    results = await asyncio.gather(*claims, return_exceptions=True)
    assert results.count(None) == 3
    assert sum(isinstance(result, NoRoomError) for result in results) == 3
    assert (await gateway.team.member(lin.agent_id)).load == 3
    states = [(await gateway.log.get(conversation_id)).state for conversation_id in waiting]
    assert states.count(State.QUEUED) == 3


async def test_of_many_who_want_the_next_each_gets_another(gateway: Gateway) -> None:
    people = [await hire(gateway, f"agent{number}") for number in range(4)]
    waiting = {await queued(gateway) for _ in range(3)}
    got = await asyncio.gather(*(gateway.handoff.claim_next(agent) for agent in people))
    assert {conversation_id for conversation_id in got if conversation_id} == waiting
    assert got.count(None) == 1


async def test_who_vanishes_gives_back_at_the_old_place(
    gateway: Gateway, lin: Agent, zhou: Agent, clock: FakeClock, dialogue: FakeDialogue
) -> None:
    first, second = await queued(gateway), await queued(gateway)
    await gateway.team.beat(lin.agent_id)
    await gateway.handoff.claim(first, lin)
    clock.advance(9)
    await gateway.watch.look()
    assert (await gateway.log.get(first)).state is State.AGENT
    clock.advance(1)
    await gateway.watch.look()
    await gateway.watch.look()
    conversation = await gateway.log.get(first)
    assert (conversation.state, conversation.agent_id) == (State.QUEUED, None)
    assert [await gateway.handoff.position(each) for each in (first, second)] == [1, 2]
    said = [message for message in await gateway.log.messages(first) if message.author is Author.SYSTEM]
    assert len(said) == 3
    assert "您的位置还在" in said[-1].text
    await gateway.conversations.receive(first, "m1", "还在吗")
    assert dialogue.asked == []
    await gateway.handoff.claim(first, zhou)


async def test_a_customer_put_back_may_stop_waiting(gateway: Gateway, lin: Agent, clock: FakeClock) -> None:
    conversation_id = await queued(gateway)
    await gateway.team.beat(lin.agent_id)
    await gateway.handoff.claim(conversation_id, lin)
    clock.advance(60)
    await gateway.watch.look()
    turn = await gateway.conversations.receive(conversation_id, "m1", "取消排队")
    assert turn.conversation.state is State.BOT


async def test_who_never_opened_the_desk_cannot_vanish(gateway: Gateway, lin: Agent, clock: FakeClock) -> None:
    conversation_id = await queued(gateway)
    await gateway.handoff.claim(conversation_id, lin)
    clock.advance(3600)
    await gateway.watch.look()
    assert (await gateway.log.get(conversation_id)).state is State.AGENT


async def test_who_is_back_in_time_keeps_everything(gateway: Gateway, lin: Agent, clock: FakeClock) -> None:
    conversation_id = await queued(gateway)
    await gateway.team.beat(lin.agent_id)
    await gateway.handoff.claim(conversation_id, lin)
    clock.advance(60)
    await gateway.team.beat(lin.agent_id)
    await gateway.handoff.requeue(conversation_id, lin.agent_id)
    assert (await gateway.log.get(conversation_id)).agent_id == lin.agent_id


async def test_the_desk_tells_and_changes_it(gateway: Gateway, lin: Agent) -> None:
    await hire(gateway, "wu", role="supervisor")
    await queued(gateway)
    async with browser(gateway) as desk:
        await sign_in(desk, "lin")
        assert (await desk.post("team/me", json={"away": True})).json()["member"]["presence"] == "offline"
        profile = {"skills": ["cards"], "capacity": 1}
        assert (await desk.post(f"team/{lin.agent_id}", json=profile)).status_code == 403
        assert (await desk.post("conversations/next")).json()["conversation_id"]
        assert (await desk.post("conversations/next")).json() == {"conversation_id": None}
    await queued(gateway)
    async with browser(gateway) as desk:
        await sign_in(desk, "wu")
        changed = (await desk.post(f"team/{lin.agent_id}", json=profile)).json()["member"]
        assert (changed["skills"], changed["capacity"], changed["load"]) == (["cards"], 1, 1)
        assert (await desk.post("team/nobody", json=profile)).status_code == 404
        assert (await desk.post(f"team/{lin.agent_id}", json={**profile, "skills": ["magic"]})).status_code == 422
    async with browser(gateway) as desk:
        await sign_in(desk, "lin")
        full = await desk.post("conversations/next")
        assert (full.status_code, full.json()["code"]) == (409, "no_room")
    with pytest.raises(AlreadyClaimedError):
        await gateway.handoff.claim((await gateway.log.open("web")).conversation_id, lin)


async def test_an_account_nobody_signs_in_with_has_no_hands_to_fill(gateway: Gateway, lin: Agent) -> None:
    """It speaks for everybody at a desk elsewhere."""
    await gateway.staff.accounts.disable(lin.agent_id, by=await hire(gateway, "boss", role="admin"))
    for _ in range(gateway.settings.agent_capacity + 1):
        await gateway.handoff.claim(await queued(gateway), lin)
