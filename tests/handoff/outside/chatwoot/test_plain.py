import pytest

from bot.handoff.outside.chatwoot.plain import plain


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("您好，请稍等。", "您好，请稍等。"),
        ("**重要**：请带*身份证*和_银行卡_", "重要：请带身份证和银行卡"),
        ("~~不用~~ `95500`", "不用 95500"),
        ("详见[网点](https://www.bank.example/branches)", "详见网点 https://www.bank.example/branches"),
        ("[https://a.example](https://a.example)", "https://a.example"),
        ("第一行\\\n第二行", "第一行\n第二行"),
        ("1\\. 带卡\n2\\. 带证件", "1. 带卡\n2. 带证件"),
        ("尾号\\*\\*\\*\\*1234", "尾号****1234"),
        ("3*4*5 元，a_b_c", "3*4*5 元，a_b_c"),
        ("  前后  ", "前后"),
        ("", ""),
    ],
)
def test_customers_read_words(markdown: str, text: str) -> None:
    assert plain(markdown) == text
