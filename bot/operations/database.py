"""The database before the processes start: its tables, and in development something to play with."""

import asyncio

from bot.operations.errors import OperationsError
from bot.settings import Settings


def upgrade(settings: Settings) -> None:
    """Bring the tables to their present form."""
    from bot.storage import migrate

    migrate.upgrade(settings)


def prepare(settings: Settings) -> list[str]:
    """What `run` needs: current tables, and in development the demo bank; lines on what there is to sign in with."""
    if settings.environment == "development":
        return seed(settings)
    upgrade(settings)
    return []


def seed(settings: Settings) -> list[str]:
    """Make the tables, and the demo bank and its agents where they are not there; what there is now, line by line.

    Raises OperationsError in production, where customers and agents are real.
    """
    from bot.operations import seeding

    if settings.environment == "production":
        raise OperationsError("the demo bank and its agents are for ENVIRONMENT=development only.")
    upgrade(settings)
    return asyncio.run(seeding.seed(settings))
