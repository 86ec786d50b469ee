import pytest

from actions.complaints import amount_in
from tests.actions.dialogue import Dialogue, pass_code
from tests.fakes.sms import FakeSms

STORY = "手机银行上周三转账一直失败，还扣了我300元手续费"


async def tell(dialogue: Dialogue) -> str:
    return await dialogue.say(
        f"我要投诉，{STORY}", "file_complaint", complaint_target="手机银行", date="上周三", amount="300元"
    )


async def test_what_was_said_and_what_the_bank_knows_is_not_asked(customer: Dialogue):
    assert "希望我们怎么处理" in await tell(customer)

    summary = await customer.say("把手续费退给我", "file_complaint")

    assert "投诉对象：手机银行" in summary
    assert STORY in summary
    assert "您的诉求：把手续费退给我" in summary
    assert "预留的手机号" in summary
    assert customer.buttons == ["确认提交", "修改", "取消"]


async def test_filed_with_a_number_and_the_day_of_the_answer(customer: Dialogue):
    await tell(customer)
    await customer.press("没有")
    said = await customer.press("确认提交")

    assert "TS20261123" in said
    assert "12月8日前" in said
    assert customer.loop is None
    who = await customer.services.identity.principal(customer.conversation_id)
    [filed] = await customer.services.complaints.mine(who)
    assert filed.target == "手机银行"
    assert filed.wish is None
    assert customer.slots["complaint_what"] is None


async def test_a_stranger_is_asked_step_by_step(stranger: Dialogue):
    assert "经过" in await stranger.say("我要投诉", "file_complaint")
    assert "哪方面" in await stranger.say("排队两个小时没人管，窗口只开一个", "out_of_scope")
    assert "怎么处理" in await stranger.press("网点服务")
    assert "手机号" in await stranger.say("没有", "deny")
    sealed = await stranger.services.vault.seal(stranger.conversation_id, "13712345678")
    assert "您刚才留的手机号" in await stranger.say(sealed, "nlu_fallback", phone=sealed)
    assert "TS2026" in await stranger.say("确认提交", "affirm")


async def test_a_question_in_the_middle_is_answered_and_the_form_goes_on(customer: Dialogue):
    await tell(customer)

    said = await customer.say("信用卡年费多少", "ask_faq")

    assert said.splitlines()[0] == "刷满五次免年费。"
    assert "怎么处理" in said
    assert customer.slots["complaint_wish"] is None
    assert "投诉对象" in await customer.say("没有", "deny")


async def test_another_errand_in_the_middle_too(customer: Dialogue):
    await tell(customer)

    said = await customer.say("我积分多少", "check_points")

    assert "12,860" in said
    assert "怎么处理" in said


async def test_the_target_is_corrected_in_one_sentence(customer: Dialogue):
    await customer.say("我要投诉，信用卡一直打不开用不了", "file_complaint", complaint_target="信用卡")
    await customer.say("没有", "deny")

    assert "投诉对象：手机银行" in await customer.say("不对，是手机银行", "deny", complaint_target="手机银行")


async def test_a_target_that_nlu_does_not_find_is_known_by_the_buttons(customer: Dialogue):
    """What a complaint is about is looked for only in what reads as a complaint."""
    await tell(customer)
    await customer.say("没有", "deny")

    assert "投诉对象：网点服务" in await customer.say("不对，是网点", "deny")


async def test_a_number_alone_answers_nothing_in_the_form(customer: Dialogue):
    await customer.say("我要投诉", "file_complaint")
    assert "经过" in await customer.say("300", "goodbye")
    await customer.say("排队两个小时没人管，窗口只开一个", "file_complaint")
    assert "哪方面" in await customer.say("300", "goodbye")
    await customer.press("网点服务")
    assert "怎么处理" in await customer.say("300", "goodbye")
    assert customer.slots["complaint_wish"] is None


async def test_a_wish_told_instead_of_a_yes_replaces_the_one_before(customer: Dialogue):
    await tell(customer)
    await customer.say("没有", "deny")
    assert "您的诉求：给我道歉吧" in await customer.say("给我道歉吧", "file_complaint")
    assert "TS" in await customer.say("没问题，尽快处理", "affirm")


@pytest.mark.parametrize(
    ("words", "intent", "wish"),
    [
        ("道个歉就行", "file_complaint", "道个歉就行"),
        ("不是，改成赔我路费", "deny", "赔我路费"),
        ("不对，退我300块", "deny", "退我300块"),
    ],
)
async def test_a_wish_remembered_late_is_taken_up(customer: Dialogue, words: str, intent: str, wish: str):
    await tell(customer)
    await customer.say("没有", "deny")
    assert f"您的诉求：{wish}\n" in await customer.say(words, intent)
    assert "TS" in await customer.say("对", "affirm")


async def test_what_is_added_instead_of_a_yes_is_not_lost(customer: Dialogue):
    await tell(customer)
    await customer.say("没有", "deny")
    assert "（补充：后来又等了一个小时也没人理）" in await customer.say("后来又等了一个小时也没人理", "file_complaint")
    assert "TS" in await customer.say("对", "affirm")


@pytest.mark.parametrize("words", ["不用了谢谢", "唔使喇", "不了", "算了，不用了"])
async def test_who_declines_instead_of_confirming_files_nothing(customer: Dialogue, words: str):
    await tell(customer)
    await customer.say("没有", "deny")

    assert "没有提交" in await customer.say(words, "deny")
    assert customer.loop is None


async def test_of_several_things_named_the_first_is_the_target(customer: Dialogue):
    await tell(customer)

    assert customer.slots["complaint_target"] == "手机银行"


async def test_a_target_that_nlu_takes_for_a_card_is_one_too(customer: Dialogue):
    await tell(customer)
    await customer.say("没有", "deny")

    assert "投诉对象：信用卡" in await customer.say("不对，是信用卡", "deny", account_type="信用卡")


async def test_a_request_in_the_middle_is_answered_after_its_identity_check(stranger: Dialogue, sms: FakeSms):
    await tell(stranger)
    assert "预留的手机号" in await stranger.say("余额多少", "check_balance")
    sealed = await stranger.services.vault.seal(stranger.conversation_id, "13900000001")
    await stranger.say(sealed, "bind_account", phone=sealed)

    said = await pass_code(stranger, sms)

    assert "尾号1234" in said
    assert "怎么处理" in said


async def test_any_part_is_changed_from_the_summary(customer: Dialogue):
    await tell(customer)
    await customer.say("没有", "deny")

    assert "改哪一项" in await customer.press("修改")
    assert "怎么处理" in await customer.press("诉求")
    assert "您的诉求：赔礼道歉" in await customer.say("赔礼道歉", "file_complaint")
    assert "改哪一项" in await customer.say("改一下", "ask_faq")
    assert "经过" in await customer.say("情况写错了", "nlu_fallback")


async def test_a_yes_to_the_question_what_to_change_files_nothing(customer: Dialogue):
    await tell(customer)
    await customer.say("没有", "deny")
    await customer.press("修改")

    assert "投诉对象" in await customer.say("好的", "affirm")
    assert customer.loop is not None


@pytest.mark.parametrize("turns_before", [0, 1])
async def test_cancelled_at_any_point(customer: Dialogue, turns_before: int):
    await tell(customer)
    for _ in range(turns_before):
        await customer.say("没有", "deny")

    assert "没有提交" in await customer.say("算了不投诉了", "cancel")
    assert customer.loop is None
    assert customer.slots["complaint_what"] is None


async def test_a_person_within_the_form_ends_it(customer: Dialogue):
    await tell(customer)
    await customer.say("转人工", "request_human")

    assert customer.handoff is not None
    assert customer.loop is None


async def test_a_story_about_waiting_for_people_is_a_story(customer: Dialogue):
    await customer.say("我要投诉", "file_complaint")

    assert "哪方面" in await customer.say("昨天打你们电话转人工等了一个小时没人接", "request_human")


async def test_a_grave_complaint_goes_to_a_person_with_its_story(customer: Dialogue):
    await customer.say("我要投诉，你们理财经理骗了我二十万，我要去银保监", "file_complaint")

    assert customer.handoff is not None
    assert customer.handoff["reason"] == "grave_complaint"
    assert "骗了我二十万" in customer.handoff["note"]
    (filed,) = await customer.services.complaints.mine(
        await customer.services.identity.principal(customer.conversation_id)
    )
    assert filed.is_urgent
    assert customer.handoff["note"].startswith(filed.number)
    assert customer.loop is None


async def test_two_misunderstandings_within_the_form_bring_a_person(customer: Dialogue):
    await tell(customer)
    await customer.say("没有", "deny")
    assert "没太明白" in await customer.say("啊啊啊", "nlu_fallback")
    await customer.say("哦哦哦", "nlu_fallback")

    assert customer.handoff is not None
    assert customer.loop is None


@pytest.mark.parametrize(
    ("wish", "intent"),
    [("道歉", "affirm"), ("尽快把卡还给我", "report_lost_card"), ("把钱退给我", "ask_faq")],
)
async def test_a_wish_is_a_wish_whatever_nlu_says(customer: Dialogue, wish: str, intent: str):
    await tell(customer)

    assert f"您的诉求：{wish}" in await customer.say(wish, intent)


async def test_a_question_nobody_can_answer_is_no_wish_either(customer: Dialogue):
    await tell(customer)

    said = await customer.say("你们什么时候上班", "ask_faq")

    assert "没有可靠的答案" in said
    assert "怎么处理" in said


async def test_digits_are_no_story(customer: Dialogue):
    await customer.say("我要投诉", "file_complaint")

    assert "经过" in await customer.say("346801", "nlu_fallback")


async def test_a_bare_no_that_is_wrong_asks_what_to_change(customer: Dialogue):
    await tell(customer)

    assert "改哪一项" in await customer.say("不对", "deny")
    assert "哪方面" in await customer.say("对象", "nlu_fallback")
    assert "怎么处理" in await customer.say("网点", "nlu_fallback")
    assert customer.slots["complaint_target"] == "网点"


async def test_a_stranger_who_keeps_the_phone_back_hears_why_it_is_asked(stranger: Dialogue):
    await tell(stranger)
    await stranger.say("没有", "deny")

    said = await stranger.say("不想留", "deny")

    assert "没法告诉您" in said
    assert "请留一个手机号" in said


async def test_none_of_the_questions_offered_is_no_answer_to_the_form(customer: Dialogue):
    await tell(customer)
    await customer.say("信用卡是什么？", "ask_faq")

    said = await customer.press("都不是")

    assert "没找对" in said
    assert customer.slots["complaint_wish"] is None


async def test_an_errand_while_asked_what_to_change_is_no_part_of_the_story(customer: Dialogue):
    await tell(customer)
    await customer.say("没有", "deny")
    await customer.press("修改")

    said = await customer.say("我现在有多少积分", "check_points")

    assert "12,860" in said
    assert customer.slots["complaint_what"].endswith(STORY)


async def test_submitting_in_other_words(customer: Dialogue):
    await tell(customer)
    await customer.say("没有", "deny")

    assert "TS2026" in await customer.say("就这样提交吧", "file_complaint")


async def test_a_target_nobody_can_name_is_left_out(customer: Dialogue):
    await customer.say("我要投诉", "file_complaint")
    await customer.say("昨天打电话等了一个小时没人理我", "nlu_fallback")

    assert "怎么处理" in await customer.say("不知道", "deny")


async def test_no_wish_in_more_words(customer: Dialogue):
    await tell(customer)

    assert "您的诉求：无" in await customer.say("没有什么要求", "ask_faq")


async def test_a_correction_without_a_known_word_asks_what_to_change(customer: Dialogue):
    await tell(customer)

    assert "改哪一项" in await customer.say("不对，应该是那个", "deny")


async def test_another_phone_than_the_one_on_file(customer: Dialogue):
    await tell(customer)
    await customer.say("没有", "deny")
    await customer.press("修改")
    assert "留一个手机号" in await customer.press("联系电话")
    sealed = await customer.services.vault.seal(customer.conversation_id, "13712345678")

    assert "您刚才留的手机号" in await customer.say(sealed, "bind_account", phone=sealed)
    await customer.press("修改")
    await customer.press("联系电话")
    assert "您在本行预留的手机号" in await customer.say("还是用原来的吧", "affirm")


async def test_repeating_the_wish_to_complain_asks_again(stranger: Dialogue):
    await stranger.say("我要投诉", "file_complaint")

    assert "经过" in await stranger.say("投诉对象", "file_complaint")
    assert stranger.handoff is None


async def test_a_question_nlu_is_unsure_of_is_no_target(stranger: Dialogue):
    await stranger.say("我要投诉，排队排了两个小时没人理", "file_complaint")
    await stranger.say("等下，投诉多久有结果", "nlu_fallback")

    assert stranger.slots["complaint_target"] is None


async def test_a_wrong_phone_is_replaced(stranger: Dialogue):
    vault, conversation = stranger.services.vault, stranger.conversation_id
    first, second = [await vault.seal(conversation, number) for number in ("13900000003", "13900000005")]
    await stranger.say("我要投诉ATM机吞了我的卡没人管", "file_complaint", complaint_target="ATM机")
    await stranger.say("尽快退给我", "file_complaint")
    await stranger.say(first, "bind_account", phone=first)

    await stranger.say("手机号错了", "deny")
    assert "确认提交" in await stranger.say(second, "bind_account", phone=second) + str(stranger.buttons)
    assert stranger.slots["complaint_phone"] == second


@pytest.mark.parametrize(
    ("story", "target"),
    [
        ("手机银行闪退三天了", "手机银行"),
        ("在网点等了两个小时没人理", "网点服务"),
        ("你们APP一直闪退", "手机银行"),
        ("转错钱打电话没人接没人管", None),
    ],
)
async def test_what_the_story_names_is_not_asked_again(customer: Dialogue, story: str, target: str | None):
    await customer.say("我要投诉", "file_complaint")
    await customer.say(story, "ask_faq")

    assert customer.slots["complaint_target"] == target


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("300元", {"amount_fen": 30000, "currency": "CNY"}),
        ("五百块", {"amount_fen": 50000, "currency": "CNY"}),
        ("¥1,200.50元", {"amount_fen": 120050, "currency": "CNY"}),
        ("200美元", {"amount_fen": 20000, "currency": "USD"}),
        ("三千多块", {}),
        ("好多钱", {}),
        (None, {}),
    ],
)
def test_an_exact_sum_is_kept_with_its_currency(words: str | None, amount: dict):
    assert amount_in(words) == amount
