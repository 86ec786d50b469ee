import os
import secrets
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, make_url, text

from bot.settings import Settings
from bot.storage.migrate import upgrade
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
