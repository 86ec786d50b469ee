"""The stub on a port, and adapters that share a database as workers do."""

from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest

from bot.crm.errors import CrmUnavailableError
from bot.crm.mapping import load_mapping
from bot.crm.zoho.adapter import ZohoCrm
from bot.crm.zoho.api import ZohoApi
from bot.crm.zoho.login import LIMIT, ZohoLogin
from bot.settings import ROOT
from bot.storage.database import Database
from bot.tokens.shared import SharedToken
from tests.contracts.crm import LI, WANG
from tests.fakes.clock import FakeClock
from tests.stubs.serving import serving
from tests.stubs.zoho.server import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, Zoho, create_app


@pytest.fixture(scope="package")
def server() -> Iterator[tuple[Zoho, str]]:
    """The stub's state and its address."""
    zoho = Zoho()
    with serving(create_app(zoho)) as url:
        yield zoho, url


@pytest.fixture
def zoho(server: tuple[Zoho, str]) -> Zoho:
    """The stub with two customers, and nothing going wrong."""
    server[0].reset()
    server[0].store.add_contact(WANG)
    server[0].store.add_contact(LI)
    return server[0]


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


@pytest.fixture
def login(zoho: Zoho, server: tuple[Zoho, str], http: httpx.AsyncClient) -> ZohoLogin:
    """The right credentials."""
    return ZohoLogin(
        http,
        server[1],
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        refresh_token=REFRESH_TOKEN,
        timeout_s=2,
    )


@pytest.fixture
def new_api(login: ZohoLogin, http: httpx.AsyncClient, db: Database, clock: FakeClock) -> Callable[[], ZohoApi]:
    """Makes another worker's connection; all share one token."""

    def make() -> ZohoApi:
        token = SharedToken(
            db, clock, "s" * 32, name=login.token_name, limit=LIMIT, fetch=login, unavailable=CrmUnavailableError
        )
        # Nobody listens there: what works has trusted the address that came with the token.
        return ZohoApi(http, token, api_url="http://127.0.0.1:9", timeout_s=2)

    return make


@pytest.fixture
def api(new_api: Callable[[], ZohoApi]) -> ZohoApi:
    return new_api()


@pytest.fixture
def crm(api: ZohoApi, db: Database) -> ZohoCrm:
    return ZohoCrm(api, load_mapping(ROOT / "examples/crm/zoho.yml"), db)


@pytest.fixture
def another(new_api: Callable[[], ZohoApi], db: Database) -> ZohoCrm:
    """A second worker."""
    return ZohoCrm(new_api(), load_mapping(ROOT / "examples/crm/zoho.yml"), db)
