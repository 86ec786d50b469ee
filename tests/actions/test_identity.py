from bot.bootstrap import Services
from tests.actions.dialogue import Dialogue, pass_code
from tests.fakes.clock import FakeClock
from tests.fakes.sms import FakeSms


async def test_a_signed_in_customer_gets_a_code_and_then_the_answer_by_itself(customer: Dialogue, sms: FakeSms):
    said = await customer.say("我卡里还有多少钱", "check_balance")

    assert "139****0001" in said
    assert customer.buttons == ["重新发送"]
    assert "尾号1234" in await pass_code(customer, sms)


async def test_the_code_leads_back_to_the_card_that_was_asked_for(customer: Dialogue, sms: FakeSms):
    await customer.say("尾号5678的卡还有多少", "check_balance", card_tail="5678")

    said = await pass_code(customer, sms)

    assert "尾号5678" in said
    assert "1234" not in said


async def test_a_stranger_is_asked_for_the_phone_on_file_first(stranger: Dialogue, sms: FakeSms):
    assert "预留的手机号" in await stranger.say("查余额", "check_balance")
    sealed = await stranger.services.vault.seal(stranger.conversation_id, "13900000001")

    assert "139****0001" in await stranger.say(sealed, "nlu_fallback", phone=sealed)
    assert "尾号1234" in await pass_code(stranger, sms)


async def test_a_strangers_phone_is_answered_alike_whether_the_bank_knows_it_or_not(stranger: Dialogue, sms: FakeSms):
    await stranger.say("查余额", "check_balance")
    sealed = await stranger.services.vault.seal(stranger.conversation_id, "13712345678")

    assert "137****5678" in await stranger.say(sealed, "bind_account", phone=sealed)
    assert sms.sent == []


async def test_the_code_can_be_sent_again_after_a_while(customer: Dialogue, clock: FakeClock, sms: FakeSms):
    await customer.say("查余额", "check_balance")

    assert "刚刚发出" in await customer.press("重新发送")
    clock.advance(61)
    await customer.press("重新发送")

    assert len(sms.sent) == 2
    assert "尾号1234" in await pass_code(customer, sms)


async def test_after_a_second_question_the_code_answers_the_second(customer: Dialogue, sms: FakeSms):
    await customer.say("查余额", "check_balance")
    await customer.say("算了，查上个月的明细", "check_transactions", date="上个月")

    assert (await pass_code(customer, sms)).startswith("10月共")


async def test_too_many_wrong_codes_lock_and_say_for_how_long(customer: Dialogue, sms: FakeSms):
    await customer.say("查余额", "check_balance")
    right = sms.sent[-1][1]
    wrong = "000000" if "000000" not in right else "111111"
    for _ in range(3):
        await customer.services.identity.answer_challenge(customer.conversation_id, wrong)

    said = await customer.say("查余额", "check_balance")

    assert "15分钟后" in said
    assert "转人工" in customer.buttons


async def test_verifying_without_a_question_ends_in_an_offer(customer: Dialogue, sms: FakeSms):
    await customer.say("验证身份", "bind_account")

    assert "已核实" in await pass_code(customer, sms)


async def test_six_digits_nobody_waits_for_lead_to_the_identity_check(stranger: Dialogue):
    assert "预留的手机号" in await stranger.say("246810", "goodbye")


async def test_a_code_sent_to_another_conversation_is_not_asked_for_here(services: Services):
    first, second = (Dialogue(services, conversation_id) for conversation_id in ("first", "second"))
    for dialogue in (first, second):
        phone = await services.vault.seal(dialogue.conversation_id, "13900000001")
        await dialogue.say("查余额", "check_balance")
        await dialogue.say(phone, "bind_account", phone=phone)

    assert "验证码已发送" in first.text
    assert "刚刚收过验证码" in second.text
