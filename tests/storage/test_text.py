import pytest

from bot.storage.text import storable


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("你好👍", "你好👍"),
        ("半个\ud83d字符\udc4d", "半个字符"),
        ("a\x00b", "ab"),
        ([{"a\x00": ["\ud83d", 1, None, True, 1.5]}], [{"a": ["", 1, None, True, 1.5]}]),
    ],
)
def test_what_no_database_keeps_is_left_out_at_any_depth(value: object, kept: object) -> None:
    assert storable(value) == kept
