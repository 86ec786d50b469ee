import pytest

from bot.nlu.wording import Wording, load_wording
from tests.nlu.conftest import ROOT


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording(load_wording(ROOT / "data/dictionary/wording.yml"))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("我想查下戶口仲有幾多錢", "我想查下账户还有多少钱"),
        ("唔該轉人工", "麻烦转人工"),
        ("張卡唔見咗", "张卡丢了"),
        ("俺的卡咋用", "我的卡怎么用"),
        ("查我的Balance", "查我的余额"),
        ("credit card账单", "信用卡账单"),
        ("xyk还款", "信用卡还款"),
        ("在吗吗吗吗", "在吗吗"),
        ("转100000", "转100000"),
        ("unchecked", "unchecked"),
        ("", ""),
    ],
)
def test_other_words_become_mandarin_ones(wording: Wording, said: str, meant: str) -> None:
    assert wording.read(said) == meant


def test_no_table() -> None:
    assert Wording({}).read("你好") == "你好"


def test_the_table_is_in_normal_form_and_final(wording: Wording) -> None:
    """A spelling that normalisation changes would never be found; a meaning is not a spelling again."""
    words = load_wording(ROOT / "data/dictionary/wording.yml")
    assert [said for said in words if said == words[said]] == []
