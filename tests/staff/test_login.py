"""Signing in over HTTP, in every order of steps."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from bot.application import Gateway
from bot.bootstrap import build_gateway
from bot.staff.tables import agents
from tests.fakes.clock import FakeClock
from tests.staff.people import PASSWORD, browser, hire, sign_in

OWN = "a password of my own"


@pytest.fixture
async def strict(gateway: Gateway) -> Gateway:
    """The same gateway where everybody needs an app."""
    settings = gateway.settings.model_copy(update={"desk_totp": "required"})
    return build_gateway(settings, foundation=gateway.foundation, dialogue=gateway.dialogue)


@pytest.fixture
async def desk(strict: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(strict) as client:
        yield client


def told(answer: httpx.Response) -> dict[str, Any]:
    """What was answered, whichever request it was."""
    return {name: value for name, value in answer.json().items() if name != "request_id"}


async def login(desk: httpx.AsyncClient, password: str = PASSWORD) -> httpx.Response:
    return await desk.post("login", json={"login": "lin", "password": password})


async def enrol(desk: httpx.AsyncClient, clock: FakeClock) -> tuple[str, list[str]]:
    """Enrols an app in the sign-in that was begun; its secret and the recovery codes."""
    begun = (await desk.post("login/enrolment")).json()
    assert begun["qr"].startswith("data:image/svg+xml")
    code = pyotp.TOTP(begun["secret"]).at(clock())
    done = await desk.post("login/enrolment/confirm", json={"code": code})
    assert done.json()["agent"]["login"] == "lin", done.text
    return begun["secret"], done.json()["recovery_codes"]


async def code(desk: httpx.AsyncClient, value: str) -> httpx.Response:
    return await desk.post("login/code", json={"code": value})


async def test_the_first_sign_in_enrols_and_the_next_asks_for_a_code(
    desk: httpx.AsyncClient, strict: Gateway, clock: FakeClock
) -> None:
    await hire(strict, "lin")
    assert (await login(desk)).json() == {"step": "enrolment"}
    assert (await desk.get("me")).status_code == 401
    secret, codes = await enrol(desk, clock)
    assert len(codes) == 10
    assert (await desk.get("me")).json()["agent"]["name"] == "座席lin"
    await desk.post("logout")
    assert (await desk.get("me")).status_code == 401
    assert (await login(desk)).json() == {"step": "code"}
    assert (await code(desk, "000000")).json()["code"] == "wrong_code"
    clock.advance(30)
    assert (await code(desk, pyotp.TOTP(secret).at(clock()))).json()["agent"]["login"] == "lin"
    assert (await desk.get("me")).is_success
    await login(desk)
    assert (await code(desk, codes[3])).json()["agent"]["login"] == "lin"


async def test_a_password_alone_opens_no_step_that_is_not_due(
    desk: httpx.AsyncClient, strict: Gateway, clock: FakeClock
) -> None:
    await hire(strict, "lin")
    await login(desk)
    await enrol(desk, clock)
    await desk.post("logout")
    await login(desk)
    for path, body in (("enrolment", {}), ("enrolment/confirm", {"code": "123456"}), ("password", {"password": OWN})):
        answer = await desk.post(f"login/{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_expired"), path
    desk.cookies.clear()
    assert (await code(desk, "123456")).json()["code"] == "sign_in_expired"


async def test_a_sign_in_takes_five_minutes_at_most(desk: httpx.AsyncClient, strict: Gateway, clock: FakeClock) -> None:
    await hire(strict, "lin")
    await login(desk)
    clock.advance(301)
    assert (await desk.post("login/enrolment")).json()["code"] == "sign_in_expired"


async def test_a_note_of_an_earlier_password_is_worth_nothing(desk: httpx.AsyncClient, strict: Gateway) -> None:
    lin, wu = await hire(strict, "lin"), await hire(strict, "wu", role="admin")
    await login(desk)
    await strict.staff.accounts.reset_password(lin.agent_id, by=wu)
    assert (await desk.post("login/enrolment")).json()["code"] == "sign_in_expired"


async def test_an_initial_password_is_changed_first(desk: httpx.AsyncClient, strict: Gateway, clock: FakeClock) -> None:
    admin = await hire(strict, "wu", role="admin")
    _, initial = await strict.staff.accounts.add_with_initial_password("lin", "林晓", role="agent", by=admin)
    assert (await login(desk, initial)).json() == {"step": "password"}
    assert (await desk.post("login/enrolment")).status_code == 401
    weak = await desk.post("login/password", json={"password": "lin"})
    assert (weak.status_code, weak.json()["code"]) == (422, "weak_password")
    assert (await desk.post("login/password", json={"password": OWN})).json() == {"step": "enrolment"}
    await enrol(desk, clock)
    assert (await login(desk, initial)).json()["code"] == "login_failed"
    assert (await login(desk, OWN)).json() == {"step": "code"}


async def test_a_reset_password_does_not_get_round_the_app(
    desk: httpx.AsyncClient, strict: Gateway, clock: FakeClock
) -> None:
    lin, admin = await hire(strict, "lin"), await hire(strict, "wu", role="admin")
    await login(desk)
    secret, _ = await enrol(desk, clock)
    initial = await strict.staff.accounts.reset_password(lin.agent_id, by=admin)
    assert (await login(desk, initial)).json() == {"step": "code"}
    clock.advance(30)
    assert (await code(desk, pyotp.TOTP(secret).at(clock()))).json() == {"step": "password"}
    assert (await desk.post("login/password", json={"password": OWN})).json()["agent"]["login"] == "lin"


async def test_where_apps_are_optional_a_password_is_enough(gateway: Gateway) -> None:
    await hire(gateway, "lin")
    async with browser(gateway) as desk:
        await sign_in(desk, "lin")


@pytest.mark.parametrize("name", ["lin", "nobody"])
async def test_five_wrong_passwords_lock_a_login_that_exists_and_one_that_does_not(
    gateway: Gateway, clock: FakeClock, name: str
) -> None:
    await hire(gateway, "lin")
    async with browser(gateway) as desk:
        answers = [await desk.post("login", json={"login": name, "password": "wrong"}) for _ in range(6)]
        assert [(a.status_code, a.json()["code"]) for a in answers[:5]] == [(401, "login_failed")] * 5
        assert (answers[5].status_code, answers[5].json()["code"]) == (429, "login_locked")
        right = await desk.post("login", json={"login": name, "password": PASSWORD})
        assert (right.status_code, told(right)) == (429, told(answers[5]))
        clock.advance(901)
        later = await desk.post("login", json={"login": name, "password": PASSWORD})
        assert later.status_code == (200 if name == "lin" else 401)


async def test_codes_cannot_be_guessed_by_beginning_anew(
    desk: httpx.AsyncClient, strict: Gateway, clock: FakeClock
) -> None:
    strict.settings.logins_per_minute = 100
    await hire(strict, "lin")
    await login(desk)
    await enrol(desk, clock)
    for _ in range(5):
        assert (await login(desk)).json() == {"step": "code"}
        assert (await code(desk, "000000")).json()["code"] == "wrong_code"
    assert (await login(desk)).json()["code"] == "login_locked"
    assert (await code(desk, "000000")).json()["code"] == "login_locked"


async def test_a_hash_with_old_parameters_is_renewed(gateway: Gateway) -> None:
    await hire(gateway, "lin")
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    db = gateway.foundation.db
    async with db.write() as connection:
        await connection.execute(update(agents).values(password_hash=old))
    async with browser(gateway) as desk:
        await sign_in(desk, "lin")
        await sign_in(desk, "lin")
    async with db.read() as connection:
        kept = await connection.scalar(select(agents.c.password_hash))
    assert kept != old
    assert not PasswordHasher().check_needs_rehash(kept)


async def test_who_is_disabled_is_told_no_more_than_who_is_unknown(gateway: Gateway) -> None:
    lin, admin = await hire(gateway, "lin"), await hire(gateway, "wu", role="admin")
    await gateway.staff.accounts.disable(lin.agent_id, by=admin)
    async with browser(gateway) as desk:
        answers = [await desk.post("login", json={"login": name, "password": PASSWORD}) for name in ("lin", "nobody")]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert told(answers[0]) == told(answers[1])
