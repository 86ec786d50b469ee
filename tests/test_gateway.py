"""What holds for every route of the public process."""

from pathlib import Path

import httpx

from bot.application import Gateway
from bot.bootstrap import build_foundation, build_gateway
from bot.gateway import create_app
from bot.settings import Settings
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.crm import FakeCrm
from tests.handoff.conftest import queued


async def test_a_system_that_is_away_is_told_as_such(db: Database, clock: FakeClock) -> None:
    crm = FakeCrm()
    crm.is_down = True
    base = build_foundation(Settings(), clock=clock, db=db, crm=crm)
    gateway = build_gateway(base.settings, foundation=base)
    app = create_app(base.settings, gateway)
    app.state.gateway = gateway

    @app.get("/asks-the-crm")
    async def asks() -> None:
        await base.crm.find_by_phone("13900000001", "c")

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        answer = await client.get("/asks-the-crm")
    assert (answer.status_code, answer.json()["code"]) == (503, "crm_unavailable")
    assert "稍后再试" in answer.json()["message"]
    await base.http.aclose()


async def test_metrics_are_for_the_banks_own_networks(gateway: Gateway) -> None:
    app = create_app(gateway.settings, gateway)
    app.state.gateway = gateway

    async def counts(address: str) -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get("/metrics")

    assert "zhanggui_turns_total" in (await counts("127.0.0.1")).text
    assert (await counts("::1")).status_code == 200
    refused = await counts("10.1.2.3")
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    gateway.settings.metrics_networks = ["10.1.0.0/16"]
    assert (await counts("10.1.2.3")).status_code == 200
    assert (await counts("127.0.0.1")).status_code == 404


async def test_metrics_count_the_room_when_they_are_asked_for(gateway: Gateway) -> None:
    app = create_app(gateway.settings, gateway)
    app.state.gateway = gateway
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        for waiting in (1, 2):
            await queued(gateway)
            assert f"zhanggui_queued_conversations {waiting}.0" in (await client.get("/metrics")).text


async def test_metrics_are_told_though_the_database_is_not_there(tmp_path: Path) -> None:
    base = build_foundation(Settings(), db=Database(f"sqlite:///{tmp_path}/without_tables.db"))
    app = create_app(base.settings, gateway := build_gateway(base.settings, foundation=base))
    app.state.gateway = gateway
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        answer = await client.get("/metrics")
    assert (answer.status_code, "zhanggui_turns_total" in answer.text) == (200, True)
    await base.http.aclose()
    await base.db.close()


async def test_what_the_framework_refuses_has_our_shape(gateway: Gateway) -> None:
    app = create_app(gateway.settings, gateway)
    app.state.gateway = gateway
    headers = {"content-type": "application/json"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        answers = [
            await client.post("/api/chat/sessions", content=b"\xff{", headers=headers),
            await client.get("/api/nowhere"),
            await client.delete("/api/chat/config"),
            await client.get("/api/chat/config", params={"x": "\x00"}),
        ]
    assert [answer.status_code for answer in answers] == [400, 404, 405, 422]
    assert all(answer.json()["code"] and answer.json()["message"] for answer in answers)
