"""What a supervisor sees and does about writes that the CRM has not taken."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import select

from bot.application import Gateway
from bot.crm.writes import AddNote
from bot.gateway import create_app
from bot.privacy.tables import audit_log
from tests.staff.people import hire

NUMBER = "TS2026112300015"


@pytest.fixture
async def desk(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    """The desk with nobody signed in; agent lin and supervisor wu have accounts."""
    await hire(gateway, "lin")
    await hire(gateway, "wu", role="supervisor")
    app = create_app(gateway.settings, gateway)
    app.state.gateway = gateway
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers={"X-Desk": "1"}) as client:
        yield client


async def sign_in(desk: httpx.AsyncClient, login: str) -> str:
    body = {"login": login, "password": "correct horse"}
    return str((await desk.post("/api/desk/login", json=body)).json()["agent"]["agent_id"])


async def refused(gateway: Gateway) -> int:
    """A note to a case that the CRM does not know, delivered in vain."""
    outbox = gateway.foundation.outbox
    async with gateway.foundation.db.write() as connection:
        await outbox.add(connection, AddNote(NUMBER, "客户电话13900000091", "k1"))
    await gateway.foundation.deliverer.deliver()
    (write,) = await outbox.waiting()
    return write.write_id


async def test_a_supervisor_sees_what_waits_without_what_it_says(desk: httpx.AsyncClient, gateway: Gateway) -> None:
    write_id = await refused(gateway)
    await sign_in(desk, "wu")
    answer = await desk.get("/api/desk/outbox")
    (write,) = answer.json()["writes"]
    assert (write["write_id"], write["kind"], write["subject"]) == (write_id, "add_note", NUMBER)
    assert (write["attempts"], write["error"]) == (1, f"no case {NUMBER}")
    assert write["parked_at"] is not None
    assert "13900000091" not in answer.text


async def test_a_refused_write_is_tried_again_or_given_up_for_a_reason(
    desk: httpx.AsyncClient, gateway: Gateway
) -> None:
    path = f"/api/desk/outbox/{await refused(gateway)}"
    wu = await sign_in(desk, "wu")
    assert (await desk.post(f"{path}/retry")).status_code == 200
    await gateway.foundation.deliverer.deliver()
    (write,) = (await desk.get("/api/desk/outbox")).json()["writes"]
    assert write["attempts"] == 2
    assert (await desk.post(f"{path}/discard", json={"reason": "  "})).status_code == 422
    assert (await desk.post(f"{path}/discard", json={"reason": "工单已在CRM中合并"})).status_code == 200
    assert (await desk.get("/api/desk/outbox")).json()["writes"] == []
    for gone in ("retry", "discard"):
        answer = await desk.post(f"{path}/{gone}", json={"reason": "再一次"})
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_write")
    async with gateway.foundation.db.read() as connection:
        entries = (
            await connection.execute(select(audit_log).where(audit_log.c.actor == f"agent:{wu}").order_by("id"))
        ).all()
    assert [(e.actor, e.action) for e in entries] == [
        (f"agent:{wu}", "crm_outbox.retry"),
        (f"agent:{wu}", "crm_outbox.discard"),
    ]
    assert entries[1].reason == "工单已在CRM中合并"


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", "/1/retry"), ("POST", "/1/discard")])
async def test_it_is_for_supervisors_only(desk: httpx.AsyncClient, method: str, path: str) -> None:
    url = f"/api/desk/outbox{path}"
    assert (await desk.request(method, url, json={"reason": "x"})).status_code == 401
    await sign_in(desk, "lin")
    answer = await desk.request(method, url, json={"reason": "x"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
