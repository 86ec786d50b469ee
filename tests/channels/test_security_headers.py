"""What a browser is told with every answer, and that our pages live with it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot.application import Gateway
from bot.gateway import create_app
from bot.settings import ROOT
from tests.channels.conftest import listening

PAGES = ROOT / "bot" / "web"
PATHS = ["/", "/desk", "/wechat/bind/page", "/static/desk/index.html", "/static/widget/widget.js", "/api/chat/config"]
BANK = "https://www.bank.example"


def policy(answer: httpx.Response) -> dict[str, str]:
    """The directives of an answer's CSP."""
    pairs = (part.strip().partition(" ") for part in answer.headers["content-security-policy"].split(";"))
    return {name: value for name, _, value in pairs}


@asynccontextmanager
async def reached(gateway: Gateway, url: str, *origins: str) -> AsyncIterator[httpx.AsyncClient]:
    gateway.settings.allowed_origins = list(origins)
    app = create_app(gateway.settings, gateway)
    app.state.gateway = gateway
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=url) as client:
        yield client


@pytest.mark.parametrize("path", [*PATHS, "/api/nothing", "/api/desk/me"])
async def test_only_our_own_files_run(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    csp = policy(answer)
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert (csp["default-src"], csp["object-src"], csp["base-uri"]) == ("'none'", "'none'", "'none'")
    assert {csp[name] for name in ("script-src", "style-src", "connect-src", "form-action")} == {"'self'"}
    assert csp["img-src"] == "'self' data:"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "camera=()" in answer.headers["permissions-policy"]
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert "strict-transport-security" not in answer.headers  # plain http: a browser would ignore it


@pytest.mark.parametrize("path", PATHS)
async def test_only_allowed_origins_may_frame_the_bank_page_and_nobody_the_rest(gateway: Gateway, path: str) -> None:
    async with reached(gateway, "http://test", BANK, "https://m.bank.example") as client:
        answer = await client.get(path)
    if path == "/":
        assert policy(answer)["frame-ancestors"] == f"{BANK} https://m.bank.example"
        assert "x-frame-options" not in answer.headers  # it knows no list
    else:
        assert policy(answer)["frame-ancestors"] == "'none'"
        assert answer.headers["x-frame-options"] == "DENY"


async def test_without_allowed_origins_nobody_may_frame_anything(http: httpx.AsyncClient) -> None:
    assert policy(await http.get("/"))["frame-ancestors"] == "'none'"


async def test_other_sites_may_load_the_widget_and_nothing_else(http: httpx.AsyncClient) -> None:
    for path in PATHS:
        expected = "cross-origin" if path.startswith("/static/") else "same-origin"
        assert (await http.get(path)).headers["cross-origin-resource-policy"] == expected


@pytest.mark.parametrize("path", ["/api/chat/config", "/api/desk/me", "/api/nothing", "/desk", "/metrics"])
async def test_what_is_said_is_not_kept(http: httpx.AsyncClient, path: str) -> None:
    assert (await http.get(path)).headers["cache-control"] == "no-store"


async def test_https_stays_https(gateway: Gateway) -> None:
    async with reached(gateway, "https://test") as client:
        assert (await client.get("/desk")).headers["strict-transport-security"] == "max-age=31536000"


async def test_the_server_does_not_say_what_it_is(gateway: Gateway) -> None:
    async with listening(create_app(gateway.settings, gateway)) as address, httpx.AsyncClient() as client:
        assert "server" not in (await client.get(f"http://{address}/healthz")).headers


async def test_a_production_gateway_describes_itself_to_nobody(gateway: Gateway) -> None:
    assert (await _status(gateway, "/openapi.json"), await _status(gateway, "/docs")) == (200, 404)
    gateway.settings.environment = "production"
    assert (await _status(gateway, "/openapi.json"), await _status(gateway, "/redoc")) == (404, 404)


async def _status(gateway: Gateway, path: str) -> int:
    async with reached(gateway, "http://test") as client:
        return (await client.get(path)).status_code


def files(suffix: str) -> list[Path]:
    found = sorted(PAGES.rglob(f"*{suffix}"))
    assert found
    return found


@pytest.mark.parametrize("page", files(".html"), ids=lambda page: page.parent.name)
def test_pages_hold_no_script_style_or_handler(page: Path) -> None:
    html = page.read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*\ssrc=)", html) == []
    assert re.findall(r"<script[^>]*>\s*[^<\s]", html) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+\s*=|javascript:|srcdoc=|<base|<iframe|<object|<embed", html) == []
    foreign = [address for address in re.findall(r'(?:src|href|action)="([^"]+)"', html) if "//" in address]
    assert foreign == []


_FORBIDDEN = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|setHTML"
    r"|\beval\(|new Function|setTimeout\(\s*[\"'`]"
    r"|setAttribute\(\s*[\"'`](?:style|on\w+)[\"'`]|[{,]\s*style:|createElement\(\s*[\"'`](?:script|style|iframe)"
)


@pytest.mark.parametrize("script", files(".js"), ids=lambda script: f"{script.parent.name}/{script.name}")
def test_scripts_make_no_markup_style_attribute_or_code(script: Path) -> None:
    assert _FORBIDDEN.findall(script.read_text(encoding="utf-8")) == []
