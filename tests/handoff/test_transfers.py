"""Handing a conversation to a colleague or a skill, and a supervisor's help."""

import asyncio

import pytest

from bot.application import Gateway
from bot.conversations.messages import Author, State
from bot.handoff.errors import (
    NoRoomError,
    NotOfferedError,
    NotThereError,
    NotYoursError,
    SupervisorsOnlyError,
    UnknownMemberError,
)
from bot.handoff.routing import Skill
from bot.staff.models import Agent
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.handoff.conftest import queued
from tests.handoff.test_survey import kept
from tests.staff.people import browser, hire, sign_in


@pytest.fixture
async def wu(gateway: Gateway) -> Agent:
    return await hire(gateway, "wu", role="supervisor")


@pytest.fixture
async def served(gateway: Gateway, lin: Agent, zhou: Agent) -> str:
    """A conversation that lin serves; zhou is there too."""
    await gateway.team.beat(zhou.agent_id)
    conversation_id = await queued(gateway)
    await gateway.handoff.claim(conversation_id, lin)
    return conversation_id


async def owner(gateway: Gateway, conversation_id: str) -> str | None:
    return (await gateway.log.get(conversation_id)).agent_id


async def outcomes(gateway: Gateway, conversation_id: str) -> list[str | None]:
    return [transfer.outcome for transfer in await gateway.transfers.of(conversation_id)]


async def test_until_it_is_accepted_the_sender_serves(gateway: Gateway, lin: Agent, zhou: Agent, served: str) -> None:
    before = await gateway.log.messages(served)
    await gateway.transfers.offer(served, lin, zhou.agent_id, "客户想了解房贷")
    assert await gateway.log.messages(served) == before
    await gateway.handoff.reply(served, lin, "a1", "请稍等")
    (offer,) = await gateway.transfers.offers(zhou)
    assert (offer.conversation_id, offer.note) == (served, "客户想了解房贷")
    await gateway.transfers.accept(served, zhou)
    assert await owner(gateway, served) == zhou.agent_id
    assert (await gateway.log.messages(served))[-1].text == "人工客服座席zhou为您服务。"
    assert await outcomes(gateway, served) == ["accepted"]
    with pytest.raises(NotYoursError):
        await gateway.handoff.reply(served, lin, "a2", "还在吗")
    await gateway.handoff.reply(served, zhou, "b1", "您好")
    assert await gateway.transfers.offers(zhou) == []


async def test_a_refusal_leaves_it_with_the_sender(gateway: Gateway, lin: Agent, zhou: Agent, served: str) -> None:
    await gateway.transfers.offer(served, lin, zhou.agent_id)
    await gateway.transfers.decline(served, zhou)
    assert await owner(gateway, served) == lin.agent_id
    with pytest.raises(NotOfferedError):
        await gateway.transfers.accept(served, zhou)
    assert await outcomes(gateway, served) == ["declined"]


async def test_an_offer_runs_out_after_thirty_seconds(
    gateway: Gateway, lin: Agent, zhou: Agent, served: str, clock: FakeClock
) -> None:
    await gateway.transfers.offer(served, lin, zhou.agent_id)
    clock.advance(29)
    await gateway.watch.look()
    assert await outcomes(gateway, served) == [None]
    clock.advance(1)
    with pytest.raises(NotOfferedError):
        await gateway.transfers.accept(served, zhou)
    await gateway.watch.look()
    assert await outcomes(gateway, served) == ["expired"]
    assert await owner(gateway, served) == lin.agent_id


async def test_an_offer_may_be_withdrawn_or_replaced(gateway: Gateway, lin: Agent, zhou: Agent, served: str) -> None:
    await gateway.transfers.offer(served, lin, zhou.agent_id, "一")
    await gateway.transfers.offer(served, lin, zhou.agent_id, "二")
    await gateway.transfers.decline(served, lin)
    assert await outcomes(gateway, served) == ["withdrawn", "withdrawn"]


async def test_an_offer_is_void_once_the_sender_does_not_serve(
    gateway: Gateway, lin: Agent, zhou: Agent, served: str
) -> None:
    await gateway.transfers.offer(served, lin, zhou.agent_id)
    await gateway.handoff.give_back(served, lin)
    with pytest.raises(NotOfferedError):
        await gateway.transfers.accept(served, zhou)
    await gateway.watch.look()
    assert await outcomes(gateway, served) == ["expired"]


async def test_it_is_offered_only_to_who_is_there_and_has_room(
    gateway: Gateway, lin: Agent, zhou: Agent, wu: Agent, served: str
) -> None:
    with pytest.raises(NotThereError):
        await gateway.transfers.offer(served, lin, wu.agent_id)
    with pytest.raises(NotThereError):
        await gateway.transfers.offer(served, lin, lin.agent_id)
    with pytest.raises(UnknownMemberError):
        await gateway.transfers.offer(served, lin, "nobody")
    with pytest.raises(NotYoursError):
        await gateway.transfers.offer(await queued(gateway), lin, zhou.agent_id)
    await gateway.team.set_profile(zhou.agent_id, [Skill.CARDS], 1)
    await gateway.transfers.offer(served, lin, zhou.agent_id)
    await gateway.handoff.claim(await queued(gateway), zhou)
    with pytest.raises(NoRoomError):
        await gateway.transfers.accept(served, zhou)
    assert await owner(gateway, served) == lin.agent_id


async def test_accepting_and_closing_at_once_ends_well(gateway: Gateway, lin: Agent, zhou: Agent, served: str) -> None:
    await gateway.transfers.offer(served, lin, zhou.agent_id)
    results = await asyncio.gather(
        gateway.transfers.accept(served, zhou), gateway.handoff.close(served, lin), return_exceptions=True
    )
    conversation = await gateway.log.get(served)
    won = results.index(None)
    assert (conversation.state, conversation.agent_id) == [(State.AGENT, zhou.agent_id), (State.CLOSED, None)][won]
    assert isinstance(results[1 - won], (NotYoursError, NotOfferedError))


async def test_to_a_skill_it_waits_at_its_old_place(
    gateway: Gateway, lin: Agent, zhou: Agent, served: str, dialogue: FakeDialogue
) -> None:
    behind = await queued(gateway)
    await gateway.transfers.refer(served, lin, Skill.LOANS, "要改还款方式")
    assert [await gateway.handoff.position(each) for each in (served, behind)] == [1, 2]
    handoff = await gateway.handoff.latest(served)
    assert handoff is not None
    assert (handoff.skill, handoff.agent_id) == ("loans", None)
    assert "贷款专员" in (await gateway.log.messages(served))[-1].text
    await gateway.conversations.receive(served, "m1", "好的")
    assert dialogue.asked == []
    await gateway.handoff.claim(served, zhou)
    assert await outcomes(gateway, served) == ["queued"]


async def test_a_supervisor_takes_over(gateway: Gateway, lin: Agent, zhou: Agent, wu: Agent, served: str) -> None:
    with pytest.raises(SupervisorsOnlyError):
        await gateway.transfers.take_over(served, zhou)
    await gateway.transfers.take_over(served, wu)
    assert await owner(gateway, served) == wu.agent_id
    assert "座席wu" in (await gateway.log.messages(served))[-1].text
    with pytest.raises(NotYoursError):
        await gateway.transfers.take_over(served, wu)
    with pytest.raises(NotYoursError):
        await gateway.transfers.take_over(await queued(gateway), wu)


async def test_each_agents_segment_has_a_rating_of_its_own(
    gateway: Gateway, lin: Agent, zhou: Agent, served: str
) -> None:
    """The rating after a transfer is the second agent's; one given before it stays."""
    segment = (await gateway.log.get(served)).segment
    await gateway.transfers.offer(served, lin, zhou.agent_id)
    await gateway.transfers.accept(served, zhou)
    await gateway.handoff.close(served, zhou)
    await gateway.conversations.receive(served, "m1", "5")
    assert await kept(gateway, served) == [(segment + 1, 5, zhou.agent_id)]


async def test_the_bot_is_asked_what_the_agent_suggests(
    gateway: Gateway, lin: Agent, served: str, dialogue: FakeDialogue
) -> None:
    await gateway.handoff.give_back(served, lin, suggestion="查信用卡账单")
    assert [button.title for button in (await gateway.log.messages(served))[-1].buttons] == ["查信用卡账单"]
    await gateway.conversations.receive(served, "m1", "查信用卡账单")
    assert dialogue.asked[-1][1] == "查信用卡账单"


async def test_the_desk_hands_over_watches_and_whispers(
    gateway: Gateway, lin: Agent, zhou: Agent, wu: Agent, served: str
) -> None:
    path = f"conversations/{served}"
    async with browser(gateway) as desk:
        await sign_in(desk, "lin")
        assert (await desk.post(f"{path}/transfer", json={"note": "给谁？"})).status_code == 422
        both = {"agent_id": zhou.agent_id, "skill": "loans"}
        assert (await desk.post(f"{path}/transfer", json=both)).status_code == 422
        sent = await desk.post(f"{path}/transfer", json={"agent_id": zhou.agent_id, "note": "房贷"})
        assert sent.json() == {"state": "agent"}
        assert (await desk.post(f"{path}/take_over")).status_code == 403
        assert (await desk.post(f"{path}/whisper", json={"text": "先安抚"})).status_code == 403
    async with browser(gateway) as desk:
        await sign_in(desk, "zhou")
        (offer,) = (await desk.get("transfers")).json()["transfers"]
        assert (offer["from_name"], offer["to_name"], offer["note"]) == ("座席lin", "座席zhou", "房贷")
        assert (await desk.post(f"{path}/transfer/accept")).json() == {"state": "agent"}
        assert (await desk.post(f"{path}/transfer/accept")).json()["code"] == "not_offered"
    async with browser(gateway) as desk:
        await sign_in(desk, "wu")
        assert (await desk.post(f"{path}/whisper", json={"text": "先安抚客户"})).status_code == 200
        shown = (await desk.get(path)).json()
        assert [(each["author"], each["text"]) for each in shown["whispers"]] == [("座席wu", "先安抚客户")]
        assert [each["outcome"] for each in shown["transfers"]] == ["accepted"]
        assert (await desk.post(f"{path}/take_over")).json() == {"state": "agent"}
        waiting = await queued(gateway)
        assert (await desk.post(f"conversations/{waiting}/whisper", json={"text": "在吗"})).status_code == 409
    said = [message.text for message in await gateway.log.messages(served) if message.author is not Author.CUSTOMER]
    assert "先安抚客户" not in "".join(said)
