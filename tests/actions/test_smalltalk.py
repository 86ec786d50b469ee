import pytest

from tests.actions.dialogue import Dialogue


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        ("greet", "智能客服小掌"),
        ("help", "挂失"),
        ("bot_challenge", "不是真人"),
        ("thank", "不客气"),
        ("goodbye", "再见"),
        ("chitchat", "银行业务"),
        ("out_of_scope", "帮不上忙"),
        ("affirm", "好的"),
        ("deny", "换个说法"),
        ("cancel", "先不办"),
    ],
)
async def test_every_kind_of_small_talk_has_its_reply(stranger: Dialogue, intent: str, words: str):
    assert words in await stranger.say("今天天气怎么样", intent)


async def test_a_bank_question_taken_for_idle_talk_is_answered(stranger: Dialogue):
    assert await stranger.say("年费", "out_of_scope") == "刷满五次免年费。"


async def test_what_has_no_words_at_all_was_not_understood(stranger: Dialogue):
    assert "没太明白" in await stranger.say("asdfgh", "out_of_scope")
    await stranger.say("锟斤拷烫烫烫", "out_of_scope")

    assert stranger.handoff is not None
    assert stranger.handoff["reason"] == "misses"


async def test_idle_talk_is_no_misunderstanding(stranger: Dialogue):
    await stranger.say("今天天气", "out_of_scope")
    await stranger.say("讲个笑话", "chitchat")
    await stranger.say("啦啦啦", "nlu_fallback")

    assert stranger.handoff is None


async def test_a_no_that_says_what_was_meant_is_answered(stranger: Dialogue):
    assert await stranger.say("不是，我是问年费", "deny") == "刷满五次免年费。"
