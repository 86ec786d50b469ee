"""What is found, and in which order."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from bot.knowledge.entries import Entry
from bot.knowledge.index import KnowledgeIndex
from bot.knowledge.search import FEATURES, Searcher, spanned
from bot.knowledge.synonyms import Synonyms


@pytest.mark.parametrize(
    ("query", "entry_id"),
    [
        ("借记卡丢了如何挂失", "card.lost"),
        ("跨行轉賬費用", "transfer.fee"),
        ("銀行幾點關門", "branch.hours"),
        ("音航卡掉乐", "card.lost"),
        ("zhuanzhang 要钱吗", "transfer.fee"),
    ],
)
def test_finds_questions_in_other_words(index: KnowledgeIndex, query: str, entry_id: str) -> None:
    matches = index.find(query, 3)
    assert matches[0].entry.id == entry_id
    probabilities = [match.probability for match in matches]
    assert probabilities == sorted(probabilities, reverse=True)
    assert len({match.entry.id for match in matches}) == len(matches)


def test_nothing_is_found_for_nothing(index: KnowledgeIndex) -> None:
    assert index.searcher.search(" ？！ ", 3) is None
    assert index.find(" ？！ ", 3) == []


def test_unknown_letters_still_give_finite_scores(index: KnowledgeIndex) -> None:
    matches = index.find("zzz", 10)
    assert len(matches) == 4
    assert np.isfinite([match.probability for match in matches]).all()


def test_entries_need_no_phrasings_and_no_answers() -> None:
    bare = [Entry("a", "怎么转账", (), ""), Entry("b", "怎么挂失", (), "")]
    index = KnowledgeIndex.build(bare, Synonyms([]), outside=[], embedding_model=None, progress=lambda _: None)
    assert index.find("挂失", 1)[0].entry.id == "b"


def test_what_texts_make_up_together_is_more_than_the_nearest_is() -> None:
    query = np.array([0.6, 0.8, 0.0], dtype=np.float32)
    across, twice, foreign = np.eye(3, dtype=np.float32)[[[0, 1], [1, 1], [2, 2]]]
    none = np.zeros_like(across)
    texts = np.stack([across, twice, foreign, none])
    both, nearest, nothing, empty = spanned(texts, texts @ query)
    assert both == pytest.approx(1.0, abs=0.05)
    assert nearest == pytest.approx(0.64, abs=0.05)
    assert nothing == empty == 0


def test_features_do_not_depend_on_how_many_phrasings_others_have(index: KnowledgeIndex, entries: list[Entry]) -> None:
    bare = [replace(entry, phrasings=entry.phrasings[: number + 1]) for number, entry in enumerate(entries)]
    alone = [Searcher.build([entry], index.searcher.model).search("卡丢了挂失", 1) for entry in bare]
    found = Searcher.build(bare, index.searcher.model).search("卡丢了挂失", 10)
    assert found is not None
    columns = [FEATURES.index(name) for name in ("nearest", "three", "centre", "spanned")]
    for row, one in zip(found.features, alone, strict=True):
        assert one is not None
        assert row[columns] == pytest.approx(one.features[0][columns], abs=1e-5)


def replaced(searcher: Searcher, entries: list[Entry]) -> Searcher:
    """The same files with other entries."""
    with TemporaryDirectory() as folder:
        searcher.save(Path(folder))
        return Searcher.load(Path(folder), entries, searcher.model)


def test_vectors_must_belong_to_the_texts(index: KnowledgeIndex, entries: list[Entry]) -> None:
    with pytest.raises(ValueError, match="vectors"):
        replaced(index.searcher, entries[:2])
