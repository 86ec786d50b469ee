"""The desk's complaint pages in a real browser, against the fake gateway."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import LATE, NEW, SOON, ZHOU, Complaints, Gate, NewContext
from tests.web.fake_gateway.state import PASSWORD, FakeGateway

pytestmark = pytest.mark.browser


def desk(new_context: NewContext, login: str = "agent1", place: str = "#/complaints") -> Page:
    page = new_context().new_page()
    page.goto(f"/desk{place}")
    page.get_by_label("工号").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".workplace")).to_be_visible()
    return page


def rows(page: Page) -> Locator:
    return page.locator(".complaints .rows li")


def numbers(page: Page) -> Locator:
    return page.locator(".complaints .rows strong")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def title(page: Page) -> Locator:
    return page.locator(".complaints .head h1")


def test_the_list_is_by_deadline_with_marks_and_a_badge(new_context: NewContext, complaints: Complaints) -> None:
    page = desk(new_context, place="")
    expect(page.get_by_role("link", name="投诉")).to_contain_text("2")
    page.get_by_role("link", name="投诉").click()
    expect(numbers(page)).to_have_text([LATE, SOON, NEW])
    expect(page.locator(".complaints .rows .deadline")).to_have_text(["超期 2 天", "剩 1 天", "剩 12 天"])
    expect(rows(page).first).to_contain_text("重大")
    expect(rows(page).nth(1)).to_contain_text("延期待审批")
    expect(rows(page).last).to_contain_text("待受理 · 未分派")
    expect(rows(page).last).to_contain_text("手机银行闪退 [手机号已保护]")


def test_tabs_filters_and_the_search_narrow_it_down(new_context: NewContext, complaints: Complaints) -> None:
    page = desk(new_context)
    page.get_by_role("tab", name="我的").click()
    expect(numbers(page)).to_have_text([LATE])
    page.get_by_role("tab", name="未分派").click()
    expect(numbers(page)).to_have_text([NEW])
    page.get_by_role("tab", name="全部").click()
    page.get_by_label("状态").select_option("已受理")
    expect(numbers(page)).to_have_text([SOON])
    page.get_by_label("状态").select_option("未结")
    page.get_by_label("编号").fill("0017")
    expect(numbers(page)).to_have_text([NEW])
    page.get_by_label("编号").fill("9999")
    expect(page.get_by_text("没有符合条件的投诉")).to_be_visible()


def test_a_complaint_from_receipt_to_close(
    new_context: NewContext, gateway: FakeGateway, complaints: Complaints
) -> None:
    page = desk(new_context)
    rows(page).last.click()
    expect(title(page)).to_have_text(NEW)
    expect(page.locator(".complaints .cards")).to_contain_text("138****1234")
    button(page, "受理").click()
    button(page, "开始核实").click()
    page.get_by_label("套用模板").select_option("投诉成立，已处理")
    expect(page.get_by_label("处理结论")).to_have_value("upheld")
    expect(page.locator(".check")).to_have_text("还有 2 处【】没有填写")
    page.keyboard.type("转账因对方账号有误退回")
    button(page, "下一处").click()
    page.keyboard.type("全额退款")
    expect(page.locator(".check")).to_have_text("用语检查通过")
    button(page, "发送答复").click()
    page.get_by_role("dialog").get_by_role("button", name="发送答复").click()
    button(page, "办结").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(page.locator(".complaints .head .state")).to_have_text("已办结")
    expect(button(page, "办结")).to_have_count(0)
    expect(button(page, "重新处理")).to_be_visible()
    assert [move for move, _ in gateway.moves] == ["accept", "investigate", "answer", "close"]
    answer = gateway.moves[2][1]
    assert answer["text"].endswith("核实清楚：转账因对方账号有误退回。我们已经全额退款。")


def test_a_double_click_is_one_move(new_context: NewContext, gateway: FakeGateway, complaints: Complaints) -> None:
    page = desk(new_context, place=f"#/complaints/{NEW}")
    button(page, "受理").dblclick()
    expect(button(page, "开始核实")).to_be_visible()
    expect(page.locator(".complaints .talk > .fault")).to_be_empty()
    assert [move for move, _ in gateway.moves] == ["accept"]


def test_forbidden_words_are_marked_and_hold_the_answer_back(
    new_context: NewContext, gateway: FakeGateway, complaints: Complaints
) -> None:
    page = desk(new_context, place=f"#/complaints/{LATE}")
    field = page.get_by_label("给客户的答复")
    field.fill("😀这款产品保本")
    expect(page.locator("mark.forbidden")).to_have_text(["保本"])
    expect(page.locator(".check")).to_contain_text("产品不保证本金和收益")
    page.get_by_label("处理结论").select_option("不成立")
    button(page, "发送答复").click()
    expect(field).to_be_focused()  # on the word that is not to be written
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.type("风险等级为R2")
    expect(field).to_have_value("😀这款产品风险等级为R2")
    expect(page.locator("mark.forbidden")).to_have_count(0)
    assert gateway.moves == []


def test_nothing_is_written_into_an_answer_while_it_is_checked(
    new_context: NewContext, gateway: FakeGateway, complaints: Complaints
) -> None:
    page = desk(new_context, place=f"#/complaints/{LATE}")
    field = page.get_by_label("给客户的答复")
    field.fill("经核实，这款产品保本")
    page.get_by_label("处理结论").select_option("不成立")
    expect(page.locator(".check")).to_contain_text("产品不保证本金和收益")
    gate = Gate(page, "**/complaints/wording")
    button(page, "发送答复").click()
    expect(field).to_have_js_property("readOnly", True)
    page.keyboard.insert_text("风险")
    gate.open()
    expect(field).to_be_focused()
    expect(field).to_have_value("经核实，这款产品保本")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_half_written_answer_stays_with_its_complaint(new_context: NewContext, complaints: Complaints) -> None:
    page = desk(new_context, place=f"#/complaints/{LATE}")
    page.get_by_label("给客户的答复").fill("您好，经核实")
    rows(page).last.click()
    expect(page.get_by_label("给客户的答复")).to_be_hidden()
    page.reload()
    page.go_back()
    expect(page.get_by_label("给客户的答复")).to_have_value("您好，经核实")


def test_only_what_may_be_done_is_offered(new_context: NewContext, complaints: Complaints) -> None:
    page = desk(new_context, place=f"#/complaints/{SOON}")
    expect(title(page)).to_have_text(SOON)
    expect(page.get_by_text("等待主管审批")).to_be_visible()
    for name in ("开始核实", "分派", "批准", "导出"):
        expect(button(page, name)).to_have_count(0)
    expect(page.get_by_role("link", name="CRM 同步")).to_have_count(0)


def test_a_note_is_saved_once_over_a_bad_connection(
    new_context: NewContext, gateway: FakeGateway, complaints: Complaints
) -> None:
    page = desk(new_context, place=f"#/complaints/{SOON}")
    field = page.get_by_label("内部备注")
    field.fill("已致电客户")
    gateway.failing = True
    field.press("Control+Enter")
    expect(page.locator(".writing > .fault")).to_contain_text("暂时连接不上")
    gateway.failing = False
    field.press("Control+Enter")
    expect(page.locator(".history li").first).to_contain_text("已致电客户")
    expect(field).to_have_value("")


def test_a_supervisor_approves_what_an_agent_asked_for(
    new_context: NewContext, gateway: FakeGateway, complaints: Complaints
) -> None:
    agent = desk(new_context, place=f"#/complaints/{LATE}")
    button(agent, "申请延期").click()
    agent.get_by_label("理由").fill("等对方银行回函")
    agent.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(agent.get_by_text("等待其他主管审批")).to_be_visible()

    page = desk(new_context, "supervisor1")
    page.get_by_role("tab", name="待审批").click()
    expect(numbers(page)).to_have_text([LATE, SOON])
    rows(page).first.click()
    expect(page.locator(".approval")).to_contain_text("林晓申请延期：等对方银行回函")
    button(page, "批准").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(page.locator(".approval")).to_have_count(0)
    expect(agent.locator(".approval")).to_have_count(0)  # told by the stream
    expect(agent.locator(".days")).to_have_text("剩 28 天")


def test_a_refusal_needs_a_reason(new_context: NewContext, gateway: FakeGateway, complaints: Complaints) -> None:
    page = desk(new_context, "supervisor1", f"#/complaints/{SOON}")
    button(page, "驳回").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    assert gateway.moves == []
    page.get_by_label("驳回理由").fill("材料已齐")
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(page.locator(".approval")).to_have_count(0)
    assert gateway.moves == [("refuse", {"note": "材料已齐"})]


def test_what_was_typed_survives_a_refused_move(
    new_context: NewContext, gateway: FakeGateway, complaints: Complaints
) -> None:
    page = desk(new_context, place=f"#/complaints/{LATE}")
    button(page, "申请延期").click()
    page.get_by_label("理由").fill("等对方银行回函")
    complaints[LATE].handler = ZHOU  # a supervisor was faster
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("状态已经变化")
    expect(page.get_by_label("理由")).to_have_value("等对方银行回函")
    button(page, "取消").click()
    expect(button(page, "申请延期")).to_have_count(0)


def test_assigning_and_reclassifying(new_context: NewContext, gateway: FakeGateway, complaints: Complaints) -> None:
    page = desk(new_context, place=f"#/complaints/{LATE}")
    button(page, "调整分类").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="类别").select_option("网点与服务")
    dialog.get_by_role("combobox", name="细类").select_option("服务态度")
    dialog.get_by_label("复杂", exact=True).check()
    dialog.get_by_role("button", name="确定").click()
    button(page, "分派").click()
    dialog.get_by_role("combobox", name="经办人").select_option("周岚")
    dialog.get_by_role("button", name="确定").click()
    expect(rows(page).first).to_contain_text("周岚")
    (_, classified), (_, assigned) = gateway.moves
    assert classified == {"category": "service", "subcategory": "attitude", "branch": "", "complexity": "complex"}
    assert assigned == {"agent_id": ZHOU["agent_id"]}


def test_the_keyboard_does_it_all(new_context: NewContext, gateway: FakeGateway, complaints: Complaints) -> None:
    page = desk(new_context)
    expect(rows(page)).to_have_count(3)
    page.keyboard.press("Control+k")
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(title(page)).to_have_text(NEW)
    button(page, "受理").focus()
    page.keyboard.press("Enter")
    expect(button(page, "开始核实")).to_be_visible()
    button(page, "分派").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(button(page, "分派")).to_be_focused()
    page.get_by_role("tab", name="全部").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="我的")).to_be_focused()
    expect(numbers(page)).to_have_text([LATE, NEW])


def test_from_the_conversation_to_the_complaint_and_back(
    new_context: NewContext, gateway: FakeGateway, complaints: Complaints
) -> None:
    conversation = gateway.conversations[complaints[NEW].conversation_id]
    gateway.queue(conversation)
    page = desk(new_context, place="")
    page.locator(".conversations .rows li").click()
    page.get_by_role("link", name=NEW).click()
    expect(title(page)).to_have_text(NEW)
    page.get_by_role("link", name="查看会话").click()
    expect(page.locator(".conversations .head h1")).to_have_text("王*")
    page.go_back()
    expect(title(page)).to_be_visible()


def test_an_unknown_number_is_told(new_context: NewContext, complaints: Complaints) -> None:
    page = desk(new_context, place="#/complaints/TS0")
    expect(page.get_by_text("没有这件投诉")).to_be_visible()


def test_a_supervisor_exports_a_period(new_context: NewContext, complaints: Complaints) -> None:
    page = desk(new_context, "supervisor1")
    button(page, "导出").click()
    page.get_by_label("登记日期从").fill("2026-01-01")
    page.get_by_label("到", exact=True).fill("2026-01-31")
    page.get_by_label("CSV 明细").check()
    with page.expect_download() as started:
        page.get_by_role("dialog").get_by_role("button", name="导出").click()
    assert started.value.suggested_filename == "complaints-2026-01-01-2026-01-31.csv"
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_supervisor_sees_what_the_crm_has_not_taken(
    new_context: NewContext, gateway: FakeGateway, complaints: Complaints
) -> None:
    at = "2026-11-23T04:00:00Z"
    write = {"kind": "update_case", "subject": LATE, "created_at": at, "attempts": 1, "next_at": at}
    gateway.writes = [
        {"write_id": 1, **write, "parked_at": None, "error": "timeout"},
        {"write_id": 2, **write, "parked_at": at, "error": "INVALID_DATA"},
    ]
    page = desk(new_context, "supervisor1", "#/outbox")
    expect(page.get_by_role("link", name="CRM 同步")).to_contain_text("1")
    parked = page.locator(".outbox tbody tr").first
    expect(parked).to_contain_text("CRM 拒收，需要处理")
    parked.get_by_role("button", name="放弃").click()
    page.get_by_label("原因").last.fill("CRM 里已手工更新")
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(page.locator(".outbox tbody tr")).to_have_count(1)
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_text("没有等待同步的内容")).to_be_visible()
    assert [move for move, _ in gateway.moves] == ["discard", "retry"]
