"""Managing accounts over HTTP, as an admin."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.application import Gateway
from bot.privacy.tables import audit_log
from bot.staff.errors import LastAdminError, LoginTakenError, UnknownAccountError
from bot.staff.models import Agent
from bot.staff.roles import Operation
from tests.staff.people import PASSWORD, browser, hire, sign_in


@pytest.fixture
async def lin(gateway: Gateway) -> Agent:
    return await hire(gateway, "lin")


@pytest.fixture
async def shen(gateway: Gateway) -> Agent:
    return await hire(gateway, "shen", role="admin")


@pytest.fixture
async def desk(gateway: Gateway, shen: Agent) -> AsyncIterator[httpx.AsyncClient]:
    """The desk, with admin shen signed in."""
    async with browser(gateway) as client:
        await sign_in(client, "shen")
        yield client


async def listed(desk: httpx.AsyncClient, login: str) -> dict[str, Any]:
    accounts = (await desk.get("accounts")).json()["accounts"]
    found: dict[str, Any] = next(each for each in accounts if each["login"] == login)
    return found


async def test_a_new_account_gets_a_password_that_has_to_be_changed(desk: httpx.AsyncClient, gateway: Gateway) -> None:
    made = (await desk.post("accounts", json={"login": "zhou", "name": "周岚", "role": "editor"})).json()
    account = await listed(desk, "zhou")
    assert (account["name"], account["role"], account["must_change_password"]) == ("周岚", "editor", True)
    async with browser(gateway) as other:
        answer = await other.post("login", json={"login": "zhou", "password": made["password"]})
        assert answer.json() == {"step": "password"}
    again = await desk.post("accounts", json={"login": "zhou", "name": "别人", "role": "agent"})
    assert (again.status_code, again.json()["code"]) == (409, "login_taken")


@pytest.mark.parametrize(
    "wrong",
    [{"login": "a b"}, {"login": "<b>"}, {"login": "x"}, {"name": " "}, {"role": "king"}],
)
async def test_an_account_needs_a_login_a_name_and_a_role(desk: httpx.AsyncClient, wrong: dict[str, str]) -> None:
    body = {"login": "zhou", "name": "周岚", "role": "agent", **wrong}
    assert (await desk.post("accounts", json=body)).status_code == 422


async def test_roles_and_doors_change(desk: httpx.AsyncClient, gateway: Gateway, lin: Agent) -> None:
    path = f"accounts/{lin.agent_id}"
    assert (await desk.post(f"{path}/role", json={"role": "auditor"})).is_success
    assert (await listed(desk, "lin"))["role"] == "auditor"
    assert (await desk.post(f"{path}/disable")).is_success
    assert (await listed(desk, "lin"))["disabled"] is True
    async with browser(gateway) as other:
        body = {"login": "lin", "password": PASSWORD}
        assert (await other.post("login", json=body)).status_code == 401
        assert (await desk.post(f"{path}/enable")).is_success
        assert (await other.post("login", json=body)).is_success
    (session,) = (await desk.get(f"{path}/sessions")).json()["sessions"]
    assert (await desk.post(f"{path}/sessions/revoke", json={"session_id": session["session_id"]})).is_success
    assert (await listed(desk, "lin"))["sessions"] == 0


async def test_a_reset_password_has_to_be_changed(desk: httpx.AsyncClient, gateway: Gateway, lin: Agent) -> None:
    password = (await desk.post(f"accounts/{lin.agent_id}/password")).json()["password"]
    async with browser(gateway) as other:
        assert (await other.post("login", json={"login": "lin", "password": PASSWORD})).status_code == 401
        answer = await other.post("login", json={"login": "lin", "password": password})
        assert answer.json() == {"step": "password"}


@pytest.mark.parametrize("move", ["role", "disable", "password", "totp"])
async def test_nobody_manages_the_own_account(desk: httpx.AsyncClient, shen: Agent, move: str) -> None:
    answer = await desk.post(f"accounts/{shen.agent_id}/{move}", json={"role": "agent"})
    assert (answer.status_code, answer.json()["code"]) == (409, "own_account")


async def test_the_last_admin_stays(gateway: Gateway, shen: Agent) -> None:
    accounts = gateway.staff.accounts
    he = await hire(gateway, "he", role="admin")
    await accounts.change_role(he.agent_id, "editor", by=shen)
    with pytest.raises(LastAdminError):  # as when both take it from each other at once
        await accounts.change_role(shen.agent_id, "agent", by=he)
    with pytest.raises(LastAdminError):
        await accounts.disable(shen.agent_id, by=he)
    assert [each.login for each in await accounts.who_may(Operation.ACCOUNTS)] == ["shen"]


async def test_what_is_not_there_cannot_be_changed(gateway: Gateway, desk: httpx.AsyncClient, shen: Agent) -> None:
    assert (await desk.post("accounts/nobody/disable")).status_code == 404
    with pytest.raises(UnknownAccountError):
        await gateway.staff.accounts.enable("nobody", by=shen)


async def test_a_taken_login_stays_as_it_is(gateway: Gateway, lin: Agent) -> None:
    with pytest.raises(LoginTakenError):
        await gateway.staff.accounts.add("lin", "别人", "another password")
    async with browser(gateway) as desk:
        await sign_in(desk, "lin")


async def test_every_change_is_audited(desk: httpx.AsyncClient, gateway: Gateway, shen: Agent, lin: Agent) -> None:
    made = (await desk.post("accounts", json={"login": "zhou", "name": "周岚", "role": "editor"})).json()
    moves = ("role", "disable", "enable", "password", "totp", "sessions/revoke")
    for move in moves:
        assert (await desk.post(f"accounts/{lin.agent_id}/{move}", json={"role": "auditor"})).is_success
    query = select(audit_log).where(audit_log.c.actor == shen.actor).order_by(audit_log.c.id)
    async with gateway.foundation.db.read() as connection:
        entries = (await connection.execute(query)).all()
    assert [entry.action.removeprefix("staff.") for entry in entries] == [
        "add",
        *("role", "disable", "enable", "reset_password", "reset_totp", "revoke_sessions"),
    ]
    assert entries[0].detail == {"agent_id": made["agent_id"], "role": "editor"}
    assert {entry.detail["agent_id"] for entry in entries[1:]} == {lin.agent_id}
    assert made["password"] not in str([entry.detail for entry in entries])


async def test_work_is_given_only_to_who_may_do_it(gateway: Gateway, shen: Agent, lin: Agent) -> None:
    await hire(gateway, "zheng", role="auditor")
    gone = await hire(gateway, "gone")
    await gateway.staff.accounts.disable(gone.agent_id, by=shen)
    async with browser(gateway) as desk:
        await sign_in(desk, "lin")
        assert [each["name"] for each in (await desk.get("complaints/choices")).json()["agents"]] == ["座席lin"]
