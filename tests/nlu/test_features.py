import pytest

from bot.nlu.features import clauses, spelt, view_of, written


def test_characters_across_words_and_syllables() -> None:
    assert {"c查 了 没", "c^ 查", "c没 $", "sca ne mei"} <= set(written("查了没？"))


def test_a_number_is_how_many_digits_it_has() -> None:
    assert list(written("尾号5678")) == list(written("尾号1234")) != list(written("尾号12"))


@pytest.mark.parametrize("typed", ["cha yu e", "chayue", "Cha  yu e！"])
def test_pinyin_is_spelt_as_what_it_stands_for(typed: str) -> None:
    assert view_of(typed) == "spelt"
    assert set(spelt("查余额")) & set(spelt(typed)) >= {"sca", "s^ ca"}


@pytest.mark.parametrize("text", ["查yu e", "5678", "hello", "查余额", "", "😡"])
def test_everything_else_is_read_as_written(text: str) -> None:
    assert view_of(text) == "written"


def test_what_is_nothing_but_signs_has_features_too() -> None:
    assert "c🐶" in written("🐶")
    assert "c？" in written("？")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("我去了三趟，气死了！转人工", ["我去了三趟", "气死了", "转人工"]),
        ("转人工。", []),
        ("嗯，转人工", []),
        ("等了半天 叫个人来", ["等了半天", "叫个人来"]),
        ("", []),
    ],
)
def test_clauses(text: str, parts: list[str]) -> None:
    assert clauses(text) == parts
