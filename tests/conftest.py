"""What tests of every subject share: a clock that stands still, and a fresh database."""

import os
import secrets
from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from bot.banking import demo as demo_banking
from bot.bootstrap import Gateway, build_foundation, build_gateway
from bot.clock import bank_date
from bot.crm import demo as demo_crm
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.metadata import metadata
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.sms import FakeSms

pytest.register_assert_rewrite("tests.contracts")

ROOT = Path(__file__).resolve().parent.parent
POSTGRESQL_URL = os.environ.get("TEST_DATABASE_URL")
DATABASES: list[Any] = ["sqlite"]
if POSTGRESQL_URL:
    DATABASES.append(pytest.param("postgresql", marks=pytest.mark.services))


@pytest.fixture
def clock() -> FakeClock:
    """Midday of 23 November 2026 at the bank, until the test moves it."""
    return FakeClock()


@pytest.fixture(params=DATABASES)
async def db(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database with every table: SQLite, and PostgreSQL as well when TEST_DATABASE_URL names one."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/test.db")
        await create_tables(database)
        yield database
        await database.close()
        return
    schema = f"test_{secrets.token_hex(6)}"
    server = Database(str(POSTGRESQL_URL))
    async with server.write() as connection:
        await connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = make_url(str(POSTGRESQL_URL)).update_query_dict({"options": f"-csearch_path={schema}"})
    database = Database(url.render_as_string(hide_password=False))
    await create_tables(database)
    yield database
    await database.close()
    async with server.write() as connection:
        await connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    await server.close()


@pytest.fixture
def sms() -> FakeSms:
    """Keeps what would have been sent to phones."""
    return FakeSms()


@pytest.fixture
def dialogue() -> FakeDialogue:
    """Stands in for Rasa."""
    return FakeDialogue()


@pytest.fixture
async def gateway(db: Database, clock: FakeClock, sms: FakeSms, dialogue: FakeDialogue) -> AsyncIterator[Gateway]:
    """The gateway's services on a fresh database; with PostgreSQL it uses Redis too, as in production."""
    settings = Settings(redis_url=None if db.is_sqlite else os.environ.get("TEST_REDIS_URL"))
    foundation = build_foundation(settings, clock=clock, sms=sms, db=db)
    if foundation.redis is not None:
        await foundation.redis.flushdb()  # the rate limits of the test before
    async with httpx.AsyncClient() as http:
        yield build_gateway(settings, http, foundation=foundation, dialogue=dialogue)
    if foundation.redis is not None:
        await foundation.redis.aclose()


@pytest.fixture
async def demo_bank(db: Database, clock: FakeClock) -> None:
    """The demo bank's customers and their accounts."""
    await demo_crm.seed(db, bank_date(clock()))
    await demo_banking.seed(db, bank_date(clock()))


async def create_tables(database: Database) -> None:
    """Create the tables of every subject."""
    for path in sorted((ROOT / "bot").glob("*/tables.py")):
        import_module(f"bot.{path.parent.name}.tables")
    async with database.write() as connection:
        await connection.run_sync(metadata.create_all)
