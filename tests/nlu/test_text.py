import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.text import normalise


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("我要掛失信用卡", "我要挂失信用卡"),
        ("帳單", "账单"),
        ("帐户", "账户"),
        ("尾号５６７８", "尾号5678"),
        ("ＡＴＭ吞卡", "ATM吞卡"),
        ("我 要 查 余 额", "我要查余额"),
        ("信用卡 5678 的余额", "信用卡5678的余额"),
        ("打开 face id", "打开face id"),
        ("  余额\n查询\u200b ", "余额查询"),
        ("你好，在吗？", "你好，在吗？"),
        ("我的手机号是 [手机号1] 谢谢", "我的手机号是[手机号1]谢谢"),
        ("", ""),
    ],
)
def test_one_written_form(typed: str, normal: str) -> None:
    assert normalise(typed) == normal


def test_case_is_kept_unless_asked() -> None:
    assert normalise("APP闪退") == "APP闪退"
    assert normalise("APP闪退", lower=True) == "app闪退"


@pytest.mark.parametrize("placeholder", ["[手机号1]", "[卡号12]", "[身份证号3]"])
def test_placeholders_survive(placeholder: str) -> None:
    assert normalise(f"{placeholder} 丢了", lower=True) == f"{placeholder}丢了"


@given(st.text(alphabet="我查帳單 ５6a，\t。[手机号1]Ａé\u200b"))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
