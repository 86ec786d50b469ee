import pytest

from bot.nlu.pinyin import sounds


@pytest.mark.parametrize(
    ("meant", "typed"),
    [("挂失", "挂十"), ("投诉", "头诉"), ("转人工", "专仁工"), ("流水", "牛水"), ("查余额", "茶鱼额")],
)
def test_homophones_sound_alike(meant: str, typed: str) -> None:
    assert sounds(meant) == sounds(typed)


def test_numbers_are_their_length() -> None:
    assert sounds("尾号5678") == sounds("尾号1234") != sounds("尾号12")
