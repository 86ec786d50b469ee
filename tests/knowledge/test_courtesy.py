"""What is said out of courtesy is not what is asked."""

import pytest

from bot.knowledge.courtesy import essence


@pytest.mark.parametrize(
    "text",
    [
        "信用卡怎么激活",
        "信用卡怎么激活呀",
        "你好，请问信用卡怎么激活啊，谢谢",
        "你好请问信用卡怎么激活谢谢您",
        "在吗？我想问一下你们银行信用卡怎么激活，急！",
        "麻烦问下信用卡怎么激活，在线等",
        "贵行的信用卡怎么激活呢",
        "亲，有没有人知道信用卡怎么激活",
        "信用卡怎么激活，求解答，辛苦了",
        "关于信用卡怎么激活的问题",
        "信用卡怎么激活的事",
        "昨天那个信用卡到底怎么激活，气死我了",
    ],
)
def test_courtesy_and_haste_are_set_aside(text: str):
    assert essence(text) == "信用卡怎么激活"


@pytest.mark.parametrize(
    "text",
    [
        "客服电话多少",
        "亲戚能帮我取钱吗",
        "急用钱怎么贷款",
        "你们行不行",
        "投诉在线等了两小时",
        "本行转账收费吗",
        "我问过了没人理",
        "帮我查一下余额",
        "麻烦",
        "咨询费怎么收",
        "这个月账单多少",
        "今天能转吗",
        "密码有问题",
        "出事了怎么赔",
    ],
)
def test_what_belongs_to_the_question_stays(text: str):
    assert essence(text) == text


@pytest.mark.parametrize(("text", "left"), [("你好", "你好"), ("谢谢！", "谢谢"), ("在吗", "在吗"), ("？？", "")])
def test_where_nothing_else_is_said_the_text_stays(text: str, left: str):
    assert essence(text) == left
