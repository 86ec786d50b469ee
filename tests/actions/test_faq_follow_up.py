"""Questions that mean the subject of the answer before."""

import pytest

from actions.faq_follow_up import completed
from tests.actions.dialogue import Dialogue


@pytest.mark.parametrize(
    ("before", "text", "full"),
    [
        ("手机银行转账限额是多少？", "那手续费呢", "转账手续费"),
        ("转账收手续费吗？", "跨行的呢", "跨行转账收手续费吗？"),
        ("挂失要收手续费吗？", "那要多久", "挂失要多久"),
        ("大额存单怎么买？", "还有利息呢？", "存单利息"),
    ],
)
def test_it_is_completed_by_a_word_of_the_question_before(before: str, text: str, full: str):
    queries = list(completed(before, text))
    assert full in queries or any(query.endswith(full) for query in queries)
    assert queries[-1] == text


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
