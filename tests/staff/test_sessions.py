"""Locking by disuse, the absolute end, and revocation."""

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.application import Gateway
from bot.staff.models import Agent
from tests.fakes.clock import FakeClock
from tests.staff.people import HERE, PASSWORD, browser, hire, session_of, sign_in

OWN = "a password of my own"


@pytest.fixture
async def lin(gateway: Gateway) -> Agent:
    return await hire(gateway, "lin")


@pytest.fixture
async def admin(gateway: Gateway) -> Agent:
    return await hire(gateway, "wu", role="admin")


@pytest.fixture
async def desk(gateway: Gateway, lin: Agent) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(gateway) as client:
        await sign_in(client, "lin")
        yield client


async def code(desk: httpx.AsyncClient, path: str = "conversations") -> str | None:
    """The code with which the desk is refused, None when it is not."""
    answer = await desk.get(path)
    return None if answer.is_success else answer.json()["code"]


async def test_a_session_nobody_uses_locks_however_often_the_page_asks(
    desk: httpx.AsyncClient, clock: FakeClock
) -> None:
    for _ in range(14):
        clock.advance(60)
        assert await code(desk) is None
    clock.advance(60)
    assert await code(desk) == "desk_locked"
    assert await code(desk, "me") == "desk_locked"
    assert (await desk.post("activity")).json()["code"] == "desk_locked"


async def test_what_a_person_does_keeps_it_open(desk: httpx.AsyncClient, clock: FakeClock) -> None:
    for _ in range(4):
        clock.advance(800)
        assert (await desk.post("activity")).is_success
    assert await code(desk) is None


async def test_the_password_unlocks_it(desk: httpx.AsyncClient, clock: FakeClock) -> None:
    clock.advance(900)
    wrong = await desk.post("unlock", json={"password": "wrong"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "login_failed")
    assert await code(desk) == "desk_locked"
    assert (await desk.post("unlock", json={"password": PASSWORD})).json()["agent"]["login"] == "lin"
    assert await code(desk) is None


async def test_wrong_passwords_at_the_lock_count_as_at_the_door(desk: httpx.AsyncClient, clock: FakeClock) -> None:
    clock.advance(900)
    for _ in range(5):
        await desk.post("unlock", json={"password": "wrong"})
    assert (await desk.post("unlock", json={"password": PASSWORD})).json()["code"] == "login_locked"
    assert (await desk.post("login", json={"login": "lin", "password": PASSWORD})).json()["code"] == "login_locked"


async def test_it_ends_after_twelve_hours_whatever_is_done(desk: httpx.AsyncClient, clock: FakeClock) -> None:
    for _ in range(12 * 6):
        clock.advance(600)
        await desk.post("activity")
    assert await code(desk) == "invalid_desk_session"
    assert (await desk.post("unlock", json={"password": PASSWORD})).status_code == 401


async def test_one_sees_where_one_is_signed_in_and_signs_out_there(
    desk: httpx.AsyncClient, gateway: Gateway, clock: FakeClock
) -> None:
    clock.advance(60)
    async with browser(gateway) as other:
        other.headers["user-agent"] = "Firefox"
        await sign_in(other, "lin")
        listed = (await desk.get("me/sessions")).json()["sessions"]
        assert listed[0]["browser"] == "Firefox"
        assert [each["current"] for each in listed] == [False, True]
        assert listed[0]["created_at"] > listed[1]["created_at"]
        path = f"me/sessions/{listed[0]['session_id']}/revoke"
        assert (await desk.post(path)).is_success
        assert await code(other) == "invalid_desk_session"
        assert await code(desk) is None
        assert (await desk.post(path)).status_code == 404


async def test_nobody_signs_others_out(desk: httpx.AsyncClient, gateway: Gateway) -> None:
    zhou = await hire(gateway, "zhou")
    await session_of(gateway, "zhou")
    (session,) = await gateway.staff.sessions.listed(zhou.agent_id)
    assert (await desk.post(f"me/sessions/{session.session_id}/revoke")).status_code == 404
    assert len(await gateway.staff.sessions.listed(zhou.agent_id)) == 1


async def test_an_admin_signs_people_out(desk: httpx.AsyncClient, gateway: Gateway, lin: Agent, admin: Agent) -> None:
    await session_of(gateway, "lin")
    first, second = await gateway.staff.sessions.listed(lin.agent_id)
    await gateway.staff.accounts.revoke_sessions(lin.agent_id, by=admin, session_id=first.session_id)
    assert [each.session_id for each in await gateway.staff.sessions.listed(lin.agent_id)] == [second.session_id]
    await gateway.staff.accounts.revoke_sessions(lin.agent_id, by=admin)
    assert await code(desk) == "invalid_desk_session"


async def test_another_password_ends_every_session(desk: httpx.AsyncClient, gateway: Gateway) -> None:
    await session_of(gateway, "lin")
    wrong = await desk.post("me/password", json={"old": "wrong", "new": OWN})
    assert wrong.json()["code"] == "login_failed"
    weak = await desk.post("me/password", json={"old": PASSWORD, "new": "123456789012"})
    assert weak.json()["code"] == "weak_password"
    assert (await desk.post("me/password", json={"old": PASSWORD, "new": OWN})).is_success
    assert await code(desk) == "invalid_desk_session"
    assert (await desk.post("login", json={"login": "lin", "password": OWN})).is_success


async def test_whatever_an_admin_does_to_an_account_ends_its_sessions(
    gateway: Gateway, lin: Agent, admin: Agent
) -> None:
    accounts = gateway.staff.accounts

    async def role() -> None:
        await accounts.change_role(lin.agent_id, "supervisor", by=admin)

    async def password() -> None:
        await accounts.reset_password(lin.agent_id, by=admin)

    async def disabled() -> None:
        await accounts.disable(lin.agent_id, by=admin)

    for act in (role, password, disabled):
        async with browser(gateway) as desk:
            secret = await gateway.staff.sessions.open(lin, HERE)
            desk.cookies.set("zhanggui_desk", secret)
            assert await code(desk) is None
            await act()
            assert await code(desk) == "invalid_desk_session"
