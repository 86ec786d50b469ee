import pytest

from bot.channels.wechat.split import split

SENTENCE = "存款保险最高偿付限额为人民币50万元。"


def test_what_fits_stays_whole() -> None:
    assert split(SENTENCE, 2048) == [SENTENCE]
    assert split("", 2048) == []


@pytest.mark.parametrize("limit", [64, 100, 2048])
def test_nothing_is_lost_and_no_part_is_too_long(limit: int) -> None:
    text = SENTENCE * 90 + "完\n" + "😀" * 300 + "a" * 3000
    parts = split(text, limit)
    assert "".join(parts) == text
    assert all(0 < len(part.encode()) <= limit for part in parts)


def test_a_text_is_cut_at_the_end_of_a_sentence() -> None:
    assert all(part.endswith("。") for part in split(SENTENCE * 90, 2048))


def test_a_closing_quote_stays_with_its_sentence() -> None:
    quoted = "客服答复：“请您放心。”" * 20
    assert all(part.endswith("”") for part in split(quoted, 200))


def test_a_line_is_a_better_place_than_a_sentence() -> None:
    lines = "一、先登录。再查看。\n" * 20
    assert all(part.endswith("\n") for part in split(lines, 100))


def test_without_sentences_a_comma_will_do() -> None:
    assert all(part.endswith("，") for part in split("余额充足，" * 40, 100))


def test_a_pause_far_from_the_end_is_not_waited_for() -> None:
    assert split("好。" + "长" * 40, 90)[0] == "好。" + "长" * 28
