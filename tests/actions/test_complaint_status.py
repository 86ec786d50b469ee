from tests.actions.dialogue import Dialogue, pass_code
from tests.fakes.sms import FakeSms


async def filed(dialogue: Dialogue) -> str:
    await dialogue.say("我要投诉，网点排队两个小时没人管", "file_complaint", complaint_target="网点")
    await dialogue.say("没有", "deny")
    said = await dialogue.say("确认提交", "affirm")
    return said[said.index("TS") :][:15]


async def test_a_signed_in_customer_sees_the_own_ones(customer: Dialogue):
    number = await filed(customer)

    said = await customer.say("我的投诉处理得怎么样了", "check_complaint")

    assert number in said
    assert "12月8日前" in said


async def test_by_number_however_it_is_spaced_and_understood(customer: Dialogue):
    number = await filed(customer)
    spaced = f"{number[:10]} {number[10:14]} {number[14:]}".lower()

    assert number in await customer.say(f"{spaced}这个到哪一步了", "ask_faq")


async def test_a_mistyped_number_is_told_from_an_unknown_one(customer: Dialogue):
    number = await filed(customer)
    mistyped = number[:-1] + str((int(number[-1]) + 1) % 10)

    assert "好像不对" in await customer.say(mistyped, "check_complaint")


async def test_a_customer_without_complaints_hears_so(customer: Dialogue):
    assert "没有投诉记录" in await customer.say("投诉进度", "check_complaint")


async def test_a_stranger_gives_a_number_or_proves_who_it_is(stranger: Dialogue, sms: FakeSms):
    assert "投诉编号" in await stranger.say("查投诉进度", "check_complaint")
    sealed = await stranger.services.vault.seal(stranger.conversation_id, "13900000001")
    await stranger.say(sealed, "nlu_fallback", phone=sealed)

    assert "没有投诉记录" in await pass_code(stranger, sms)


async def test_after_the_code_the_number_is_still_known(customer: Dialogue, stranger: Dialogue, sms: FakeSms):
    number = await filed(customer)
    await customer.services.identity.end_session(customer.conversation_id)
    customer.slots = {}
    await customer.say(f"查一下{number}", "check_complaint")
    sealed = await customer.services.vault.seal(customer.conversation_id, "13900000001")
    await customer.say(sealed, "bind_account", phone=sealed)

    assert number in await pass_code(customer, sms)


async def test_digits_after_the_number_do_not_belong_to_it(customer: Dialogue):
    number = await filed(customer)

    assert "12月8日前" in await customer.say(f"{number} 2天了还没消息", "check_complaint")
