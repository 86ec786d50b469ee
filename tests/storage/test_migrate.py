from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

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
