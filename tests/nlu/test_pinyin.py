import pytest

from bot.nlu.pinyin import is_english, is_pinyin, sounds, syllables


@pytest.mark.parametrize(
    ("meant", "typed"),
    [("挂失", "挂十"), ("投诉", "头诉"), ("转人工", "专仁工"), ("流水", "牛水"), ("查余额", "茶鱼额")],
)
def test_homophones_sound_alike(meant: str, typed: str) -> None:
    assert sounds(meant) == sounds(typed)


def test_numbers_are_their_length() -> None:
    assert sounds("尾号5678") == sounds("尾号1234") != sounds("尾号12")


@pytest.mark.parametrize(
    ("meant", "typed"),
    [("查余额", "cha yu e"), ("转账", "zhuanzhang"), ("信用卡", "xinyong ka"), ("查余额", "查yu e")],
)
def test_typed_pinyin_sounds_like_the_characters(meant: str, typed: str) -> None:
    assert sounds(meant) == sounds(typed)


def test_other_latin_words_stay() -> None:
    assert sounds("TS2024 app") == ["ts", "n4", "app"]
    assert syllables("hello") == ()


@pytest.mark.parametrize(
    ("text", "yes"), [("cha yu e", True), ("Zaijian!", True), ("hello", False), ("查yue", False), ("1234", False)]
)
def test_a_text_in_pinyin(text: str, yes: bool) -> None:
    assert is_pinyin(text) is yes


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("What time is lunch over at your place?", True),
        ("I forgott my passwrod, help!", True),
        ("wo de ka diu le", False),
        ("cha yu e thx", False),
        ("check一下balance please", False),
        ("kdjfhskjdf", False),
        ("Can we go?", False),
        ("", False),
    ],
)
def test_an_english_sentence_has_words_that_are_no_pinyin(text: str, yes: bool) -> None:
    assert is_english(text) is yes
