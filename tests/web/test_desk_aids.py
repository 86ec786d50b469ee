"""What helps an agent at the desk, in a real browser: the card, replies to choose from, notes, tags, keys."""

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import NewContext
from tests.web.fake_gateway.state import FakeGateway
from tests.web.test_desk import claim, rows, said, sign_in, waiting

pytestmark = pytest.mark.browser

ANSWER = {"entry_id": "card.fee", "question": "年费怎么收？", "answer": "金卡首年免年费。", "probability": 0.82}
LISTENS = """
    window.rung = 0;
    window.AudioContext = class {
      currentTime = 0;
      async resume() {}
      createOscillator() {
        window.rung += 1;
        return { frequency: {}, connect: (next) => next, start() {}, stop() {} };
      }
      createGain() {
        const gain = { setValueAtTime() {}, exponentialRampToValueAtTime() {} };
        return { gain, connect: (next) => next };
      }
    };
"""
"""Counts the notes that would be heard."""


def note_field(page: Page) -> None:
    page.keyboard.press("Alt+n")
    expect(page.get_by_role("textbox", name="给同事的备注")).to_be_focused()


def test_the_card_tells_what_was_said_tried_and_done_before(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = waiting(gateway, "年费", reason="misses")
    conversation.collected = {"card_tail": "1234", "complaint_phone": "[手机号1]"}
    tried = {"asked": "年费多少", "said": "首年免。", "entry_id": "card.fee", "score": 0.71, "decision": "choices"}
    conversation.tried = [tried]
    at = "2026-11-20T03:00:00Z"
    before = {"conversation_id": "x", "channel": "wechat", "reason": "asked", "queued_at": at, "outcome": "close"}
    conversation.past = [{**before, "agent_name": "周岚", "summary": "已补寄账单"}]
    page = sign_in(new_context)
    rows(page).first.click()
    cards = page.locator(".conversations .cards")
    for told in (
        "卡号尾号",
        "1234",
        "手机号已保护",
        "年费多少",
        "card.fee 71%",
        "身份核验",
        "已补寄账单",
        "微信 · 周岚",
    ):
        expect(cards).to_contain_text(told)


def test_a_canned_reply_is_found_by_initials_and_filled_in(new_context: NewContext, gateway: FakeGateway) -> None:
    waiting(gateway, "问题")
    page = sign_in(new_context)
    field = claim(page)
    field.press_sequentially("/kcwh")
    expect(page.locator(".composer .picker li")).to_have_count(1)
    field.fill("")
    field.press_sequentially("/nh")
    expect(page.locator(".composer .picker [aria-selected=true]")).to_contain_text("开场问候")
    field.press("Enter")
    expect(field).to_have_value("王女士您好，我是客服林晓，很高兴为您服务。您的问题我正在看，请稍等。")
    field.press("Enter")
    expect(said(page, "agent")).to_have_count(1)


def test_what_a_canned_reply_leaves_open_is_selected_and_not_sent(
    new_context: NewContext, gateway: FakeGateway
) -> None:
    conversation = waiting(gateway, "问题", customer=None)
    page = sign_in(new_context)
    field = claim(page)
    field.press_sequentially("/退款")
    field.press("Tab")
    field.press("Enter")
    expect(page.locator("#reply-check")).to_contain_text("没有填写")
    page.keyboard.type("3")
    field.press("Enter")
    expect(said(page, "agent")).to_contain_text("一般3个工作日到账")
    expect(said(page, "agent")).to_have_count(1)
    expect(page.locator(".transcript .sending")).to_have_count(0)
    assert sum(message["author"] == "agent" for message in conversation.messages) == 1


def test_escape_leaves_a_slash_a_slash(new_context: NewContext, gateway: FakeGateway) -> None:
    waiting(gateway, "问题")
    page = sign_in(new_context)
    field = claim(page)
    field.press_sequentially("/n")
    expect(page.locator(".composer .picker")).to_be_visible()
    field.press("Escape")
    field.press_sequentially("h")
    expect(page.locator(".composer .picker")).to_be_hidden()
    field.press("Enter")
    expect(said(page, "agent")).to_have_text(["/nh"])


def test_one_key_takes_a_suggested_answer(new_context: NewContext, gateway: FakeGateway) -> None:
    gateway.suggestions = [ANSWER]
    waiting(gateway, "年费")
    page = sign_in(new_context)
    field = claim(page)
    expect(page.locator(".suggestions li")).to_contain_text("82%")
    page.keyboard.press("Alt+1")
    expect(field).to_have_value("金卡首年免年费。")
    expect(field).to_be_focused()


def test_without_suggestions_it_says_so(new_context: NewContext, gateway: FakeGateway) -> None:
    waiting(gateway, "天气")
    page = sign_in(new_context)
    claim(page)
    expect(page.locator(".suggestions")).to_contain_text("没有合适的参考答案")


def test_forbidden_words_are_told_before_they_are_sent(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = waiting(gateway, "问题")
    page = sign_in(new_context)
    field = claim(page)
    field.fill("这款产品保本")
    expect(page.locator("#reply-check")).to_contain_text("“保本”不能写给客户")
    field.press("Enter")
    expect(field).to_have_value("这款产品保本")
    assert all(message["author"] != "agent" for message in conversation.messages)


def test_a_note_calls_a_colleague_and_never_the_customer(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = waiting(gateway, "问题")
    page, other = sign_in(new_context), sign_in(new_context, "agent2")
    claim(page)
    note_field(page)
    page.keyboard.type("@周")
    page.keyboard.press("Enter")
    page.keyboard.type("看一下年费")
    page.keyboard.press("Enter")
    expect(page.locator(".message.note .bubble")).to_have_text(["@周岚 看一下年费"])
    assert all("年费" not in message["text"] for message in conversation.messages)

    expect(other.get_by_role("tab", name="提到我")).to_contain_text("1")
    other.get_by_role("tab", name="提到我").click()
    rows(other).first.click()
    expect(other.locator(".message.note.for-me .bubble")).to_have_text(["@周岚 看一下年费"])
    expect(other.get_by_role("tab", name="提到我")).not_to_contain_text("1")
    assert conversation.unseen == set()


def test_notes_stand_among_the_messages_where_they_were_written(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = waiting(gateway, "甲")
    note = {"note_id": "n1", "agent_id": "a2", "author": "周岚", "mentions": [], "created_at": "2026-11-23T04:00:00Z"}
    conversation.notes = [{**note, "text": "先看这里", "after_seq": 1}]
    page = sign_in(new_context)
    rows(page).first.click()
    order = page.locator(".transcript .message .bubble")
    expect(order).to_have_text(["甲", "先看这里", "关于甲的回答", "正在为您转接人工客服，您排在第1位。"])


def test_a_half_written_note_stays_with_its_conversation(new_context: NewContext, gateway: FakeGateway) -> None:
    waiting(gateway, "甲")
    waiting(gateway, "乙", customer=None)
    page = sign_in(new_context)
    rows(page).first.click()
    note_field(page)
    page.keyboard.type("写到一半")
    rows(page).last.click()
    note_field(page)
    expect(page.get_by_role("textbox", name="给同事的备注")).to_have_value("")
    rows(page).first.click()
    note_field(page)
    expect(page.get_by_role("textbox", name="给同事的备注")).to_have_value("写到一半")


def test_tags_are_put_taken_and_filtered_by(new_context: NewContext, gateway: FakeGateway) -> None:
    first = waiting(gateway, "甲", reason="anger")
    waiting(gateway, "乙", customer=None)
    page = sign_in(new_context)
    expect(page.get_by_label("全部标签").locator("option")).to_have_text(["全部标签"])
    rows(page).first.click()
    expect(page.locator(".cards .side-card").first).to_contain_text("客户情绪激动")
    page.keyboard.press("Alt+t")
    page.keyboard.type("需回访")
    page.keyboard.press("Enter")
    expect(page.locator(".chips li")).to_have_count(1)
    assert first.tags == ["需回访"]
    gateway.do(lambda: None)
    expect(rows(page).first).to_contain_text("#需回访")
    page.get_by_label("全部标签").select_option("需回访")
    expect(rows(page)).to_have_count(1)
    page.get_by_label("全部标签").select_option("")
    page.get_by_label("全部原因").select_option("asked")
    expect(rows(page)).to_contain_text(["匿名访客"])
    page.get_by_role("button", name="移除标签").click()
    expect(page.locator(".chips li")).to_have_count(0)


def test_closing_offers_a_summary_of_what_is_known(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = waiting(gateway, "手续费", reason="misses")
    conversation.collected = {"card_tail": "1234"}
    page = sign_in(new_context)
    field = claim(page)
    field.fill("已为您申请退回")
    field.press("Enter")
    expect(page.locator(".message.agent .status")).to_be_empty()
    page.keyboard.press("Alt+x")
    summary = page.get_by_label("服务小结")
    text = summary.input_value()
    for told in ("来访原因：连续未听懂", "客户来意：业务咨询、投诉", "卡号尾号1234", "最后答复：已为您申请退回"):
        assert told in text
    summary.fill("已退手续费")
    page.get_by_role("button", name="确定").click()
    expect(page.locator(".conversations .state")).to_have_text("已结束")
    assert conversation.summary == "已退手续费"


def test_a_complaint_is_filed_from_what_the_customer_said(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = waiting(gateway, "网点多收了年费")
    conversation.collected = {"complaint_amount": "300元", "complaint_target": "城东支行"}
    page = sign_in(new_context)
    claim(page)
    page.keyboard.press("Alt+c")
    expect(page.get_by_label("投诉内容")).to_have_value("网点多收了年费")
    expect(page.get_by_label("联系电话")).to_have_count(0)  # the bank has it
    page.get_by_role("dialog").get_by_role("button", name="登记投诉").click()
    expect(said(page, "system").last).to_contain_text("TS2026112300028")
    (filed,) = gateway.filed
    assert {**filed, "key": ""} == {"key": "", "what": "网点多收了年费", "target": "城东支行", "amount": "300"}


def test_a_new_conversation_rings_unless_silenced(new_context: NewContext, gateway: FakeGateway) -> None:
    page = sign_in(new_context)
    page.add_init_script(LISTENS)
    page.reload()
    expect(page.locator(".link")).to_have_text("已连接")
    expect(page.locator(".conversations .empty")).to_be_visible()
    gateway.do(lambda: waiting(gateway, "甲"))
    expect(rows(page)).to_have_count(1)
    page.wait_for_function("window.rung === 2")
    page.keyboard.press("Alt+m")
    gateway.do(lambda: waiting(gateway, "乙", customer=None))
    expect(rows(page)).to_have_count(2)
    assert page.evaluate("window.rung") == 2
    page.reload()
    expect(page.get_by_role("button", name="提示音已关")).to_be_visible()


def test_the_keys_are_listed_and_lead_through_the_list(new_context: NewContext, gateway: FakeGateway) -> None:
    waiting(gateway, "甲")
    waiting(gateway, "乙", customer=None)
    page = sign_in(new_context)
    expect(rows(page)).to_have_count(2)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("采用参考答案")
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+ArrowDown")
    expect(rows(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".conversations .head h1")).to_have_text("匿名访客")
    page.keyboard.press("Alt+a")
    field = page.locator(".conversations .composer textarea")
    expect(field).to_be_focused()
    page.keyboard.type("?")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_supervisors_keep_the_canned_replies(new_context: NewContext, gateway: FakeGateway) -> None:
    page = sign_in(new_context, "supervisor1")
    page.get_by_role("link", name="常用语").click()
    before = len(gateway.canned)
    expect(page.locator(".canned tbody tr")).to_have_count(before)
    page.get_by_role("button", name="新增常用语").click()
    page.get_by_label("快捷码").fill("nh")
    page.get_by_label("标题").fill("优惠活动")
    page.get_by_label("内容").fill("本月活动：【】")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("已有这个快捷码")
    page.get_by_label("快捷码").fill("yh")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".canned tbody tr")).to_have_count(before + 1)
    page.locator("tr", has_text="优惠活动").get_by_role("button", name="删除").click()
    page.get_by_role("dialog").get_by_role("button", name="删除").click()
    expect(page.locator(".canned tbody tr")).to_have_count(before)


def test_agents_do_not_see_the_page_of_canned_replies(new_context: NewContext, gateway: FakeGateway) -> None:
    page = sign_in(new_context)
    expect(page.get_by_role("link", name="常用语")).to_have_count(0)


def test_a_queue_of_two_hundred_is_drawn_as_far_as_it_is_seen(new_context: NewContext, gateway: FakeGateway) -> None:
    for number in range(200):
        waiting(gateway, f"第{number}位", customer=None)
    page = sign_in(new_context)
    expect(rows(page)).to_have_count(200)
    skipped = "el => getComputedStyle(el).contentVisibility"
    assert rows(page).nth(150).evaluate(skipped) == "auto"
    before = rows(page).first.bounding_box()
    gateway.do(lambda: waiting(gateway, "再来一位", customer=None))
    tab = page.get_by_role("tab", name="待接入")
    expect(tab).to_contain_text("201")
    assert tab.evaluate("el => el.scrollWidth <= el.clientWidth && el.scrollHeight <= el.clientHeight")
    assert rows(page).first.bounding_box() == before


def test_nothing_jumps_when_a_conversation_is_claimed(new_context: NewContext, gateway: FakeGateway) -> None:
    gateway.suggestions = [ANSWER]
    waiting(gateway, "问题")
    page = sign_in(new_context)
    rows(page).first.click()
    expect(page.get_by_role("button", name="接入会话")).to_be_visible()
    before = page.locator(".transcript").bounding_box()
    page.get_by_role("button", name="接入会话").click()
    expect(page.locator(".suggestions li")).to_have_count(1)
    assert page.locator(".transcript").bounding_box() == before
    page.keyboard.press("Alt+n")
    assert page.locator(".transcript").bounding_box() == before


def test_the_wall_follows_the_queue(new_context: NewContext, gateway: FakeGateway) -> None:
    page = sign_in(new_context, "supervisor1")
    page.get_by_role("link", name="看板").click()
    tile = page.locator(".tile", has_text="排队中")
    expect(tile.locator("dd")).to_have_text("0")
    gateway.do(lambda: waiting(gateway, "问题"))
    expect(tile.locator("dd")).to_have_text("1")
    expect(page.locator(".wall tbody tr", has_text="吴敏")).to_contain_text("在线")
    rating = page.locator(".tile", has_text="满意度")
    expect(rating).to_contain_text("4.5")
    expect(rating).to_contain_text("2 次评价")


def test_the_rows_behind_the_wall_are_a_file(new_context: NewContext, gateway: FakeGateway) -> None:
    page = sign_in(new_context, "supervisor1")
    page.get_by_role("link", name="看板").click()
    page.get_by_role("button", name="导出明细").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="导出", exact=True).click()
    assert download.value.suggested_filename.startswith("services-")
    expect(page.get_by_role("dialog")).to_have_count(0)
