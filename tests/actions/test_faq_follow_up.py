"""Questions that mean the subject of the answer before."""

import pytest

from actions.ellipsis import completed
from tests.actions.dialogue import Dialogue


@pytest.mark.parametrize(
    ("before", "text", "full"),
    [
        ("手机银行转账限额是多少？", "那手续费呢", "转账手续费"),
        ("转账收手续费吗？", "跨行的呢", "跨行转账收手续费吗？"),
        ("为什么提额申请没通过？", "那临时的呢", "临时提额"),
        ("挂失要收手续费吗？", "那要多久", "挂失要多久"),
        ("大额存单怎么买？", "还有利息呢？", "存单利息"),
        ("大额存单多少钱起？", "能提前取吗", "大额存单能提前取吗"),
    ],
)
def test_it_is_completed_by_a_word_of_the_question_before(before: str, text: str, full: str):
    queries = list(completed(before, text))
    assert full in queries
    assert queries[-1] == text


def test_what_only_asks_is_no_subject():
    assert list(completed("卡被吞了怎么办？", "那信用卡呢")) == ["卡被吞了信用卡", "那信用卡呢"]


async def test_another_entry_is_rather_meant_than_the_same_again(stranger: Dialogue):
    await stranger.say("年费多少", "ask_faq")
    assert await stranger.say("那免掉的呢", "ask_faq") == "打电话就能免。"


@pytest.mark.parametrize("intent", ["check_balance", "out_of_scope", "nlu_fallback", "ask_faq"])
async def test_it_is_answered_whatever_nlu_makes_of_it(stranger: Dialogue, intent: str):
    await stranger.say("年费多少", "ask_faq")
    assert await stranger.say("金卡的呢", intent) == "刷满五次免年费。"


@pytest.mark.parametrize(("text", "intent"), [("那算了", "cancel"), ("那转人工吧", "request_human")])
async def test_another_wish_is_no_question(stranger: Dialogue, text: str, intent: str):
    await stranger.say("年费多少", "ask_faq")
    assert "年费" not in await stranger.say(text, intent)


async def test_after_a_question_of_the_own_accounts_it_is_about_those(customer: Dialogue):
    await customer.say("年费多少", "ask_faq")
    await customer.say("我有多少积分", "check_points")
    assert await customer.say("那金卡呢", "nlu_fallback") != "刷满五次免年费。"


async def test_a_short_question_without_a_subject_is_completed_as_well(stranger: Dialogue):
    await stranger.say("年费多少", "ask_faq")
    assert await stranger.say("能免吗", "ask_faq") == "打电话就能免。"


async def test_an_answer_is_not_given_twice_for_want_of_another(stranger: Dialogue):
    await stranger.say("年费多少", "ask_faq")
    assert "刷满五次" not in await stranger.say("有限额吗", "ask_faq")


async def test_on_the_same_topic_a_guess_is_better_than_nothing(stranger: Dialogue):
    await stranger.say("年费多少", "ask_faq")
    assert await stranger.say("能再提吗", "ask_faq") == "您是不是想问："


async def test_what_is_no_question_is_not_completed(stranger: Dialogue):
    await stranger.say("年费多少", "ask_faq")
    assert "没太明白" in await stranger.say("啦啦啦", "nlu_fallback")


async def test_a_longer_question_names_its_own_subject(stranger: Dialogue):
    await stranger.say("年费多少", "ask_faq")
    assert "年费" not in await stranger.say("你们楼下的停车场几点开门", "ask_faq")


async def test_what_was_offered_is_a_subject_until_it_is_turned_down(stranger: Dialogue):
    await stranger.say("信用卡提额", "ask_faq")
    assert "您是不是想问" in await stranger.say("那要多久呢", "nlu_fallback")
    await stranger.press("都不是")
    assert "您是不是想问" not in await stranger.say("那要多久呢", "nlu_fallback")


async def test_what_nothing_answers_comes_to_the_editors_in_full(stranger: Dialogue):
    await stranger.say("衡盈固收增强怎么样", "ask_faq")
    await stranger.say("那多久呢", "ask_faq")
    [miss] = await stranger.services.misses.latest(10)
    assert miss.text == "衡盈固收多久"
