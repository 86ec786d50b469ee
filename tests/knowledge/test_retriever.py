"""Answer, offer or admit: decisions by the calibrated thresholds."""

from dataclasses import replace
from datetime import date

import pytest

from bot.knowledge.calibration import Calibration
from bot.knowledge.entries import Entry
from bot.knowledge.index import KnowledgeIndex
from bot.knowledge.retriever import Retriever
from bot.knowledge.search import Searcher
from tests.fakes.clock import FakeClock


def test_a_phrasing_word_for_word_is_answered(index: KnowledgeIndex) -> None:
    found = Retriever(index).answer("額度太低 想調高！")
    assert found.decision == "answer"
    assert [(hit.entry_id, hit.score) for hit in found.hits] == [("card.limit", 1.0)]
    assert found.version == index.version


@pytest.mark.parametrize(
    "text", ["你好，请问额度太低想调高啊，谢谢", "掌柜银行额度太低想调高", "你们银行额度太低想调高"]
)
def test_courtesy_and_the_banks_own_name_change_nothing(index: KnowledgeIndex, text: str) -> None:
    found = Retriever(index, own_name="掌柜银行").answer(text)
    assert [(hit.entry_id, hit.score) for hit in found.hits] == [("card.limit", 1.0)]
    assert Retriever(index, own_name="掌柜银行").answer("掌柜银行").decision != "answer"


@pytest.mark.parametrize(
    ("answer_at", "choices_at", "decision"), [(0.0, 0.0, "answer"), (1.1, 0.0, "choices"), (1.1, 1.1, "miss")]
)
def test_thresholds_decide(index: KnowledgeIndex, answer_at: float, choices_at: float, decision: str) -> None:
    index.calibration = Calibration(answer_at=answer_at, choices_at=choices_at)
    found = Retriever(index).answer("信用卡额度能提吗")
    assert found.decision == decision
    assert len(found.hits) == 3
    assert found.hits[0].entry_id == "card.limit"
    assert all(0 <= hit.score <= 1 for hit in found.hits)


def test_small_talk_is_a_miss(index: KnowledgeIndex) -> None:
    assert Retriever(index).answer("讲个笑话").decision == "miss"
    assert Retriever(index).answer("？？").hits == ()


def test_an_answer_that_no_longer_holds_is_not_given(
    index: KnowledgeIndex, entries: list[Entry], clock: FakeClock
) -> None:
    last_day = date(2026, 11, 23)
    dated = [replace(e, valid_until=last_day if e.id == "card.limit" else None) for e in entries]
    searcher = Searcher.build(dated, index.searcher.model)
    retriever = Retriever(KnowledgeIndex(searcher, index.calibration, None), clock=clock)
    assert retriever.answer("信用卡提额").hits[0].entry_id == "card.limit"
    assert retriever.entry("card.limit") is not None
    clock.advance(days=1)
    assert "card.limit" not in [hit.entry_id for hit in retriever.answer("信用卡提额").hits]
    assert retriever.entry("card.limit") is None


def test_a_pressed_choice_is_found_by_id(index: KnowledgeIndex) -> None:
    entry = Retriever(index).entry("branch.hours")
    assert entry is not None
    assert entry.question == "网点几点上班？"
    assert Retriever(index).entry("unknown") is None
