import pytest

from tests.actions.dialogue import Dialogue, pass_code
from tests.fakes.sms import FakeSms


async def blocked(dialogue: Dialogue) -> list[str]:
    cards = await dialogue.services.banking.cards(await dialogue.services.identity.principal(dialogue.conversation_id))
    return [card.card_tail for card in cards if card.status.value == "blocked"]


async def test_which_card_then_a_confirmation_then_it_is_blocked(customer: Dialogue):
    await customer.say("我卡丢了", "report_lost_card")
    assert "尾号5678 储蓄卡" in customer.buttons
    assert "转人工" in customer.buttons

    assert "确认挂失吗" in await customer.press("尾号5678 储蓄卡")
    assert await blocked(customer) == []
    said = await customer.press("确认挂失")

    assert "已为您挂失尾号5678的储蓄卡" in said
    assert "补办新卡" in said
    assert await blocked(customer) == ["5678"]


async def test_the_card_can_be_typed_and_corrected(customer: Dialogue):
    await customer.say("卡丢了要挂失", "report_lost_card")
    await customer.say("尾号1234那张", "check_balance", card_tail="1234")
    assert "尾号5678" in await customer.say("不是1234，是5678", "deny", card_tail="5678")

    await customer.say("确认挂失", "report_lost_card")

    assert await blocked(customer) == ["5678"]


async def test_no_blocks_nothing(customer: Dialogue):
    await customer.say("挂失5678", "report_lost_card", card_tail="5678")

    assert "没有为您挂失" in await customer.press("先不挂失")
    assert await blocked(customer) == []


async def test_another_request_does_not_make_a_lost_card_forgotten(customer: Dialogue):
    await customer.say("挂失5678", "report_lost_card", card_tail="5678")
    assert "还没有办理" in await customer.say("我有多少积分", "check_points")
    await customer.say("好的", "affirm")

    assert await blocked(customer) == ["5678"]
    assert "还没有办理" not in await customer.say("我有多少积分", "check_points")


@pytest.mark.parametrize(("words", "intent"), [("算了", "cancel"), ("不要", "deny")])
async def test_a_card_that_was_found_again_is_not_asked_about(customer: Dialogue, words: str, intent: str):
    await customer.say("挂失5678", "report_lost_card", card_tail="5678")
    await customer.say(words, intent)
    assert "还没有办理" not in await customer.say("我有多少积分", "check_points")
    await customer.say("好的", "affirm")

    assert await blocked(customer) == []


async def test_a_question_in_the_middle_leaves_the_confirmation_open(customer: Dialogue):
    await customer.say("挂失5678", "report_lost_card", card_tail="5678")
    said = await customer.say("挂失年费多少", "ask_faq")

    assert "刷满五次" in said
    assert "还没有办理" in said
    await customer.press("确认挂失")
    assert await blocked(customer) == ["5678"]


async def test_a_stranger_hears_of_the_hotline_and_of_people_first(stranger: Dialogue, sms: FakeSms):
    said = await stranger.say("我的卡丢了", "report_lost_card")
    assert "955000" in said
    assert "预留的手机号" in said
    assert "转人工" in stranger.buttons

    sealed = await stranger.services.vault.seal(stranger.conversation_id, "13900000001")
    await stranger.say(sealed, "bind_account", phone=sealed)
    assert "哪张卡" in await pass_code(stranger, sms)


async def test_a_person_asked_for_while_reporting_knows_what_it_is_about(customer: Dialogue):
    await customer.say("我卡丢了", "report_lost_card")
    await customer.press("转人工")

    assert customer.handoff is not None
    assert customer.handoff["reason"] == "lost_card"


async def test_a_blocked_card_is_not_blocked_again(customer: Dialogue):
    await customer.say("挂失5678", "report_lost_card", card_tail="5678")
    await customer.press("确认挂失")

    assert "已经是挂失状态" in await customer.say("挂失5678", "report_lost_card", card_tail="5678")


async def test_the_card_can_be_named_even_after_a_question_in_between(customer: Dialogue):
    await customer.say("我卡丢了", "report_lost_card")
    await customer.say("补卡年费多少", "ask_faq")

    assert "尾号1234的工资卡" in await customer.say("工资卡", "check_balance", account_type="工资卡")


async def test_a_yes_to_which_card_asks_for_the_card_again(customer: Dialogue):
    await customer.say("卡丢了", "report_lost_card")

    assert "后四位" in await customer.say("确认", "affirm")
    assert "确认挂失吗" in await customer.say("5678", "check_balance", card_tail="5678")
