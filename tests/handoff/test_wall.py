import csv
import io
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.application import Gateway
from bot.conversations.rasa import HandoffWish
from bot.handoff.ratings import Ratings
from bot.staff.models import Agent
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.handoff.conftest import queued
from tests.staff.people import browser, hire, sign_in


@pytest.fixture
async def supervisor(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    await hire(gateway, "wu", role="supervisor")
    async with browser(gateway) as desk:
        await sign_in(desk, "wu")
        yield desk


async def test_the_wall_counts_who_waits_and_who_is_served(
    gateway: Gateway, db: Database, clock: FakeClock, lin: Agent, zhou: Agent
) -> None:
    waiting, served, closed, given_up = [await queued(gateway, "misses") for _ in range(4)]
    clock.advance(seconds=200)
    await gateway.handoff.claim(served, lin)
    await gateway.handoff.claim(closed, lin)
    await gateway.handoff.close(closed, lin)
    async with db.write() as connection:
        segment = (await gateway.log.get(closed)).segment
        await Ratings(db, gateway.log, clock).record(connection, closed, segment, 4, agent_id=lin.agent_id)
    async with gateway.log.change(given_up) as change:
        await gateway.handoff.cancel(change)
    await gateway.team.beat(lin.agent_id)
    (first, second), today = await gateway.day.read()
    assert (first.name, first.presence, first.serving, first.closed, first.score) == (lin.name, "online", 1, 1, 4.0)
    assert (second.name, second.presence, second.serving) == (zhou.name, "offline", 0)
    assert (today.queued, today.claimed, today.given_up, today.long_waits) == (4, 2, 1, 4)
    assert (today.mean_wait_s, today.ratings, today.reasons) == (200, 1, {"misses": 4})
    assert waiting


async def test_yesterday_is_not_today_but_who_still_waits_waits(gateway: Gateway, clock: FakeClock) -> None:
    await queued(gateway)
    clock.advance(days=1)
    _, today = await gateway.day.read()
    assert ((await gateway.wall.read()).waiting, today.queued, today.mean_wait_s) == (1, 0, None)


async def test_supervisors_see_the_room_and_the_day(supervisor: httpx.AsyncClient, gateway: Gateway) -> None:
    await queued(gateway)
    wall = (await supervisor.get("wall")).json()
    assert (wall["waiting"], wall["today"]["queued"], wall["clocks"]["first_reply"]["breached"]) == (1, 1, 0)
    assert [load["capacity"] > 0 for load in wall["agents"]] == [True]


async def test_every_service_is_a_row_of_the_file(
    supervisor: httpx.AsyncClient, gateway: Gateway, clock: FakeClock, lin: Agent
) -> None:
    conversation_id = await queued(gateway, "lost_card")
    clock.advance(seconds=30)
    await gateway.handoff.claim(conversation_id, lin)
    clock.advance(seconds=90)
    await gateway.handoff.close(conversation_id, lin, summary="=已挂失")
    answer = await supervisor.get("wall/services", params={"since": "2026-11-23", "until": "2026-11-23"})
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    told = [row[name] for name in ("转人工原因", "等待（秒）", "服务（秒）", "客服", "结果", "小结")]
    assert told == ["挂失协助", "30", "90", lin.name, "已结束", "'=已挂失"]
    nothing = await supervisor.get("wall/services", params={"since": "2026-11-24", "until": "2026-11-24"})
    assert len(nothing.content.decode().splitlines()) == 1


async def test_a_rating_belongs_to_the_service_it_was_given_for(
    gateway: Gateway, db: Database, clock: FakeClock, lin: Agent
) -> None:
    conversation_id = await queued(gateway)
    for score in (2, 5):
        await gateway.handoff.claim(conversation_id, lin)
        segment = (await gateway.log.get(conversation_id)).segment
        await gateway.handoff.give_back(conversation_id, lin)
        async with db.write() as connection:
            await Ratings(db, gateway.log, clock).record(
                connection, conversation_id, segment, score, agent_id=lin.agent_id
            )
        clock.advance(seconds=60)
        async with gateway.log.change(conversation_id) as change:
            await gateway.handoff.queue(change, HandoffWish("asked"))
        clock.advance(seconds=60)
    rows = await gateway.day.services(clock().date(), clock().date())
    assert [row["score"] for row in rows] == [2, 5, None]


@pytest.mark.parametrize("until", ["2026-11-22", "2027-11-23"])
async def test_a_period_is_a_quarter_at_most(supervisor: httpx.AsyncClient, until: str) -> None:
    answer = await supervisor.get("wall/services", params={"since": "2026-11-23", "until": until})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_period")


async def test_agents_have_no_wall(desk: httpx.AsyncClient) -> None:
    assert (await desk.get("/api/desk/wall")).status_code == 403
