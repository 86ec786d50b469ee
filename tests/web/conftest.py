"""A browser, and a fake gateway that serves the real pages to it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.web.chromium import launched
from tests.web.fake_gateway.complaints import FakeComplaint
from tests.web.fake_gateway.server import running
from tests.web.fake_gateway.state import AGENTS, FakeGateway

_REFUSED_ON_PURPOSE = ("Failed to load resource", "WebSocket connection to")

LIN, ZHOU = AGENTS["agent1"], AGENTS["agent2"]
LATE, SOON, NEW = "TS2026111100016", "TS2026111500029", "TS2026112300017"
Complaints = dict[str, FakeComplaint]

expect.set_options(timeout=8_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium. One per module: the sync API keeps an event loop, which asyncio tests would trip over."""
    yield from launched()


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


@pytest.fixture
def complaints(gateway: FakeGateway) -> Complaints:
    """A late one that lin investigates, one of zhou that is due soon and waits for an approval, and a new one."""
    opened = gateway.open("C1")["conversation_id"]
    late = FakeComplaint(LATE, state="investigating", days_left=-2, handler=LIN, concerns=["media"])
    soon = FakeComplaint(SOON, what="大堂经理态度差", state="accepted", days_left=1, handler=ZHOU, category="service")
    soon.extension = {"by": ZHOU, "requested_by": "周岚", "reason": "等对方银行回函", "until": "2026-12-25"}
    new = FakeComplaint(NEW, what="手机银行闪退 [手机号1]", conversation_id=opened)
    gateway.complaints = {each.number: each for each in (new, soon, late)}
    return gateway.complaints


class Gate:
    """Requests to `url` that wait until it is opened."""

    def __init__(self, page: Page, url: str) -> None:
        self._waiting: list[Route] = []
        self._is_open = False
        page.route(url, self._arrive)

    def open(self) -> None:
        """Let through what waits and what still comes."""
        self._is_open = True
        for route in self._waiting:
            route.continue_()

    def _arrive(self, route: Route) -> None:
        if self._is_open:
            route.continue_()
        else:
            self._waiting.append(route)
