import pytest

from bot.nlu.repair import Repair


@pytest.fixture(scope="module")
def repair() -> Repair:
    return Repair(["储蓄卡", "手机银行", "信用卡", "金卡", "app", "电话银行"])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("我的储需卡里", "我的储蓄卡里"),
        ("手记银行登不上", "手机银行登不上"),
        ("新用卡和出蓄卡", "信用卡和储蓄卡"),
        ("信用卡", "信用卡"),
        ("存进卡里", "存进卡里"),
        ("新勇咖", "新勇咖"),
        ("app", "app"),
        ("", ""),
    ],
)
def test_a_word_that_only_sounds_right_is_mended(repair: Repair, written: str, meant: str) -> None:
    assert repair.mend(written) == meant
