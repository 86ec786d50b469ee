import asyncio
import os
import secrets
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from bot.clock import utc_now
from bot.privacy.audit import Audit
from bot.privacy.verify import AuditVerifier, Verification
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.migrate import config, upgrade
from bot.storage.schema import metadata


def test_migrations_lead_to_the_tables_the_code_declares(tmp_path: Path) -> None:
    """Fails when a table was changed without a migration."""
    settings = Settings(database_url=f"sqlite:///{tmp_path}/new/zhanggui.db")
    upgrade(settings)
    upgrade(settings)  # a second time changes nothing
    engine = create_engine(f"sqlite:///{tmp_path}/new/zhanggui.db")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_numbers_of_what_an_older_release_sealed_are_not_given_again(tmp_path: Path) -> None:
    """Its values cannot be opened any more, but their placeholders stand in texts."""
    url = f"sqlite:///{tmp_path}/old.db"
    settings = Settings(database_url=url)
    command.upgrade(config(settings), "0002")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO sealed_values VALUES ('c', 'mobile', 1, x'00', x'00', x'00')"))
    upgrade(settings)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT number, data_key_id FROM sealed_values")).all()
    engine.dispose()
    assert rows == [(1, None)]


@pytest.mark.services
@pytest.mark.skipif("TEST_DATABASE_URL" not in os.environ, reason="make test-services gives TEST_DATABASE_URL")
def test_migrations_on_postgresql() -> None:
    schema = f"test_{secrets.token_hex(6)}"
    server = make_url(os.environ["TEST_DATABASE_URL"]).set(drivername="postgresql+psycopg")
    engine = create_engine(server.update_query_dict({"options": f"-csearch_path={schema}"}))
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    try:
        upgrade(Settings(database_url=engine.url.render_as_string(hide_password=False)))
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        engine.dispose()


def test_what_was_audited_before_the_chain_is_chained(tmp_path: Path) -> None:
    """Rows of the releases before, with gaps between their ids, come under the chain; then nothing changes them."""
    settings = Settings(database_url=f"sqlite:///{tmp_path}/old.db")
    command.upgrade(config(settings), "0002")
    engine = create_engine(f"sqlite:///{tmp_path}/old.db")
    row = "INSERT INTO audit_log (id, at, actor, action, customer_id, detail) VALUES"
    with engine.begin() as connection:
        for row_id in (2, 3, 9):
            connection.execute(text(f"{row} ({row_id}, '2026-11-01 04:00:00.5', 'customer', 'a', 'C1', '{{}}')"))
    upgrade(settings)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_log"))
    engine.dispose()

    async def verified() -> Verification:
        secret, db = settings.secret_key.get_secret_value(), Database(settings.database_url)
        await Audit(db, utc_now, secret).record("system", "after", None, None, {})
        try:
            return await AuditVerifier(db, secret).verify()
        finally:
            await db.close()

    found = asyncio.run(verified())
    assert (found.rows, found.breaks, found.head.last_id) == (4, (), 4)
