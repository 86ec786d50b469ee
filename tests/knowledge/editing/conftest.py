"""Two editors and a small knowledge base that ships in files."""

from pathlib import Path
from typing import Any

import pytest

from bot.knowledge.editing.current import CurrentKnowledge
from bot.knowledge.editing.service import Editing
from bot.privacy.audit import Audit
from bot.staff.models import Agent
from bot.storage.database import Database
from tests.fakes.clock import FakeClock

AUTHOR = Agent("e1", "editor1", "郑文", "editor")
SECOND = Agent("e2", "editor2", "许敏", "editor")
OFFER: dict[str, Any] = {
    "question": "开卡有什么活动？",
    "phrasings": ["新开卡送什么", "现在办卡有礼吗", "开户优惠", "办张卡有没有奖", "新客活动"],
    "answer": "请打{hotline}。",
}


@pytest.fixture
def current(db: Database, knowledge_dir: Path) -> CurrentKnowledge:
    return CurrentKnowledge(db, knowledge_dir, brand="甲银行", hotline="95500")


@pytest.fixture
def audit(db: Database, clock: FakeClock) -> Audit:
    return Audit(db, clock, "a-secret-of-at-least-32-characters!")


@pytest.fixture
def editing(db: Database, clock: FakeClock, audit: Audit, current: CurrentKnowledge) -> Editing:
    return Editing(db, clock, audit, current)
