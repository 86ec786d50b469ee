import pytest

from actions import complaint_words as words
from actions.complaints import PHONE, TARGET


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("不是，改成赔我路费", "赔我路费"),
        ("不对，你们得给我道个歉", "你们得给我道个歉"),
        ("退我300块", "退我300块"),
        ("当时柜员说会退钱，后来又说不退", None),
        ("不对，是手机银行", None),
    ],
)
def test_a_claim_is_all_that_the_text_says(text: str, wish: str | None) -> None:
    assert words.claim(text) == wish


@pytest.mark.parametrize("text", ["给我" * 900, "不对" * 900, "我要" * 900])
def test_a_long_text_is_read_in_one_way(text: str) -> None:
    assert words.claim(text) is None


def test_a_number_in_its_place_is_not_the_word_for_one() -> None:
    assert words.field("改一下电话") == PHONE
    assert words.field("[手机号1]") is None


def test_a_choice_is_one_of_those_offered() -> None:
    assert words.choice("柜台排队太久", {"网点服务", "贷款"}) == "网点服务"
    assert words.choice("柜台排队太久", {"贷款"}) is None


def test_which_slot_a_field_is() -> None:
    assert words.field("对象写错了") == TARGET
