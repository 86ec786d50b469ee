"""The stub of 纷享销客 on a port, and workers' adapters that talk to it."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest

from bot.crm.fxiaoke.adapter import FxiaokeCrm
from bot.crm.fxiaoke.build import build_fxiaoke
from bot.settings import ROOT, Settings
from bot.storage.database import Database
from tests.contracts.crm import LI, WANG
from tests.fakes.clock import FakeClock
from tests.stubs.fxiaoke.gate import APP_ID, APP_SECRET, PERMANENT_CODE, USER_MOBILE
from tests.stubs.fxiaoke.server import Fxiaoke, create_app
from tests.stubs.serving import serving

Worker = Callable[..., FxiaokeCrm]


@pytest.fixture(scope="session")
def fxiaoke_server() -> Iterator[tuple[Fxiaoke, str]]:
    """The stub, on a port."""
    fxiaoke = Fxiaoke()
    with serving(create_app(fxiaoke)) as url:
        yield fxiaoke, url


@pytest.fixture
def fxiaoke(fxiaoke_server: tuple[Fxiaoke, str]) -> Fxiaoke:
    """The stub with two customers, and nothing going wrong."""
    fxiaoke_server[0].reset()
    fxiaoke_server[0].store.add_account(WANG)
    fxiaoke_server[0].store.add_account(LI)
    return fxiaoke_server[0]


@pytest.fixture(params=["bearer", "legacy"])
def auth(request: pytest.FixtureRequest) -> str:
    """Either way to say who is calling."""
    return str(request.param)


@pytest.fixture
async def worker(
    fxiaoke: Fxiaoke, fxiaoke_server: tuple[Fxiaoke, str], auth: str, db: Database, clock: FakeClock
) -> AsyncIterator[Worker]:
    """Makes a worker's adapter, with settings of its own; workers share the database."""
    async with httpx.AsyncClient() as http:

        def make(**other: Any) -> FxiaokeCrm:
            given = {
                "crm": "fxiaoke",
                "crm_mapping_file": ROOT / "examples/crm/fxiaoke.yml",
                "crm_timeout_s": 2.0,
                "fxiaoke_url": fxiaoke_server[1],
                "fxiaoke_auth": auth,
                "fxiaoke_app_id": APP_ID,
                "fxiaoke_app_secret": APP_SECRET,
                "fxiaoke_permanent_code": PERMANENT_CODE,
                "fxiaoke_user_mobile": USER_MOBILE,
            }
            return build_fxiaoke(Settings(_env_file=None, **{**given, **other}), http, db, clock)

        yield make


@pytest.fixture
def crm(worker: Worker) -> FxiaokeCrm:
    """One worker's adapter."""
    return worker()
