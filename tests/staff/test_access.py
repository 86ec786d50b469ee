"""Cookies, and that no other site's page can act for an agent."""

import httpx
import pytest

from bot.application import Gateway
from bot.bootstrap import build_gateway
from tests.staff.people import PASSWORD, browser, hire

BODY = {"login": "lin", "password": PASSWORD}
HEADER = {"X-Desk": "1"}


async def test_over_http_in_development_the_cookie_is_for_this_host_only(gateway: Gateway) -> None:
    await hire(gateway, "lin")
    async with browser(gateway) as desk:
        cookie = (await desk.post("login", json=BODY)).headers.get_list("set-cookie")[-1]
    assert cookie.startswith("zhanggui_desk=")
    assert {part.strip().lower() for part in cookie.split(";")} >= {"httponly", "samesite=strict", "path=/"}
    assert "secure" not in cookie.lower()
    assert "domain" not in cookie.lower()


@pytest.mark.parametrize(("url", "environment"), [("https://test", "development"), ("http://test", "production")])
async def test_over_tls_and_in_production_cookies_are_host_bound_and_secure(
    gateway: Gateway, url: str, environment: str
) -> None:
    await hire(gateway, "lin")
    settings = gateway.settings.model_copy(update={"environment": environment, "desk_totp": "required"})
    strict = build_gateway(settings, foundation=gateway.foundation, dialogue=gateway.dialogue)
    async with browser(strict, url) as desk:
        pending = (await desk.post("login", json=BODY)).headers["set-cookie"]
    async with browser(strict, url) as desk:
        strict.staff.sign_in._totp_required = False  # to get at the session's cookie in one step
        session = (await desk.post("login", json=BODY)).headers.get_list("set-cookie")[-1]
    for cookie, name in ((pending, "__Host-zhanggui_desk_pending="), (session, "__Host-zhanggui_desk=")):
        parts = {part.strip().lower() for part in cookie.split(";")}
        assert cookie.startswith(name)
        assert parts >= {"secure", "httponly", "samesite=strict", "path=/"}
        assert not any(part.startswith("domain") for part in parts)


async def test_over_tls_a_cookie_without_the_prefix_is_none(gateway: Gateway) -> None:
    await hire(gateway, "lin")
    async with browser(gateway, "https://test") as desk:
        await desk.post("login", json=BODY)
        assert (await desk.get("me")).is_success
        secret = desk.cookies["__Host-zhanggui_desk"]
    async with browser(gateway, "https://test") as desk:
        assert (await desk.get("me", headers={"Cookie": f"zhanggui_desk={secret}"})).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"X-Desk": "0"}, 403),
        (HEADER, 200),
        ({**HEADER, "Origin": "http://test", "Sec-Fetch-Site": "same-origin"}, 200),
        ({**HEADER, "Sec-Fetch-Site": "none"}, 200),
        ({**HEADER, "Origin": "https://desk.bank.example", "Sec-Fetch-Site": "same-origin"}, 200),
        ({**HEADER, "Origin": "http://elsewhere.example", "Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "http://test", "Sec-Fetch-Site": "same-origin"}, 403),
        ({**HEADER, "Origin": "http://elsewhere.example"}, 403),
        ({**HEADER, "Origin": "http://test.elsewhere.example"}, 403),
        ({**HEADER, "Origin": "http://test:8443"}, 403),
        ({**HEADER, "Origin": "null"}, 403),
        ({**HEADER, "Sec-Fetch-Site": "cross-site"}, 403),
        ({**HEADER, "Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://test"}, 403),
    ],
)
async def test_writes_come_from_the_desks_own_page(gateway: Gateway, headers: dict[str, str], status: int) -> None:
    await hire(gateway, "lin")
    async with browser(gateway, headers={"accept": "*/*"}) as desk:
        assert (await desk.post("login", json=BODY, headers=headers)).status_code == status
        await desk.post("login", json=BODY, headers=HEADER)
        assert (await desk.post("activity", headers=headers)).status_code == status


async def test_reading_needs_no_header(gateway: Gateway) -> None:
    await hire(gateway, "lin")
    async with browser(gateway) as desk:
        await desk.post("login", json=BODY)
        cookies = desk.cookies
    async with browser(gateway, headers={"accept": "*/*"}) as bare:
        bare.cookies = httpx.Cookies(cookies)
        assert (await bare.get("me")).is_success
