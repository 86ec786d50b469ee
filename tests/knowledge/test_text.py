"""One spelling for everything that means the same to search."""

import pytest

from bot.knowledge.text import ngrams, search_key, sound_ngrams


@pytest.mark.parametrize("text", ["怎麼提高 信用卡額度？", "怎么提高信用卡额度", "  怎么提高信用卡额度?! "])
def test_spellings_of_a_question_have_one_key(text: str) -> None:
    assert search_key(text) == "怎么提高信用卡额度"


def test_letters_and_full_width_are_folded() -> None:
    assert search_key("ＡＰＰ 登不上") == search_key("app登不上")


def test_ngrams_are_characters_and_pairs() -> None:
    assert ngrams("提额度") == ["提", "额", "度", "提额", "额度"]
    assert ngrams("") == []


def test_characters_of_one_sound_have_one_ngram() -> None:
    assert sound_ngrams("挂矢") == sound_ngrams("挂失")
    assert len(sound_ngrams("挂失")) == 3
