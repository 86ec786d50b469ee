"""Numbers that choose a button."""

import pytest

from bot.conversations.choices import chosen, numbered
from bot.conversations.messages import Button

CARDS = [Button("尾号1234 借记卡", "/a"), Button("尾号5678 信用卡", "/b"), Button("转人工", "/c")]
STARS = [Button("5分 非常满意", "/5"), Button("4分 满意", "/4"), Button("1分 很不满意", "/1")]


@pytest.mark.parametrize(
    "text",
    ["2", "２", " 2 ", "回复2", "选2", "第二个", "第2个", "二", "第二张", "就第2张卡吧", "尾号5678 信用卡"],
)
def test_a_number_or_the_title_chooses(text: str) -> None:
    assert chosen(text, CARDS) == CARDS[1]


@pytest.mark.parametrize(
    "text", ["0", "4", "22", "2000", "2块", "第二天", "我有两张卡", "两张", "2张卡", "尾号5678", ""]
)
def test_anything_else_does_not(text: str) -> None:
    assert chosen(text, CARDS) is None


def test_titles_that_begin_with_a_number_keep_it() -> None:
    assert [number for number, _ in numbered(STARS)] == [5, 4, 1]
    assert chosen("5", STARS) == STARS[0]
    assert chosen("2", STARS) is None


def test_no_buttons_no_choice() -> None:
    assert numbered([]) == []
    assert chosen("1", []) is None


def test_a_link_is_opened_and_not_chosen() -> None:
    buttons = [Button("绑定账户", "https://bank.example/bind"), *CARDS]
    assert numbered(buttons) == numbered(CARDS)
    assert chosen("1", buttons) == CARDS[0]


OFFERED = [Button("尾号1234", '/lost{"t":"1234"}'), Button("尾号5678", '/lost{"t":"5678"}'), Button("转人工", "/human")]
QUESTIONS = [Button("问一", '/ask{"e":"a"}'), Button("问二", '/ask{"e":"b"}'), Button("都不是", '/ask{"e":"none"}')]
YES_OR_NO = [Button("确认挂失", "/affirm"), Button("先不挂失", "/deny"), Button("转人工", "/human")]


@pytest.mark.parametrize("text", ["最后一个", "最后那张", "就最后一张吧", "最后一个。", "我要最后那个", "最下面那个"])
def test_the_last_is_the_last_of_those_to_choose_from(text: str) -> None:
    assert chosen(text, OFFERED) == OFFERED[1]
    assert chosen(text, QUESTIONS) == QUESTIONS[1]


@pytest.mark.parametrize("text", ["头一个", "最上面那个"])
def test_so_is_the_first(text: str) -> None:
    assert chosen(text, OFFERED) == OFFERED[0]


@pytest.mark.parametrize("text", ["最后一个", "头一个"])
def test_a_yes_is_not_chosen_by_its_place_among_other_things(text: str) -> None:
    assert chosen(text, YES_OR_NO) is None
    assert chosen(text, []) is None
