"""What could not be answered is kept for the editor."""

from bot.knowledge.misses import Misses
from bot.storage.database import Database
from tests.fakes.clock import FakeClock


async def test_newest_first(db: Database, clock: FakeClock) -> None:
    misses = Misses(db, clock)
    await misses.record("能存比特币吗", 0.2, "c1")
    clock.advance(60)
    await misses.record("？？", None, "c2")
    kept = await misses.latest(10)
    assert [(miss.text, miss.score, miss.conversation_id) for miss in kept] == [
        ("？？", None, "c2"),
        ("能存比特币吗", 0.2, "c1"),
    ]
    assert kept[0].missed_at == clock()
    assert len(await misses.latest(1)) == 1
