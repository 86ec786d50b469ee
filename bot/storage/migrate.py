"""Bring a database to the present schema. New migrations: see docs/operations.md."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from bot.settings import Settings
from bot.storage.database import Database

_SCRIPTS = Path(__file__).with_name("migrations")


def config(settings: Settings) -> Config:
    """Alembic's configuration for one database; SQLite is reached by its synchronous driver.

    The secret is for migrations that hash or seal what is there already.
    """
    alembic = Config()
    alembic.set_main_option("script_location", str(_SCRIPTS))
    url = Database(settings.database_url).url
    if url.get_backend_name() == "sqlite":
        url = url.set(drivername="sqlite")
    alembic.attributes["url"] = url
    alembic.attributes["secret"] = settings.secret_key.get_secret_value()
    return alembic


def upgrade(settings: Settings) -> None:
    """Apply every migration that the database has not seen."""
    command.upgrade(config(settings), "head")
