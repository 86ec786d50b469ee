"""What else a message asks for is passed on once nothing of its first request is open."""

from tests.actions.dialogue import Dialogue, pass_code
from tests.fakes.sms import FakeSms


async def ask(dialogue: Dialogue, text: str, intent: str, then: str) -> str:
    """Say `text`, after which the message goes on with `then`."""
    dialogue.metadata = {"then": then}
    said = await dialogue.say(text, intent)
    dialogue.metadata = {}
    return said


async def test_at_once_where_nothing_is_open(customer: Dialogue):
    await ask(customer, "查积分", "check_points", "怎么改密码")
    assert customer.next == ["怎么改密码"]
    await customer.say("怎么改密码", "ask_faq")
    assert customer.next == []


async def test_after_the_code_that_the_first_needs(customer: Dialogue, sms: FakeSms):
    await ask(customer, "查余额", "check_balance", "看看积分")
    assert customer.next == []
    await customer.say("年费多少", "ask_faq")
    assert customer.next == []
    assert "尾号1234" in await pass_code(customer, sms)
    assert customer.next == ["看看积分"]
    await customer.say("你好", "greet")
    assert customer.next == []


async def test_a_question_before_does_not_keep_others_waiting(customer: Dialogue):
    """The code still awaited belongs to an earlier request."""
    await customer.say("查余额", "check_balance")
    await ask(customer, "年费多少", "ask_faq", "看看积分")
    assert customer.next == ["看看积分"]


async def test_after_the_yes_that_blocks_a_card(customer: Dialogue):
    await ask(customer, "尾号1234的卡丢了", "report_lost_card", "看看积分")
    await customer.say("尾号1234的卡丢了", "report_lost_card", card_tail="1234")
    assert customer.next == []
    assert "已为您挂失" in await customer.press("确认挂失")
    assert customer.next == ["看看积分"]


async def test_called_off_with_the_first(customer: Dialogue):
    await ask(customer, "查余额", "check_balance", "看看积分")
    await customer.say("算了", "cancel")
    assert customer.next == []
    assert customer.slots["then"] is None


async def test_left_to_the_person_who_comes_for_the_first(customer: Dialogue):
    await ask(customer, "我的钱被骗子骗走了三万", "ask_faq", "看看积分")
    assert customer.handoff is not None
    assert customer.handoff["note"] == "我的钱被骗子骗走了三万，看看积分"
    assert customer.next == []
