"""What editors have published, for programs that build: read once, in order, without an event loop of their own."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import inspect

from bot.knowledge.editing.base import overlaid
from bot.knowledge.editing.models import Version
from bot.knowledge.editing.rows import all_versions, as_json
from bot.knowledge.editing.tables import knowledge_versions
from bot.knowledge.entries import FaqRecord
from bot.settings import Settings
from bot.storage.database import Database


def read_published(settings: Settings) -> list[Version]:
    """Every published version, oldest first; none where the database has not been made yet."""
    db = Database(settings.database_url)
    if db.is_sqlite and not Path(db.url.database or "").exists():
        return []  # connecting would make an empty one
    return asyncio.run(_read(db))


def edits(published: Sequence[Version]) -> Callable[[list[FaqRecord]], list[FaqRecord]]:
    """What `load_knowledge` does to the shipped records."""
    return lambda shipped: overlaid(shipped, published)


def digest(published: Sequence[Version]) -> str:
    """The same for the same published states, another one after each publication."""
    told = "\n".join(f"{each.entry_id} {each.version} {as_json(each.record)}" for each in published)
    return hashlib.sha256(told.encode()).hexdigest()


async def _read(db: Database) -> list[Version]:
    try:
        async with db.read() as connection:
            names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
            return await all_versions(connection) if knowledge_versions.name in names else []
    finally:
        await db.close()
