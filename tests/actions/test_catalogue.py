"""Comparisons and lists of products, made of the catalogue's fields."""

import pytest

from tests.actions.dialogue import Dialogue


@pytest.mark.parametrize("intent", ["ask_faq", "recommend_product", "nlu_fallback"])
async def test_two_named_products_are_compared_by_their_fields(stranger: Dialogue, intent: str):
    said = await stranger.say("稳心日添利和衡盈固收增强有什么区别", intent)

    assert "风险等级：稳心日添利，R1；衡盈固收增强，R3" in said
    assert "起点金额：稳心日添利，¥1.00；衡盈固收增强，¥100.00" in said
    assert said.count("不代表未来表现") >= 1


async def test_what_is_the_same_is_not_told_as_a_difference(stranger: Dialogue):
    said = await stranger.say("稳和90天跟稳和一年哪个合适", "ask_faq")

    assert "期限：" in said
    assert "风险等级" not in said


async def test_these_two_are_the_ones_shown_before(customer: Dialogue):
    await customer.say("推荐点理财", "recommend_product")
    shown = [card["title"] for note in customer.notes for card in note["cards"]]

    said = await customer.say("这两款有什么区别", "ask_faq")

    assert len(shown) >= 2
    assert all(name in said for name in shown)


async def test_one_name_is_compared_with_what_was_shown(stranger: Dialogue):
    await stranger.say("稳和90天和稳和一年有什么不同", "ask_faq")

    said = await stranger.say("跟衡盈相比呢", "ask_faq")

    assert "衡盈固收增强，R3" in said
    assert "稳和90天，R2" in said


@pytest.mark.parametrize("asked", ["和稳和90天比呢", "跟稳和90天比起来怎么样"])
async def test_the_product_a_question_was_about_counts_as_shown(stranger: Dialogue, asked: str):
    await stranger.say("衡盈固收增强怎么样", "ask_faq")

    said = await stranger.say(asked, "ask_faq")

    assert "稳和90天，R2" in said
    assert "衡盈固收增强，R3" in said


async def test_two_products_without_a_name_are_asked_for(stranger: Dialogue):
    said = await stranger.say("两款理财有什么区别", "ask_faq")

    assert "哪两款" in said
    assert "稳心日添利（R1）" in said


@pytest.mark.parametrize(
    ("asked", "among", "not_among"),
    [
        ("R2的理财有哪些", "稳和90天（R2）", "衡盈"),
        ("有没有低风险的理财", "稳心日添利（R1）", "稳和"),
        ("你们有什么基金", "清川纯债（R2）", "稳和"),
        ("有哪些存款产品", "大额存单", "稳和"),
        ("现在有啥贷款", "掌易贷", "大额存单"),
    ],
)
async def test_lists_what_there_is(stranger: Dialogue, asked: str, among: str, not_among: str):
    said = await stranger.say(asked, "ask_faq")

    assert among in said
    assert not_among not in said


async def test_a_list_of_investments_is_no_recommendation(stranger: Dialogue):
    assert "不是推荐" in await stranger.say("R2的理财有哪些", "ask_faq")
    assert "推荐" not in await stranger.say("有哪些存款产品", "ask_faq")


async def test_what_does_not_exist_is_said(stranger: Dialogue):
    assert "没有符合" in await stranger.say("有没有R5的存款", "ask_faq")


@pytest.mark.parametrize("asked", ["理财有哪些风险", "信用卡年费怎么收", "贷款需要什么条件", "年费和利息哪个高"])
async def test_other_questions_are_left_to_the_search(stranger: Dialogue, asked: str):
    said = await stranger.say(asked, "ask_faq")

    assert "在售" not in said
    assert "不同：" not in said
