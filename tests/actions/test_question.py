import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.question import Question, is_follow_up
from actions.turn import Turn


def heard(text: str, **entities: str) -> Turn:
    found = [
        {"entity": kind, "value": value, "start": text.find(value), "end": text.find(value) + len(value)}
        for kind, value in entities.items()
    ]
    message = {"text": text, "intent": {"name": "x"}, "entities": found}
    return Turn(None, CollectingDispatcher(), Tracker("c.0", {}, message, [], False, None, {}, None))


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("那信用卡呢", {"account_type": "信用卡"}),
        ("尾号5678那张", {"card_tail": "5678"}),
        ("不是1234，是5678", {"card_tail": "5678"}),
        ("上个月的呢", {"date": "上个月"}),
        ("换成5678", {"card_tail": "5678"}),
        ("我说的是储蓄卡", {"account_type": "储蓄卡"}),
        ("那支出呢", {}),
        ("5678", {"card_tail": "5678"}),
    ],
)
def test_nothing_but_a_card_a_date_or_a_direction_is_a_follow_up(text: str, entities: dict[str, str]):
    assert is_follow_up(heard(text, **entities), Question("check_transactions"))


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("那信用卡怎么还款呢", {"account_type": "信用卡"}),
        ("5678的余额多少", {"card_tail": "5678"}),
        ("上个月花了多少", {"date": "上个月"}),
        ("好的", {}),
        ("那呢", {}),
        ('/check_balance{"card_tail":"5678"}', {"card_tail": "5678"}),
    ],
)
def test_a_question_of_its_own_is_none(text: str, entities: dict[str, str]):
    assert not is_follow_up(heard(text, **entities), Question("check_transactions"))


def test_a_word_that_might_name_a_product_follows_up_transactions_only():
    assert is_follow_up(heard("那年费呢"), Question("check_transactions"))
    assert not is_follow_up(heard("那年费呢"), Question("check_balance"))


def test_of_two_cards_the_one_not_denied_is_meant():
    message = {
        "text": "是5678，不是1234",
        "intent": {"name": "x"},
        "entities": [
            {"entity": "card_tail", "value": "5678", "start": 1, "end": 5},
            {"entity": "card_tail", "value": "1234", "start": 8, "end": 12},
        ],
    }
    turn = Turn(None, CollectingDispatcher(), Tracker("c.0", {}, message, [], False, None, {}, None))

    assert turn.entity("card_tail") == "5678"
