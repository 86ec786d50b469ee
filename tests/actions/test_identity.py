import pytest

from bot.application import Services
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


@pytest.fixture
async def follower(services: Services) -> Dialogue:
    """王建国 in WeChat, bound three days ago."""
    conversation = await services.foundation.log.open("wechat")
    await services.identity.bind(conversation.conversation_id, "C1001")
    return Dialogue(services, conversation.conversation_id)


async def customer_of(dialogue: Dialogue) -> str | None:
    return (await dialogue.services.identity.principal(dialogue.conversation_id)).customer_id


@pytest.mark.parametrize("words", ["解绑", "把微信绑定取消掉", "解除绑定", "取消公众号绑定"])
async def test_unbinding_takes_a_yes_and_a_code_and_then_forgets_the_customer(
    follower: Dialogue, sms: FakeSms, words: str
):
    assert "确认解除绑定吗" in await follower.say(words, "bind_account")
    assert "验证码已发送至139****0001" in await follower.press("确认解除")
    assert await customer_of(follower) == "C1001"
    assert "已经解除绑定" in await pass_code(follower, sms)
    assert await customer_of(follower) is None
    assert "核实身份" in await follower.say("查余额", "check_balance")


async def test_a_code_passed_a_while_ago_reads_but_does_not_unbind(follower: Dialogue, sms: FakeSms, clock: FakeClock):
    await follower.say("查余额", "check_balance")
    await pass_code(follower, sms)
    clock.advance(301)
    assert "尾号1234" in await follower.say("查余额", "check_balance")
    await follower.say("解绑", "bind_account")
    assert "验证码已发送" in await follower.press("确认解除")
    assert "已经解除绑定" in await pass_code(follower, sms)


async def test_a_code_passed_just_now_unbinds_at_once(follower: Dialogue, sms: FakeSms, clock: FakeClock):
    await follower.say("查余额", "check_balance")
    await pass_code(follower, sms)
    clock.advance(299)
    await follower.say("解绑", "bind_account")
    assert "已经解除绑定" in await follower.press("确认解除")


async def test_the_code_for_unbinding_can_be_sent_again(follower: Dialogue, sms: FakeSms, clock: FakeClock):
    await follower.say("解绑", "bind_account")
    await follower.press("确认解除")
    clock.advance(60)
    assert "验证码已发送" in await follower.press("重新发送")
    assert "已经解除绑定" in await pass_code(follower, sms)


async def test_whoever_turns_to_something_else_stays_bound_though_the_code_passes(follower: Dialogue, sms: FakeSms):
    await follower.say("解绑", "bind_account")
    await follower.press("确认解除")
    await follower.say("你好", "chitchat")
    assert "已核实" in await pass_code(follower, sms)
    assert await customer_of(follower) == "C1001"


async def test_the_code_for_unbinding_blocks_no_card(follower: Dialogue, sms: FakeSms):
    """What a passed code goes on with is what it was sent for, whatever has been offered since."""
    await follower.say("解绑", "bind_account")
    await follower.press("确认解除")
    assert "确认" in await follower.say("尾号1234的卡丢了", "report_lost_card", card_tail="1234")
    assert "刚才的挂失还没有办理" in await pass_code(follower, sms)


async def test_on_the_web_a_session_ends_without_a_code(customer: Dialogue, sms: FakeSms):
    assert "确认退出登录吗" in await customer.say("退出登录", "bind_account")
    assert "已经退出登录" in await customer.press("确认退出")
    assert sms.sent == []
    assert await customer_of(customer) is None
    assert "核实身份" in await customer.say("查余额", "check_balance")


@pytest.mark.parametrize("words", ["退出验证", "解除验证", "结束身份验证", "把身份认证退出，取消核实"])
async def test_the_step_up_can_be_dropped_at_once(customer: Dialogue, sms: FakeSms, words: str):
    await customer.say("查余额", "check_balance")
    await pass_code(customer, sms)
    assert "已经退出验证" in await customer.say(words, "bind_account")
    assert await customer_of(customer) == "C1001"
    assert "验证码" in await customer.say("查余额", "check_balance")


async def test_nothing_to_drop(customer: Dialogue):
    assert "没有生效" in await customer.say("退出验证", "bind_account")


@pytest.mark.parametrize(
    "words", ["我绑定了吗", "现在是谁登录的", "我的身份验证状态", "绑的是哪个手机", "我验证了没有"]
)
async def test_the_customer_is_told_who_is_bound_since_when_and_how_to_undo_it(
    follower: Dialogue, sms: FakeSms, clock: FakeClock, words: str
):
    clock.advance(days=3)
    said = await follower.say(words, "bind_account")
    assert "139****0001" in said
    assert "11月23日绑定" in said
    assert "没有生效的验证码" in said
    assert "解绑" in said
    await follower.say("查余额", "check_balance")
    await pass_code(follower, sms)
    assert "有效到12:10" in await follower.say(words, "bind_account")


async def test_on_the_web_it_is_a_session(customer: Dialogue):
    said = await customer.say("现在是谁登录的", "bind_account")
    assert "139****0001" in said
    assert "退出登录" in said


async def test_a_stranger_is_told_that_nobody_is_bound(stranger: Dialogue):
    assert "没有绑定" in await stranger.say("我绑定了吗", "bind_account")
    assert stranger.buttons == ["验证身份", "转人工"]


async def test_enough_codes_for_a_day(customer: Dialogue, sms: FakeSms, clock: FakeClock):
    for _ in range(10):
        await customer.say("查余额", "check_balance")
        clock.advance(60)
    said = await customer.say("查余额", "check_balance")
    assert "上限" in said
    assert "转人工" in customer.buttons
    assert len(sms.sent) == 10


async def test_a_customer_who_thinks_again_stays_bound(follower: Dialogue):
    await follower.say("解绑", "bind_account")
    assert "保持不变" in await follower.press("先不解除")
    assert await customer_of(follower) == "C1001"


async def test_a_yes_to_something_else_unbinds_nobody(customer: Dialogue):
    await customer.say("解绑", "bind_account")
    await customer.say("你好", "chitchat")
    await customer.say("好的", "affirm")
    assert (await customer.services.identity.principal(customer.conversation_id)).customer_id == "C1001"


async def test_a_stranger_has_nothing_to_unbind(stranger: Dialogue):
    assert "没有绑定" in await stranger.say("解绑", "bind_account")


async def test_in_wechat_a_stranger_gets_a_link_to_bind_the_account(services: Services):
    conversation = await services.foundation.log.open("wechat")
    follower = Dialogue(services, conversation.conversation_id)
    assert "绑定账户" in await follower.say("查余额", "check_balance")
    (link,) = [b["payload"] for m in follower.messages for b in m["buttons"] or () if b["title"] == "绑定账户"]
    assert link == f"{services.settings.wechat_public_url}/wechat/bind"
