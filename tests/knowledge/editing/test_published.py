"""What has been published, as a program that builds reads it."""

import asyncio
from pathlib import Path

import pytest

from bot.clock import utc_now
from bot.knowledge.editing.current import CurrentKnowledge
from bot.knowledge.editing.published import digest, edits, read_published
from bot.knowledge.editing.service import Editing
from bot.knowledge.loader import load_knowledge
from bot.privacy.audit import Audit
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.migrate import upgrade
from tests.knowledge.editing.conftest import AUTHOR, OFFER, SECOND


@pytest.fixture
def settings(tmp_path: Path, knowledge_dir: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path}/x.db", knowledge_dir=knowledge_dir)


def test_without_a_database_nothing_is_published_and_none_is_made(settings: Settings, tmp_path: Path) -> None:
    assert read_published(settings) == []
    assert not (tmp_path / "x.db").exists()


def test_nor_before_the_database_has_its_tables(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "x.db").touch()
    assert read_published(settings) == []


def test_what_is_published_is_laid_over_the_files(settings: Settings) -> None:
    upgrade(settings)
    before = digest(read_published(settings))

    async def publish() -> None:
        db = Database(settings.database_url)
        current = CurrentKnowledge(db, settings.knowledge_dir, brand="", hotline="1")
        editing = Editing(db, utc_now, Audit(db, utc_now, "s" * 32), current)
        for entry_id, content in (("card.offer", OFFER), ("card.lost", None)):
            draft = await editing.begin(AUTHOR, entry_id, content)
            await editing.submit(AUTHOR, draft.draft_id)
            await editing.publish(SECOND, draft.draft_id)
        await db.close()

    asyncio.run(publish())
    published = read_published(settings)
    found = {
        entry.id: entry.answer
        for entry in load_knowledge(settings.knowledge_dir, edited=edits(published), brand="", hotline="1")
    }

    assert found["card.offer"] == "请打1。"
    assert "card.lost" not in found
    assert digest(published) != before
