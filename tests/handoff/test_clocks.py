"""First reply, next reply, resolution: in business time, with warning and breach; and the wall that counts them."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.application import Gateway
from bot.handoff.clocks import Measure, ServiceClocks, Standing
from bot.handoff.hours import BusinessHours
from bot.handoff.routing import Skill
from bot.staff.models import Agent
from tests.fakes.clock import FakeClock
from tests.handoff.conftest import queued
from tests.handoff.test_hours import HOURS, at

TARGETS = {Measure.FIRST_REPLY: 60, Measure.NEXT_REPLY: 120, Measure.RESOLUTION: 3600}
CLOCKS = ServiceClocks(BusinessHours.load(None), TARGETS)
NOON = at("2026-11-23 12:00")


def row(**moments: datetime | None) -> dict[str, Any]:
    return {"queued_at": NOON, "first_reply_at": None, "awaiting_since": None, "ended_at": None, **moments}


@pytest.mark.parametrize(
    ("seconds", "standing"),
    [
        (0, Standing.ON_TIME),
        (44, Standing.ON_TIME),
        (45, Standing.WARNING),
        (60, Standing.WARNING),
        (61, Standing.BREACHED),
    ],
)
def test_a_clock_warns_and_is_breached(seconds: int, standing: Standing) -> None:
    first, resolution = CLOCKS.running(row(), NOON + timedelta(seconds=seconds))
    assert (first.measure, first.due_at, first.standing) == (
        Measure.FIRST_REPLY,
        NOON + timedelta(seconds=60),
        standing,
    )
    assert (resolution.measure, resolution.standing) == (Measure.RESOLUTION, Standing.ON_TIME)


def test_after_the_first_reply_the_next_counts_while_the_customer_waits() -> None:
    answered = row(first_reply_at=NOON)
    assert [each.measure for each in CLOCKS.running(answered, NOON)] == [Measure.RESOLUTION]
    waits = row(first_reply_at=NOON, awaiting_since=NOON)
    assert [each.measure for each in CLOCKS.running(waits, NOON)] == [Measure.NEXT_REPLY, Measure.RESOLUTION]


def test_what_has_ended_has_no_clocks() -> None:
    assert CLOCKS.running(row(ended_at=NOON), NOON + timedelta(days=1)) == []


def test_clocks_stand_still_while_nobody_is_there() -> None:
    evening, morning = at("2026-11-23 19:59:30"), at("2026-11-24 08:30:15")
    first, _ = ServiceClocks(HOURS, TARGETS).running(row(queued_at=evening), morning)
    assert (first.due_at, first.standing) == (at("2026-11-24 08:30:30"), Standing.WARNING)


async def running(gateway: Gateway, agent: Agent) -> dict[str, str]:
    (line,) = await gateway.overview.conversations("all", agent)
    return {clock.measure.value: clock.standing.value for clock in line.clocks}


async def test_the_list_shows_what_runs(gateway: Gateway, lin: Agent, clock: FakeClock) -> None:
    conversation_id = await queued(gateway)
    clock.advance(50)
    assert await running(gateway, lin) == {"first_reply": "warning", "resolution": "on_time"}
    await gateway.handoff.claim(conversation_id, lin)
    clock.advance(20)
    assert (await running(gateway, lin))["first_reply"] == "breached"
    await gateway.handoff.reply(conversation_id, lin, "a1", "您好")
    assert await running(gateway, lin) == {"resolution": "on_time"}
    await gateway.conversations.receive(conversation_id, "m1", "我想问一下")
    clock.advance(100)
    await gateway.conversations.receive(conversation_id, "m2", "还在吗")
    clock.advance(81)
    assert (await running(gateway, lin))["next_reply"] == "breached"  # by the first word that nobody answered
    await gateway.handoff.reply(conversation_id, lin, "a2", "在的")
    assert await running(gateway, lin) == {"resolution": "on_time"}
    await gateway.handoff.close(conversation_id, lin)
    assert await running(gateway, lin) == {}


async def test_clocks_go_on_through_a_transfer(gateway: Gateway, lin: Agent, clock: FakeClock) -> None:
    conversation_id = await queued(gateway)
    await gateway.handoff.claim(conversation_id, lin)
    clock.advance(50)
    await gateway.transfers.refer(conversation_id, lin, Skill.LOANS)
    assert (await running(gateway, lin))["first_reply"] == "warning"


async def test_the_wall_counts_the_room(gateway: Gateway, lin: Agent, zhou: Agent, clock: FakeClock) -> None:
    first = await queued(gateway)
    await gateway.handoff.claim(first, lin)
    await queued(gateway, "lost_card")
    clock.advance(61)
    for agent in (lin, zhou):
        await gateway.team.beat(agent.agent_id)
    await gateway.team.set_away(zhou.agent_id, away=True)
    assert asdict(await gateway.wall.read()) == {
        "waiting": 1,
        "by_skill": {"cards": 1},
        "longest_wait_s": 61,
        "served": 1,
        "online": 1,
        "away": 1,
        "room": 4,
        "clocks": {
            "first_reply": {"warning": 0, "breached": 2},
            "next_reply": {"warning": 0, "breached": 0},
            "resolution": {"warning": 0, "breached": 0},
        },
        "tickets": 0,
        "tickets_late": 0,
    }
