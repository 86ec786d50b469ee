"""A browser, and a fake gateway that serves the real pages to it."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.web.fake_gateway import FakeGateway, running

_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_REFUSED_ON_PURPOSE = ("Failed to load resource", "WebSocket connection to")

expect.set_options(timeout=8_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium. One per module: the sync API keeps an event loop, which asyncio tests would trip over."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        reason = "no chromium: install Debian's package or set CHROMIUM to the executable"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def _running_gateway() -> Iterator[FakeGateway]:
    with running(FakeGateway()) as gateway:
        yield gateway


@pytest.fixture
def gateway(_running_gateway: FakeGateway) -> FakeGateway:
    """A fake gateway with nothing in it."""
    _running_gateway.reset()
    return _running_gateway


NewContext = Callable[..., BrowserContext]


@pytest.fixture
def new_context(browser: Browser, gateway: FakeGateway) -> Iterator[NewContext]:
    """Makes browser contexts (each a person of its own) whose pages may not log an error of ours."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        usual = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
        context = browser.new_context(base_url=gateway.url, **{**usual, **options})
        context.set_default_timeout(8_000)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert [c for c in complaints if not c.startswith(_REFUSED_ON_PURPOSE)] == []


@pytest.fixture
def page(new_context: NewContext) -> Page:
    """The demo page in a browser of its own."""
    page = new_context().new_page()
    page.goto("/")
    return page
