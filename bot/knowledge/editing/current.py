"""What holds now: read from the files that ship and from the database, by processes that answer people meanwhile."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bot.knowledge.editing.base import faults_with, overlaid
from bot.knowledge.editing.models import Version
from bot.knowledge.editing.rows import all_versions
from bot.knowledge.entries import FaqRecord, load_faq
from bot.storage.database import Database


class CurrentKnowledge:
    """The written entries, with all that has been published of them."""

    def __init__(self, db: Database, folder: Path, **variables: str) -> None:
        """`folder` holds the files that ship; `variables` are what answers may name (brand, hotline)."""
        self._db = db
        self._folder = folder
        self._variables = variables

    async def records(self) -> list[FaqRecord]:
        """The written entries as they hold now."""
        return overlaid(await self.shipped(), await self.published())

    async def shipped(self) -> list[FaqRecord]:
        """The written entries as the files have them."""
        return await asyncio.to_thread(load_faq, self._folder / "faq")

    async def faults_with(self, records: Sequence[FaqRecord]) -> list[str]:
        """What would be wrong with the knowledge base if it had `records`, which name the entry: a line each."""
        published = await self.published()
        return await asyncio.to_thread(faults_with, self._folder, published, records, **self._variables)

    async def published(self) -> list[Version]:
        """Everything that has ever been published, oldest first."""
        async with self._db.read() as connection:
            return await all_versions(connection)

    async def history(self, entry_id: str) -> list[Version]:
        """The published states of an entry, newest first; the shipped one is not among them."""
        return [version for version in reversed(await self.published()) if version.entry_id == entry_id]
