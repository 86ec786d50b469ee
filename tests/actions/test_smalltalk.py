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


async def test_english_is_answered_in_english_and_a_yes_brings_a_person(stranger: Dialogue):
    said = await stranger.say("where is the nearest branch", "speak_english")
    assert "only understand Chinese" in said
    assert said.isascii()
    await stranger.say("yes", "affirm")

    assert stranger.handoff is not None


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


async def test_a_yes_while_a_code_is_awaited_brings_its_reminder(customer: Dialogue):
    await customer.say("查余额", "check_balance")
    assert await customer.say("好的", "affirm") == "验证码收到后，直接在这里输入就可以。"


async def test_of_a_code_that_is_awaited_one_is_reminded_once(customer: Dialogue):
    await customer.say("查余额", "check_balance")
    assert "验证码收到后" in await customer.say("谢谢", "thank")
    assert "验证码" not in await customer.say("你是谁", "bot_challenge")
    assert "验证码收到后" in await customer.say("好的", "affirm")


async def test_who_declines_while_a_code_is_awaited_calls_the_request_off(customer: Dialogue):
    await customer.say("查余额", "check_balance")
    assert "先不办了" in await customer.say("不用了谢谢", "deny")
    assert "验证码" not in await customer.say("谢谢", "thank")


async def test_who_declines_the_questions_offered_is_no_miss(customer: Dialogue):
    await customer.say("信用卡的事", "ask_faq")
    await customer.say("不用了谢谢", "deny")
    assert not customer.slots.get("misses")


@pytest.mark.parametrize("intent", ["ask_faq", "check_balance", "out_of_scope", "express_anger"])
async def test_money_lost_by_fraud_fetches_a_person_whatever_nlu_makes_of_it(customer: Dialogue, intent: str):
    await customer.say("钱被骗了十万你们管不管", intent)
    assert customer.handoff is not None
    assert customer.handoff["reason"] == "grave_complaint"


@pytest.mark.parametrize("text", ["300", "2", "第二个", "最后一个", "５"])
async def test_a_number_alone_is_asked_about(customer: Dialogue, text: str):
    assert "这个数字" in await customer.say(text, "express_anger")


@pytest.mark.parametrize(("words", "is_farewell"), [("88", True), ("886", True), ("300", False), ("8", False)])
async def test_88_is_a_farewell_and_another_number_is_asked_about(stranger: Dialogue, words: str, is_farewell: bool):
    said = await stranger.say(words, "goodbye")
    assert ("数字指的是什么" not in said) is is_farewell
