"""An editor sees why something is answered."""

import pytest

from bot.knowledge.explanation import explain
from bot.knowledge.index import KnowledgeIndex
from bot.knowledge.retriever import Retriever


@pytest.fixture
def retriever(index: KnowledgeIndex) -> Retriever:
    return Retriever(index)


def test_the_best_come_with_their_figures(retriever: Retriever) -> None:
    told = explain(retriever, "我的银行卡丢了怎么挂失呀")
    best = told.candidates[0]
    assert (best.entry_id, told.verbatim) == ("card.lost", False)
    assert best.nearest in ("银行卡丢了怎么办？", "卡丢了怎么挂失", "挂失银行卡", "我的卡掉了", "卡不见了")
    assert 0 < best.likeness <= 1.001
    assert best.words > 0
    assert [each.probability for each in told.candidates] == sorted(
        (each.probability for each in told.candidates), reverse=True
    )
    assert len(told.candidates) <= 5


def test_a_phrasing_word_for_word_is_told_as_such(retriever: Retriever) -> None:
    told = explain(retriever, "挂失银行卡！")
    assert (told.decision, told.verbatim) == ("answer", True)
    assert told.answer


def test_a_sentence_without_words_finds_nothing(retriever: Retriever) -> None:
    told = explain(retriever, "？？")
    assert (told.decision, told.candidates, told.answer) == ("miss", [], None)
