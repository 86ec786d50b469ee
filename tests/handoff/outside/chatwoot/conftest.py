"""The stub on a port, and the adapter before it."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from bot.handoff.outside.chatwoot.api import ChatwootApi
from bot.handoff.outside.chatwoot.desk import ChatwootDesk
from tests.fakes.clock import FakeClock
from tests.stubs.chatwoot.server import Chatwoot, create_app
from tests.stubs.chatwoot.store import ACCOUNT, INBOX, TOKEN
from tests.stubs.serving import serving


@pytest.fixture(scope="package")
def server() -> Iterator[tuple[Chatwoot, str]]:
    """The stub's state and its address."""
    chatwoot = Chatwoot()
    with serving(create_app(chatwoot)) as url:
        yield chatwoot, url


@pytest.fixture
def chatwoot(server: tuple[Chatwoot, str], clock: FakeClock) -> Chatwoot:
    """The stub, empty, and nothing going wrong."""
    server[0].reset(clock)
    return server[0]


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


@pytest.fixture
def desk(chatwoot: Chatwoot, server: tuple[Chatwoot, str], http: httpx.AsyncClient) -> ChatwootDesk:
    return ChatwootDesk(ChatwootApi(http, url=server[1], account_id=ACCOUNT, inbox_id=INBOX, token=TOKEN, timeout_s=5))
