import pytest

from bot.identity.codes import code_in


@pytest.mark.parametrize(
    "text",
    [
        "123456",
        " 123456。",
        "１２３４５６",
        "123 456",
        "1 2 3 4 5 6",
        "123-456",
        "验证码是123456",
        "验证码：123456，谢谢",
        "您好，刚才短信里收到的验证码是123456，麻烦帮我查一下余额",
        "驗證碼123456",
        "the code is 123456, please go on",
        "一二三四五六",
    ],
)
def test_a_code_however_it_is_typed(text: str) -> None:
    assert code_in(text) == "123456"


@pytest.mark.parametrize(
    "text",
    [
        "12345",
        "1234567",
        "转账100000元",
        "10.0万",
        "1234.56",
        "2026-11",
        "我上个月在你们那里存了123456就一直没有看到到账",
        "验证码怎么还没收到",
        "验证码123456还是654321",
        "验证码没收到，转账100000元",
        "一二三四五",
        "",
    ],
)
def test_what_is_no_code(text: str) -> None:
    assert code_in(text) is None
