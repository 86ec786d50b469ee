"""What customers missed comes to the editors, alike together, until somebody has settled it."""

import pytest

from bot.knowledge.editing.inbox import Inbox, grouped
from bot.knowledge.editing.service import Editing
from bot.knowledge.misses import Miss, Misses
from bot.privacy.audit import Audit
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.knowledge.editing.conftest import AUTHOR, OFFER


@pytest.fixture
def misses(db: Database, clock: FakeClock) -> Misses:
    return Misses(db, clock)


@pytest.fixture
def inbox(misses: Misses, audit: Audit) -> Inbox:
    return Inbox(misses, audit)


async def asked(misses: Misses, clock: FakeClock, *texts: str) -> None:
    for text in texts:
        clock.advance(1)
        await misses.record(text, 0.2, "c1")


async def told(inbox: Inbox) -> list[list[str]]:
    return [[miss.text for miss in group.misses] for group in await inbox.groups()]


def test_spelling_and_punctuation_make_no_other_group(clock: FakeClock) -> None:
    texts = ["能存比特币吗？", "能存 比特币 嗎", "怎么领养一只猫"]
    groups = grouped(Miss(str(n), text, None, "c", clock()) for n, text in enumerate(texts))
    assert [[miss.text for miss in group.misses] for group in groups] == [texts[:2], texts[2:]]


async def test_the_most_frequent_come_first_then_the_newest(inbox: Inbox, misses: Misses, clock: FakeClock) -> None:
    await asked(misses, clock, "能存比特币吗", "怎么领养一只猫", "可以存比特币吗", "网点有厕所吗")
    assert await told(inbox) == [["可以存比特币吗", "能存比特币吗"], ["网点有厕所吗"], ["怎么领养一只猫"]]


async def test_an_answer_of_no_use_is_named(inbox: Inbox, misses: Misses) -> None:
    await misses.record("能存比特币吗", 0.9, "c1", answered_by="deposit.open")
    (group,) = await inbox.groups()
    assert group.answered_by == ["deposit.open"]


async def test_what_was_dismissed_is_gone_for_good(inbox: Inbox, misses: Misses, clock: FakeClock) -> None:
    await asked(misses, clock, "能存比特币吗", "怎么领养一只猫")
    cat, _ = await inbox.groups()
    ids = [miss.miss_id for miss in cat.misses]
    assert await inbox.dismiss(AUTHOR, ids, "与银行无关") == 1
    assert await inbox.dismiss(AUTHOR, ids, "与银行无关") == 0
    assert await told(inbox) == [["能存比特币吗"]]


async def test_questions_come_back_when_their_draft_is_given_up(
    inbox: Inbox, misses: Misses, clock: FakeClock, editing: Editing
) -> None:
    await asked(misses, clock, "能存比特币吗", "怎么领养一只猫")
    draft = await editing.begin(AUTHOR, "card.offer", OFFER)
    await inbox.take_up(draft, [(await misses.latest(1))[0].miss_id])
    assert await told(inbox) == [["能存比特币吗"]]
    await inbox.put_back(draft)
    assert len(await told(inbox)) == 2
