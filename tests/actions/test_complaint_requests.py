"""Which request a customer makes of a filed complaint."""

import pytest

from actions.complaint_requests import addition_in
from bot.complaints.ledger import Ledger
from bot.complaints.models import Actor
from bot.complaints.states import Event
from tests.actions.dialogue import Dialogue, pass_code
from tests.fakes.clock import FakeClock
from tests.fakes.sms import FakeSms


async def filed(dialogue: Dialogue, story: str = "网点排队两个小时没人管", target: str = "网点") -> str:
    await dialogue.say(f"我要投诉，{story}", "file_complaint", complaint_target=target)
    await dialogue.say("没有", "deny")
    said = await dialogue.say("确认提交", "affirm")
    return said[said.index("TS") :][:15]


async def answered(dialogue: Dialogue, number: str) -> None:
    """Let the bank answer the complaint."""
    base = dialogue.services.foundation
    ledger = Ledger(base.db, base.log, base.outbox)
    for event in (Event.ACCEPT, Event.INVESTIGATE, Event.ANSWER):
        async with ledger.change(number) as change:
            answer = {"answer": "手续费已经退回您的账户。"} if event is Event.ANSWER else {}
            await change.apply(event, Actor("agent", "a1", "林晓"), **answer)


@pytest.mark.parametrize("words", ["我要撤诉", "投诉撤了吧不麻烦你们了", "那个投诉不用处理了", "取消我的投诉"])
async def test_a_complaint_is_withdrawn_after_a_confirmation(customer: Dialogue, words: str):
    number = await filed(customer)
    said = await customer.say(words, "check_complaint")
    assert f"确认撤回投诉{number}" in said
    assert "已经撤回" in await customer.press("确认撤回")
    assert "已撤回" in await customer.say("我的投诉", "check_complaint")


async def test_who_thinks_again_keeps_the_complaint(customer: Dialogue):
    number = await filed(customer)
    await customer.say("我要撤诉", "check_complaint")
    assert "不撤回" in await customer.press("先不撤回")
    assert "等待受理" in await customer.say(number, "check_complaint")


async def test_of_several_complaints_the_customer_says_which(customer: Dialogue, clock: FakeClock):
    first = await filed(customer)
    clock.advance(60)
    second = await filed(customer, "手机银行总是闪退转不了账", "手机银行")
    assert "哪一件" in await customer.say("我要撤诉", "check_complaint")
    assert [title[-15:] for title in customer.buttons] == [second, first]
    assert f"确认撤回投诉{first}" in await customer.press(customer.buttons[1])


async def test_a_number_says_which(customer: Dialogue, clock: FakeClock):
    first = await filed(customer)
    clock.advance(60)
    await filed(customer, "手机银行总是闪退转不了账", "手机银行")
    assert f"确认撤回投诉{first}" in await customer.say(f"{first}这个撤了吧", "check_complaint")


async def test_an_addition_may_come_with_the_request(customer: Dialogue):
    number = await filed(customer)
    said = await customer.say("我的投诉要补充一下，当时大堂经理还骂了我一句", "check_complaint")
    assert f"已经补充到投诉{number}" in said


@pytest.mark.parametrize("intent", ["check_complaint", "nlu_fallback", "out_of_scope", "ask_faq", "file_complaint"])
async def test_an_addition_may_come_afterwards_whatever_nlu_takes_it_for(customer: Dialogue, intent: str):
    number = await filed(customer)
    assert "补充什么" in await customer.say("投诉我想补充一点", "check_complaint")
    assert f"已经补充到投诉{number}" in await customer.say("大堂经理当时还说让我爱去哪去哪，一点都不负责", intent)
    assert customer.loop is None


async def test_an_addition_in_anger_is_kept_and_nobody_is_fetched(customer: Dialogue):
    number = await filed(customer)
    await customer.say("投诉我想补充一点", "check_complaint")
    said = await customer.say("客服热线打了三次都没人接，态度还特别差", "express_anger")
    assert f"已经补充到投诉{number}" in said
    assert customer.notes == []


async def test_an_addition_that_is_grave_is_kept_and_a_person_comes(customer: Dialogue):
    number = await filed(customer)
    await customer.say("投诉我想补充一点", "check_complaint")
    said = await customer.say("后来我发现卡里的钱被盗刷了两万块", "report_lost_card")
    assert f"已经补充到投诉{number}" in said
    assert customer.notes[-1]["reason"] == "grave_complaint"


async def test_another_short_request_is_no_addition(customer: Dialogue):
    await filed(customer)
    await customer.say("投诉我想补充一点", "check_complaint")
    assert "验证码" in await customer.say("查余额", "check_balance")


async def test_an_answered_complaint_is_looked_at_again(customer: Dialogue):
    number = await filed(customer)
    await answered(customer, number)
    said = await customer.say("你们的答复我不接受，重新处理", "check_complaint")
    assert f"投诉{number}已经重新受理，我们会在12月8日前" in said
    assert "已经补充到" in await customer.say("钱还是没有退给我，你们只说了对不起", "check_complaint")


async def test_an_answer_can_be_read_again_and_objected_to_by_a_button(customer: Dialogue):
    number = await filed(customer)
    await answered(customer, number)
    assert "手续费已经退回您的账户" in await customer.say("我的投诉", "check_complaint")
    assert customer.buttons == ["要求重新处理", "转人工"]
    assert "已经重新受理" in await customer.press("要求重新处理")


async def test_what_is_not_possible_is_said_and_why(customer: Dialogue):
    number = await filed(customer)
    assert "不能要求重新处理" in await customer.say(f"{number}重新处理", "check_complaint")
    assert "没有已经答复" in await customer.say("对处理结果不满意，重新处理", "check_complaint")
    await answered(customer, number)
    assert "不能撤回" in await customer.say(f"撤诉 {number}", "check_complaint")
    assert "没有可以撤回" in await customer.say("撤诉", "check_complaint")


async def test_long_after_the_end_it_stays_closed(customer: Dialogue, clock: FakeClock):
    number = await filed(customer)
    await answered(customer, number)
    base = customer.services.foundation
    async with Ledger(base.db, base.log, base.outbox).change(number) as change:
        await change.apply(Event.CLOSE, Actor("agent", "a1", "林晓"), ended_at=change.now)
    clock.advance(days=base.settings.complaint_reopen_days + 1)
    assert "不能再重新受理" in await customer.say(f"{number}问题没解决，重新打开", "check_complaint")


async def test_a_stranger_proves_who_it_is_and_the_request_goes_on(
    customer: Dialogue, stranger: Dialogue, sms: FakeSms
):
    number = await filed(customer)
    other = Dialogue(customer.services, (await customer.services.foundation.log.open("web")).conversation_id)
    await other.say(f"撤诉{number}", "check_complaint")
    sealed = await other.services.vault.seal(other.conversation_id, "13900000001")
    await other.say(sealed, "bind_account", phone=sealed)
    assert f"确认撤回投诉{number}" in await pass_code(other, sms)


@pytest.mark.parametrize(
    ("text", "addition"),
    [
        ("我的投诉要补充一下，当时柜员还多收了五十块钱", "当时柜员还多收了五十块钱"),
        ("补充：对方电话里承认是系统故障", "对方电话里承认是系统故障"),
        ("投诉单里再加上，他们还多扣了我50块钱手续费", "他们还多扣了我50块钱手续费"),
        ("我想补充投诉内容", None),
        ("给我的投诉加一条", None),
    ],
)
def test_what_is_added_is_told_from_its_announcement(text: str, addition: str | None):
    assert addition_in(text) == addition
