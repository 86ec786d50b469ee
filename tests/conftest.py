"""What tests of every subject share: a clock that stands still, and a fresh database."""

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bot.application import Gateway
from bot.banking import demo as demo_banking
from bot.bootstrap import build_foundation, build_gateway
from bot.clock import bank_date
from bot.crm import demo as demo_crm
from bot.gateway import create_app
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.metadata import metadata
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.knowledge import FakeHitTester, built
from tests.fakes.sms import FakeSms
from tests.fakes.wechat import FakeWechat

pytest.register_assert_rewrite("tests.contracts")

ROOT = Path(__file__).resolve().parent.parent
POSTGRESQL_URL = os.environ.get("TEST_DATABASE_URL")
DATABASES: list[Any] = ["sqlite"]
if POSTGRESQL_URL:
    DATABASES.append(pytest.param("postgresql", marks=pytest.mark.services))

for _name in ("ANSWER_WITHIN_S", "CORE_TIMEOUT_S", "CRM_TIMEOUT_S"):
    # A machine that stands still for seconds is no core banking that is down. Tests about time set their own.
    os.environ.setdefault(_name, "20")

_IN_REAL_TIME = (
    "tests/actions/test_cut_connections.py",
    "tests/actions/test_unavailable.py",
    "tests/channels/test_stream.py",
    "tests/channels/wechat/test_receiver.py",
    "tests/channels/wechat/test_simulated.py",
    "tests/crm/fxiaoke/",
    "tests/crm/zoho/",
    "tests/e2e/",
    "tests/operations/test_supervisor.py",
    "tests/stories/",
    "tests/test_resilience.py",
    "tests/web/",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browsers, processes and sockets that run in real time get a second try; the report counts it as a rerun."""
    for item in items:
        if item.path.relative_to(config.rootpath).as_posix().startswith(_IN_REAL_TIME):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture
def clock() -> FakeClock:
    """Midday of 23 November 2026 at the bank, until the test moves it."""
    return FakeClock()


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and no row: copying it is faster than making the tables for each test."""
    import_module("bot.storage.schema")
    file = tmp_path_factory.mktemp("template") / "empty.db"
    engine = create_engine(f"sqlite:///{file}")
    metadata.create_all(engine)
    engine.dispose()
    return file


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A schema of its own with every table on the server of TEST_DATABASE_URL, for all tests one after another."""
    schema = f"test_{secrets.token_hex(6)}"
    server = make_url(str(POSTGRESQL_URL)).set(drivername="postgresql+psycopg")
    url = server.update_query_dict({"options": f"-csearch_path={schema}"})
    import_module("bot.storage.schema")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
        metadata.create_all(connection)
    yield url.render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture(params=DATABASES)
async def db(request: pytest.FixtureRequest, tmp_path: Path, empty_file: Path) -> AsyncIterator[Database]:
    """An empty database with every table: SQLite, and PostgreSQL as well when TEST_DATABASE_URL names one."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{shutil.copy(empty_file, tmp_path / 'test.db')}")
        yield database
        await database.close()
        return
    database = Database(request.getfixturevalue("postgres_url"))
    await empty(database)
    yield database
    await database.close()


@pytest.fixture
def sms() -> FakeSms:
    """Keeps what would have been sent to phones."""
    return FakeSms()


@pytest.fixture
def dialogue() -> FakeDialogue:
    """Stands in for Rasa."""
    return FakeDialogue()


@pytest.fixture
def wechat() -> FakeWechat:
    """Stands in for WeChat's server."""
    return FakeWechat()


@pytest.fixture
def hit_tester() -> FakeHitTester:
    """Stands in for the action server's index."""
    return FakeHitTester()


@pytest.fixture
async def gateway(
    db: Database,
    clock: FakeClock,
    sms: FakeSms,
    dialogue: FakeDialogue,
    wechat: FakeWechat,
    hit_tester: FakeHitTester,
) -> AsyncIterator[Gateway]:
    """The gateway's services on a fresh database; with PostgreSQL it uses Redis too, as in production."""
    settings = Settings(redis_url=None if db.is_sqlite else os.environ.get("TEST_REDIS_URL"))
    foundation = build_foundation(settings, clock=clock, sms=sms, db=db)
    if foundation.redis is not None:
        await foundation.redis.flushdb()  # the rate limits of the test before
    yield build_gateway(
        settings,
        foundation=foundation,
        dialogue=dialogue,
        wechat_api=wechat,
        hit_tester=hit_tester,
        build_knowledge=built,
    )
    await foundation.http.aclose()
    if foundation.redis is not None:
        await foundation.redis.aclose()


@pytest.fixture
async def address(gateway: Gateway) -> AsyncIterator[str]:
    """`127.0.0.1:port` of a gateway that really listens."""
    app = create_app(gateway.settings, gateway)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await running


@pytest.fixture
async def demo_bank(db: Database, clock: FakeClock) -> None:
    """The demo bank's customers and their accounts."""
    await demo_crm.seed(db, bank_date(clock()))
    await demo_banking.seed(db, bank_date(clock()))


async def create_tables(database: Database) -> None:
    """Create the tables of every subject."""
    import_module("bot.storage.schema")
    async with database.write() as connection:
        await connection.run_sync(metadata.create_all)


async def empty(database: Database) -> None:
    """Leave no row in PostgreSQL, and count from one again; far faster than making the tables for each test."""
    # The audit log lets go only of rows up to its checkpoint.
    head = "(id, last_id, last_hash, base_id, base_hash, signature)"
    deletions = [f"INSERT INTO audit_head {head} VALUES (0, 0, '', {2**63 - 1}, '', '')", "DELETE FROM audit_log"]
    deletions += [f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)]
    sequences = "SELECT setval(format('%I.%I', schemaname, sequencename), 1, false) FROM pg_sequences"
    async with database.write() as connection:
        await connection.execute(text("; ".join(deletions)))
        await connection.execute(text(f"{sequences} WHERE schemaname = current_schema()"))
