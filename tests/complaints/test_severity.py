import pytest

from bot.complaints.severity import is_grave


@pytest.mark.parametrize(
    "text",
    [
        "我的卡被盗刷了三万块",
        "你们客户经理骗了我的钱",
        "我遇到诈 骗了",
        "我已经报警了",
        "有人冒用我的身份开卡",
        "再不解决我就不想活了",
        "催收的人上门威胁我",
        "我妈在你们网点摔伤了",
        "我要找记者曝光你们",
        "等着上热搜吧",
        "我打12378举报",
        "我要去银保监会告你们",
        "我会向金融监管总局反映",
        "不处理我就起诉",
    ],
)
def test_grave(text: str) -> None:
    assert is_grave(text)


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
    ],
)
def test_not_grave(text: str) -> None:
    assert not is_grave(text)
