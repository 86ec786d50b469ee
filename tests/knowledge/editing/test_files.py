"""What was published goes back into the files, and no other line of them moves."""

import difflib
from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot.knowledge.editing.base import overlaid
from bot.knowledge.editing.files import write_back
from bot.knowledge.editing.models import Version
from bot.knowledge.entries import FaqRecord, load_faq
from tests.knowledge.editing.conftest import OFFER

SHIPPED = """\
# 银行卡
- id: card.lost
  question: 银行卡丢了怎么办？
  phrasings:
    - 卡丢了怎么挂失
    - 挂失银行卡
    - 我的卡掉了
    - "卡不见了"   # 常见
    - 卡被偷了
  answer: >-
    请马上挂失，
    电话{hotline}。

# 办卡
- id: card.open
  question: 怎么办卡？
  phrasings: [办卡, 开卡, 怎么开户, 我要办卡, 新办卡]
  answer: 带身份证到网点。
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "card.yml").write_text(SHIPPED, encoding="utf-8")
    return tmp_path


def published(entry_id: str, version: int, **content: object) -> Version:
    record = FaqRecord.model_validate({"id": entry_id, **content}) if content else None
    return Version(entry_id, version, record, "e1", "e2", datetime(2026, 11, 23, tzinfo=timezone.utc))


def moved(folder: Path) -> list[str]:
    """The lines that went and came."""
    now = (folder / "card.yml").read_text(encoding="utf-8")
    diff = difflib.unified_diff(SHIPPED.splitlines(), now.splitlines(), lineterm="", n=0)
    return [line for line in diff if not line.startswith(("---", "+++", "@@"))]


def test_nothing_published_writes_nothing(folder: Path) -> None:
    done = write_back(folder, [])
    assert (done.changed, done.added, done.retired, moved(folder)) == ([], [], [], [])


def test_a_changed_entry_is_written_in_its_place(folder: Path) -> None:
    changed = published("card.open", 1, **{**OFFER, "question": "怎么办卡？", "valid_until": "2026-12-31"})
    before = load_faq(folder)
    assert write_back(folder, [changed]).changed == ["card.open"]
    assert load_faq(folder) == overlaid(before, [changed])
    text = (folder / "card.yml").read_text(encoding="utf-8")
    assert text.startswith(SHIPPED.partition("- id: card.open")[0])
    assert "  valid_until: 2026-12-31\n" in text
    assert write_back(folder, [changed]).changed == []


def test_a_retired_entry_goes_and_the_comment_of_the_next_stays(folder: Path) -> None:
    assert write_back(folder, [published("card.lost", 1)]).retired == ["card.lost"]
    assert [record.id for record in load_faq(folder)] == ["card.open"]
    assert all(line.startswith("-") for line in moved(folder))
    assert "# 办卡\n- id: card.open" in (folder / "card.yml").read_text(encoding="utf-8")


def test_a_new_entry_comes_last_in_the_file_of_its_topic(folder: Path) -> None:
    versions = [published("card.offer", 1, **OFFER), published("gold.price", 1, **OFFER)]
    assert write_back(folder, versions).added == ["card.offer", "gold.price"]
    assert [record.id for record in load_faq(folder)] == ["card.lost", "card.open", "card.offer", "gold.price"]
    assert all(line.startswith("+") for line in moved(folder))


def test_a_file_may_lose_all_its_entries(folder: Path) -> None:
    write_back(folder, [published("card.lost", 1), published("card.open", 1)])
    assert load_faq(folder) == []
