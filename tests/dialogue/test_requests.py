"""Where one request of a message ends and another begins."""

import re
from typing import Any

import pytest

from bot.dialogue.requests import split

INTENTS = {
    "余额": "check_balance",
    "积分": "check_points",
    "账单": "check_credit_card",
    "花了": "check_transactions",
    "挂失": "report_lost_card",
    "怎么": "ask_faq",
    "我要投诉": "file_complaint",
    "人工": "request_human",
}


class Nlu:
    """Sure of whatever names one thing, unsure of the rest."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, text: str) -> dict[str, Any]:
        self.asked.append(text)
        named = [intent for word, intent in INTENTS.items() if re.search(word, text)]
        return {"intent": {"name": named[0] if named else "chitchat", "confidence": 0.9 if len(named) == 1 else 0.4}}


@pytest.mark.parametrize(
    ("text", "first", "rest"),
    [
        ("查余额顺便看看积分", "查余额", "看看积分"),
        ("先帮我查余额，再看下上个月花了多少", "先帮我查余额", "看下上个月花了多少"),
        ("信用卡账单多少，还有怎么改密码", "信用卡账单多少", "怎么改密码"),
        ("查一下余额和积分", "查一下余额", "积分"),
        ("余额多少，积分多少", "余额多少", "积分多少"),
        ("你好，查余额，然后看看账单，谢谢", "你好，查余额", "看看账单，谢谢"),
        ("怎么改密码，另外怎么提额", "怎么改密码", "怎么提额"),
        ("积分多少，余额多少，账单呢", "积分多少", "余额多少，账单呢"),
        ("查积分，另外我要投诉", "查积分", "我要投诉"),
        ("卡丢了帮我挂失，再查下积分", "卡丢了帮我挂失", "查下积分"),
    ],
)
async def test_two_requests_are_parted(text: str, first: str, rest: str) -> None:
    assert await split(text, Nlu()) == (first, rest)


@pytest.mark.parametrize(
    "text",
    [
        "查余额",
        "转账没到账还扣了手续费",
        "转账没到账，还扣了手续费",
        "信用卡逾期了怎么办，怎么影响征信",
        "查余额，再查一次余额",
        "余额多少，怎么少了这么多",
        "我要投诉，另外查余额",
        "先查余额，再转人工",
        "查余额，顺便帮我看看那个",
        "余额还有多少",
        "，，，",
        "",
        "查余额" + "，" * 80 + "查积分",
    ],
)
async def test_one_request_stays_one(text: str) -> None:
    assert await split(text, Nlu()) is None


async def test_nothing_is_understood_of_messages_whose_words_speak_against_it() -> None:
    nlu = Nlu()
    for text in ("查余额", "你好，查余额", "我昨天去了网点，排队两个小时，然后走了"):
        assert await split(text, nlu) is None
    assert nlu.asked == []
