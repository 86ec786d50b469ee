import pytest

from tests.actions.dialogue import Dialogue, pass_code
from tests.fakes.sms import FakeSms


@pytest.fixture
async def known(customer: Dialogue, sms: FakeSms) -> Dialogue:
    """王建国, who has just passed a code."""
    await customer.say("验证身份", "bind_account")
    await pass_code(customer, sms)
    return customer


async def test_several_accounts_are_listed(known: Dialogue):
    said = await known.say("查余额", "check_balance")

    assert "尾号1234 工资卡：余额¥25,683.45" in said
    assert "尾号5678 储蓄卡：余额¥86,420.10" in said
    assert "尾号8888 信用卡：可用额度" in said


async def test_follow_ups_name_another_card_correct_it_and_turn_to_the_credit_card(known: Dialogue):
    await known.say("查余额", "check_balance")

    assert "尾号1234的工资卡" in await known.say("尾号1234那张", "check_balance", card_tail="1234")
    # NLU took it for a plain no
    assert "尾号5678的储蓄卡" in await known.say("不是1234，是5678", "deny", card_tail="5678")
    assert "尾号8888的信用卡本期账单" in await known.say("那信用卡呢", "ask_faq", account_type="信用卡")
    assert "最低还款" in await known.say("最低还多少就行", "check_credit_card")
    assert "本期账单" not in known.text


async def test_what_a_bill_has_to_tell_is_asked_in_few_words(known: Dialogue):
    await known.say("信用卡账单", "check_credit_card")

    assert "到期还款日" in await known.say("什么时候还", "ask_faq")
    assert "总额度" in await known.say("额度呢", "ask_faq")


async def test_a_full_question_inherits_nothing(known: Dialogue):
    await known.say("5678还有多少", "check_balance", card_tail="5678")

    assert "尾号1234" in await known.say("我一共还有多少钱", "check_balance")


async def test_a_follow_up_goes_on_with_transactions_whatever_nlu_says(known: Dialogue):
    await known.say("上个月1234的明细", "check_transactions", date="上个月", card_tail="1234")

    said = await known.say("那5678呢", "check_balance", card_tail="5678")

    assert said.startswith("10月尾号5678共")
    assert "11月1日" in await known.say("这个月的呢", "check_transactions", date="这个月")
    assert "尾号5678" in known.text


async def test_what_was_spent_and_whether_the_salary_came(known: Dialogue):
    assert "支出共¥" in await known.say("上个月花了多少", "check_transactions", date="上个月")
    said = await known.say("工资到了没", "check_transactions")
    assert "11月10日 青禾智造科技 工资 ¥12,850.00" in said


async def test_nothing_found_says_so(known: Dialogue):
    assert "没有查到" in await known.say("上个月滴滴的", "check_transactions", date="上个月")


async def test_a_date_that_is_none_is_asked_for(known: Dialogue):
    assert "哪段时间" in await known.say("查某时的明细", "check_transactions", date="某时")
    assert (await known.press("上个月")).startswith("10月共")


async def test_an_unknown_tail_names_the_cards_there_are(known: Dialogue):
    said = await known.say("4444还有多少", "check_balance", card_tail="4444")

    assert "尾号4444" in said
    assert known.buttons == ["尾号1234 工资卡", "尾号5678 储蓄卡", "尾号8888 信用卡"]
    assert "尾号5678的储蓄卡" in await known.press("尾号5678 储蓄卡")


async def test_a_sealed_card_number_is_opened_by_the_vault(known: Dialogue):
    placeholder = await known.services.vault.seal(known.conversation_id, "6222021234560065678")

    assert placeholder.startswith("[卡号")
    assert "尾号5678" in await known.say(f"{placeholder}还有多少", "check_balance", card_tail=placeholder)


async def test_brackets_typed_by_the_customer_seal_nothing(known: Dialogue):
    assert "尾号1234" in await known.say("[卡号7]还有多少", "check_balance", card_tail="[卡号7]")


async def test_an_account_is_found_by_the_name_the_customer_gives_it(known: Dialogue):
    assert "尾号1234的工资卡" in await known.say("工资卡里还有多少", "check_balance", account_type="工资卡")


async def test_bill_limit_and_due_day(known: Dialogue):
    assert "总额度¥50,000.00" in await known.say("信用卡额度多少", "check_credit_card", account_type="信用卡")
    assert "到期还款日" in await known.say("几号还款", "check_credit_card")


async def test_points(customer: Dialogue):
    said = await customer.say("我有多少积分", "check_points")

    assert "12,860" in said
    assert "3,200积分将在12月31日到期" in said


async def test_a_follow_up_after_an_answer_from_the_knowledge_base_is_no_account_question(known: Dialogue):
    await known.say("查余额", "check_balance")
    await known.say("年费多少", "ask_faq")

    assert await known.say("那信用卡呢", "ask_faq", account_type="信用卡") == "刷满五次免年费。"


async def test_a_button_of_the_menu_asks_afresh(known: Dialogue):
    await known.say("5678还有多少", "check_balance", card_tail="5678")

    assert "尾号1234" in await known.send("/check_balance")


async def test_after_points_a_card_is_asked_for_its_own_sake(known: Dialogue):
    await known.say("我有多少积分", "check_points")

    assert "本期账单" in await known.say("那信用卡呢", "check_points", account_type="信用卡")


async def test_a_question_nobody_could_answer_ends_the_topic_too(known: Dialogue):
    await known.say("我有多少积分", "check_points")
    await known.say("某某某", "ask_faq")

    assert await known.say("那信用卡呢", "ask_faq", account_type="信用卡") == "您是不是想问："


async def test_the_name_of_a_card_is_no_keyword(known: Dialogue):
    await known.say("5678还有多少", "check_balance", card_tail="5678")

    assert "尾号1234的工资卡余额" in await known.say("那工资卡呢", "check_balance", account_type="工资卡")


async def test_the_menu_still_works_after_an_unknown_card(known: Dialogue):
    await known.say("4444还有多少", "check_balance", card_tail="4444")

    assert "尾号1234" in await known.send("/check_balance")


@pytest.mark.parametrize("more", ["接着看", "还有吗", "更多", "下一页", "再来几笔", "继续看"])
async def test_more_bookings_follow_without_repeating(known: Dialogue, more: str):
    first = await known.say("上个月的明细", "check_transactions", date="上个月")
    assert "需要接着看吗" in first
    second = await known.press(more) if more == "接着看" else await known.say(more, "nlu_fallback")
    assert second.startswith("更早的交易：")
    shown = [set(said.splitlines()[1:-1]) for said in (first, second)]
    assert len(shown[0]) == len(shown[1]) == 5
    assert not shown[0] & shown[1]


async def test_paging_ends_and_yes_means_nothing_more(known: Dialogue):
    said = await known.say("上个月的明细", "check_transactions", date="上个月")
    pages = 1
    while "需要接着看吗" in said:
        said = await known.say("好的", "affirm")
        pages += 1
    assert pages > 2
    assert "请问还有什么可以帮您" in await known.say("好的", "affirm")


async def test_another_question_starts_from_its_own_first_page(known: Dialogue):
    await known.say("上个月的明细", "check_transactions", date="上个月")
    said = await known.say("那这个月的呢", "nlu_fallback", date="这个月")
    assert not said.startswith("更早的交易")
