import pytest

from bot.complaints.models import Concern
from bot.complaints.severity import concerns_of, is_grave, is_urgent, reports_loss


@pytest.mark.parametrize(
    ("text", "concern"),
    [
        ("我的卡被盗刷了三万块", Concern.FRAUD),
        ("你们客户经理骗了我的钱", Concern.FRAUD),
        ("我遇到诈 骗了", Concern.FRAUD),
        ("客户经理骗着我爸买了十万块保险", Concern.FRAUD),
        ("我已经报警了", Concern.FRAUD),
        ("有人冒用我的身份开卡", Concern.FRAUD),
        ("再不解决我就不想活了", Concern.PERSONAL_SAFETY),
        ("催收的人上门威胁我", Concern.PERSONAL_SAFETY),
        ("我妈在你们网点摔伤了", Concern.PERSONAL_SAFETY),
        ("我要找记者曝光你们", Concern.MEDIA),
        ("等着上热搜吧", Concern.MEDIA),
        ("我打12378举报", Concern.REGULATOR),
        ("我要去银保监会告你们", Concern.REGULATOR),
        ("我会向金融监管总局反映", Concern.REGULATOR),
        ("不处理我就起诉", Concern.REGULATOR),
    ],
)
def test_grave(text: str, concern: Concern) -> None:
    assert concerns_of(text) == (concern,)
    assert is_grave(text)


@pytest.mark.parametrize(
    "text",
    [
        "我父亲80多岁了，让他自己用机器办",
        "我爸八十岁了，排队站了一上午",
        "我是残疾人，网点没有坡道",
        "这是我妈的救命钱",
        "我怀孕七个月站了两小时",
    ],
)
def test_complaints_of_vulnerable_customers_are_urgent_and_their_questions_are_not_grave(text: str) -> None:
    assert concerns_of(text) == (Concern.VULNERABLE,)
    assert is_urgent(text)
    assert not is_grave(text)


def test_every_concern_is_named_once() -> None:
    assert concerns_of("我残疾，被骗了，我要找记者，还要上访，人身安全都没保障") == (
        Concern.FRAUD,
        Concern.PERSONAL_SAFETY,
        Concern.MEDIA,
        Concern.REGULATOR,
        Concern.VULNERABLE,
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "排队排了两个小时",
        "柜员态度很差",
        "年费为什么扣了200",
        "手机银行老是闪退",
        "怎么防诈骗",
        "你们的反诈提醒弹得太多了",
        "自媒体账户能办卡吗",
        "扣了我12345元",
        "单号123451",
        "利息算错了",
        "老年人专区的字太小",
    ],
)
def test_neither_urgent_nor_grave(text: str) -> None:
    assert not is_urgent(text)


@pytest.mark.parametrize(
    "text",
    [
        "你们这是什么破银行！！钱被骗了十万你们管不管",
        "我被骗了5万怎么办",
        "我妈被人骗走了三千块",
        "卡里两万块被盗刷了",
        "钱被骗走了，还我钱",
    ],
)
def test_money_that_is_gone(text: str) -> None:
    assert reports_loss(text)


@pytest.mark.parametrize(
    "text", ["被骗了怎么办", "如果被骗了五万怎么办", "怎么防诈骗", "转了三千块没到账", "信用卡被盗刷怎么处理"]
)
def test_a_question_of_fraud_or_another_loss(text: str) -> None:
    assert not reports_loss(text)
