"""How much an n-gram says of an entry."""

from pathlib import Path

import numpy as np

from bot.knowledge.postings import Postings
from bot.knowledge.text import ngrams

DOCUMENTS = [["挂失银行卡", "卡丢了"], ["转账手续费"], ["网点几点上班"]]


def test_the_entry_that_holds_the_query_is_best_and_covers_it() -> None:
    scores, covered = Postings.build(DOCUMENTS, ngrams).scores("挂失卡")
    assert scores.argmax() == covered.argmax() == 0
    assert 0.5 < covered[0] < 1
    assert Postings.build(DOCUMENTS, ngrams).scores("手续费")[1][1] == 1


def test_unknown_letters_count_against_all() -> None:
    scores, covered = Postings.build(DOCUMENTS, ngrams).scores("xyz")
    assert not scores.any()
    assert not covered.any()


def test_the_rarest_character_that_an_entry_never_uses() -> None:
    postings = Postings.build(DOCUMENTS, ngrams)
    assert postings.unsaid("挂失")[0] == 0
    assert 0 < postings.unsaid("失卡")[1] < 1
    assert (postings.unsaid("挂失x") == 1).all()
    assert not postings.unsaid("").any()


def test_loaded_it_gives_the_same(tmp_path: Path) -> None:
    built = Postings.build(DOCUMENTS, ngrams)
    built.save(tmp_path, "words")
    loaded = Postings.load(tmp_path, "words", ngrams)
    assert np.array_equal(built.scores("转账挂失"), loaded.scores("转账挂失"))
