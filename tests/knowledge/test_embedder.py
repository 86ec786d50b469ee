"""What the trained model sees of a text."""

from pathlib import Path

from bot.knowledge.embedder import Vocabulary
from bot.knowledge.synonyms import Synonyms

KEYS = ["转账手续费", "转账限额", "怎么挂失"]


def test_pairs_of_a_single_text_can_be_left_out() -> None:
    characters, sounds = Vocabulary.learn(KEYS, Synonyms([]), least_texts=2).rows("转账限额")
    assert len(characters) == 4 + 1  # its characters, and 转账
    assert len(set(characters)) == 5
    assert len(sounds) == 4 + 1


def test_known_words_count_as_the_first_of_their_group_too() -> None:
    vocabulary = Vocabulary.learn(KEYS, Synonyms([["怎么", "如何"]]))
    assert len(vocabulary.rows("如何挂失")[0]) == 3 + 7  # 挂失, and 怎么挂失
    assert vocabulary.rows("xyz")[0].tolist() == [0]


def test_loaded_it_is_the_same(tmp_path: Path) -> None:
    vocabulary = Vocabulary.learn(KEYS, Synonyms([["怎么", "如何"]]))
    vocabulary.save(tmp_path)
    loaded = Vocabulary.load(tmp_path)
    assert loaded.sizes == vocabulary.sizes
    for own, other in zip(vocabulary.rows("转账如何"), loaded.rows("转账如何"), strict=True):
        assert own.tolist() == other.tolist()
