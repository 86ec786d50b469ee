import pytest

from bot.handoff.calling_off import calls_off


@pytest.mark.parametrize(
    "text",
    [
        "算了",
        "算了吧",
        "算了取消",
        "取消",
        "不等了",
        "算了不等了",
        "算了不用人工了",
        "不用了谢谢",
        "别转了",
        "不转人工了",
        "不想等了，取消吧",
        "唔使喇",
        "唔等喇，唔该",
        "算求了",
        "莫等了",
        "甭转了",
        "不要人工客服了",
        "太久了，不排了",
        "退出排队",
        "还是算了",
        "不需要了",
        "懒得等了",
        "取消转人工",
    ],
)
def test_nobody_need_come(text: str) -> None:
    assert calls_off(text)


@pytest.mark.parametrize(
    "text",
    [
        "不",
        "不要",
        "好的",
        "快点",
        "怎么还没人",
        "取消我的转账",
        "不要转钱",
        "别转账",
        "我要取消交易",
        "不等于说没事",
        "算了一下少了三百",
        "人工",
        "转人工",
        "等了好久了",
        "不用密码也能付吗",
        "不接电话",
        "我不要这张卡了",
        "算了你们帮我把昨天那笔转账撤回来吧我不转了",
        "谢谢",
        "",
    ],
)
def test_whatever_else_is_said_is_for_the_person(text: str) -> None:
    assert not calls_off(text)
