"""Every route of the desk against the table of permissions, with every role and signed out."""

from collections.abc import Iterable, Iterator

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute
from starlette.routing import BaseRoute

from bot.application import Gateway
from bot.gateway import create_app
from bot.settings import Settings
from bot.staff.access import Permit
from bot.staff.roles import PERMISSIONS, ROLES, Operation, Role
from tests.staff.people import browser, hire, sign_in

WITHOUT_SESSION = {
    "/api/desk/login",
    "/api/desk/login/code",
    "/api/desk/login/password",
    "/api/desk/login/enrolment",
    "/api/desk/login/enrolment/confirm",
    "/api/desk/logout",
}
WHILE_LOCKED = {"/api/desk/unlock"}
STREAM = "/api/desk/stream"
"""Looks at the session and the role itself: tests/staff/test_stream.py."""
ON_CUSTOMERS = ("/api/desk/conversations", "/api/desk/complaints", "/api/desk/outbox")


def permits(dependant: Dependant) -> Iterator[Permit]:
    """Every permit that a route asks for."""
    for each in dependant.dependencies:
        if isinstance(each.call, Permit):
            yield each.call
        yield from permits(each)


def flat(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """All routes, those of included routers too, which FastAPI keeps as routers."""
    for route in routes:
        included = getattr(route, "original_router", None)
        yield from flat(included.routes) if included else [route]


EVERY = [each for each in flat(create_app(Settings()).routes) if getattr(each, "path", "").startswith("/api/desk")]
ROUTES = [route for route in EVERY if isinstance(route, APIRoute)]
GUARDED = [route for route in ROUTES if route.path not in WITHOUT_SESSION | WHILE_LOCKED]


def operation_of(route: APIRoute) -> Operation:
    (operation,) = {permit.operation for permit in permits(route.dependant)}
    return operation


def test_every_route_asks_for_exactly_one_permission() -> None:
    assert {len({each.operation for each in permits(route.dependant)}) for route in GUARDED} == {1}
    named = {route.path for route in ROUTES}
    assert named >= WITHOUT_SESSION | WHILE_LOCKED
    assert {operation_of(route) for route in GUARDED} == set(Operation)
    assert [route.path for route in EVERY if isinstance(route, APIWebSocketRoute)] == [STREAM]
    assert len(EVERY) == len(ROUTES) + 1


async def ask(desk: httpx.AsyncClient, route: APIRoute) -> httpx.Response:
    (method,) = route.methods
    path = route.path.removeprefix("/api/desk/").replace("{seq}", "1")
    return await desk.request(method, path, json={} if method == "POST" else None)


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_may_do_what_the_table_says_and_no_more(gateway: Gateway, role: Role) -> None:
    await hire(gateway, "lin", role=role)
    async with browser(gateway) as desk:
        await sign_in(desk, "lin")
        for route in GUARDED:
            answer = await ask(desk, route)
            refused = answer.status_code == 403 and answer.json()["code"] == "not_permitted"
            assert refused == (role not in PERMISSIONS[operation_of(route)]), (route.path, answer.text)
            assert answer.status_code < 500, (route.path, answer.text)


async def test_nothing_is_told_to_who_is_not_signed_in(gateway: Gateway) -> None:
    async with browser(gateway) as desk:
        for route in ROUTES:
            if route.path not in WITHOUT_SESSION:
                assert (await ask(desk, route)).status_code == 401, route.path


def test_an_auditor_never_writes() -> None:
    for route in GUARDED:
        if "GET" not in route.methods and operation_of(route) is not Operation.OWN_SESSION:
            assert "auditor" not in PERMISSIONS[operation_of(route)], route.path


@pytest.mark.parametrize("role", ["editor", "admin"])
def test_who_has_nothing_to_do_with_customers_sees_none(role: Role) -> None:
    for route in GUARDED:
        if route.path.startswith(ON_CUSTOMERS):
            assert role not in PERMISSIONS[operation_of(route)], route.path


def test_only_admins_manage_accounts_and_supervisors_do_all_that_agents_do() -> None:
    for route in GUARDED:
        allowed = PERMISSIONS[operation_of(route)]
        assert (allowed == {"admin"}) == route.path.startswith("/api/desk/accounts"), route.path
        assert "agent" not in allowed or "supervisor" in allowed, route.path
        if route.path.endswith(("/approve", "/refuse", "/export", "/retry", "/discard")):
            assert allowed == {"supervisor"}, route.path
