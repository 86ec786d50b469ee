import pytest

from bot.channels.wechat.emoji import without_codes


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("查一下余额[微笑]", "查一下余额"),
        ("[呲牙]你好[呲牙]", "你好"),
        ("你好/::)", "你好"),
        ("谢谢/:rose /:strong", "谢谢"),
        ("太慢了/::<", "太慢了"),
        ("[强]", "好的"),
        ("[OK][OK]", "好的"),
        ("[抱拳]", "谢谢"),
        ("[再见]", "再见"),
        ("[捂脸]", "[捂脸]"),
    ],
)
def test_codes_are_taken_out(written: str, read: str) -> None:
    assert without_codes(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "查10/12的账单",
        "https://bank.example/a/b",
        "尾号[1234]的卡",
        "[重要]请回电",
        "2026/11/23 9:30",
        "我有[储蓄卡]和[信用卡]",
        "http://bank.example:8000/:id",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert without_codes(text) == text
