"""The desk's page of the knowledge base in a real browser, against the fake gateway."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import NewContext
from tests.web.fake_gateway.knowledge import FEE
from tests.web.fake_gateway.state import FakeGateway
from tests.web.test_complaints import button, desk

pytestmark = pytest.mark.browser
PHRASINGS = ["可以存比特币吗", "比特币怎么存进来", "收比特币吗"]


def knowledge(new_context: NewContext, login: str = "editor1", place: str = "#/knowledge") -> Page:
    return desk(new_context, login, place)


def rows(page: Page) -> Locator:
    return page.locator(".knowledge .rows:not([hidden]) li")


def title(page: Page) -> Locator:
    return page.locator(".knowledge .head h1")


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("tab", name=name)


def confirm(page: Page, name: str = "确定") -> None:
    page.get_by_role("dialog").get_by_role("button", name=name).click()


def test_from_a_miss_to_an_answer_by_two_persons(new_context: NewContext, gateway: FakeGateway) -> None:
    gateway.knowledge.missed = [["能存比特币吗", "可以存比特币吗"], ["网点有厕所吗"]]
    editor = knowledge(new_context)
    expect(rows(editor)).to_have_count(2)
    expect(rows(editor).first).to_contain_text("2 次")
    rows(editor).first.click()
    expect(title(editor)).to_have_text("能存比特币吗")
    editor.locator(".knowledge .head").get_by_role("button", name="新建条目").click()
    expect(editor.get_by_label("标准问题")).to_have_value("能存比特币吗")
    editor.locator("[name=topic]").select_option("card")
    editor.locator("[name=name]").fill("bitcoin")
    editor.locator("[name=answer]").fill("我行不办理虚拟货币业务。")
    button(editor, "提交审核").click()
    expect(editor.get_by_role("alert").filter(has_text="至少要有5种")).to_be_visible()
    editor.locator("[name=phrasings]").fill("\n".join(["能存比特币吗", *PHRASINGS, "虚拟货币能存吗"]))
    expect(editor.get_by_text("5 行")).to_be_visible()
    button(editor, "提交审核").click()
    expect(editor.locator(".knowledge .head .state")).to_have_text("待审核")
    expect(editor.get_by_text("需要另一位同事审核")).to_be_visible()
    expect(button(editor, "通过并发布")).to_have_count(0)
    tab(editor, "待补充").click()
    expect(rows(editor)).to_have_count(1)

    second = knowledge(new_context, "supervisor1", place="")
    expect(second.get_by_role("link", name="知识")).to_contain_text("1")
    second.get_by_role("link", name="知识").click()
    tab(second, "草稿").click()
    rows(second).click()
    expect(second.locator(".knowledge .story")).to_contain_text("我行不办理虚拟货币业务。")
    button(second, "通过并发布").click()
    confirm(second)
    expect(second.get_by_text("没有进行中的草稿")).to_be_visible()

    tab(editor, "命中测试").click()
    editor.get_by_label("客户的话").fill("收比特币吗")
    editor.keyboard.press("Enter")
    expect(editor.locator(".knowledge .head .state")).to_have_text("直接回答")
    expect(editor.locator(".bubble-like")).to_have_text("我行不办理虚拟货币业务。")
    expect(editor.locator(".weighed tbody tr").first).to_contain_text("card.bitcoin")


def test_a_draft_goes_back_and_comes_again(new_context: NewContext, gateway: FakeGateway) -> None:
    editor = knowledge(new_context, place="#/knowledge/entry:card.lost")
    button(editor, "修改").click()
    editor.locator("[name=answer]").fill("请马上挂失。")
    button(editor, "提交审核").click()
    expect(editor.locator(".knowledge .story ins").first).to_have_text("请马上挂失。")
    second = knowledge(new_context, "supervisor1")
    tab(second, "草稿").click()
    rows(second).click()
    expect(second.locator(".knowledge .story del")).to_contain_text("请马上在App里挂失")
    button(second, "退回").click()
    second.get_by_label("需要修改的地方").fill("请写上电话")
    confirm(second)
    tab(editor, "草稿").click()
    expect(rows(editor)).to_contain_text("已退回")
    rows(editor).click()
    expect(editor.locator(".note-back")).to_contain_text("请写上电话")
    button(editor, "撤回").click()
    confirm(editor)
    expect(editor.get_by_text("没有进行中的草稿")).to_be_visible()


def test_questions_become_phrasings_of_the_entry_that_lies_nearest(
    new_context: NewContext, gateway: FakeGateway
) -> None:
    gateway.knowledge.missed = [["转账费用贵不贵"]]
    page = knowledge(new_context)
    rows(page).click()
    page.locator(".found button").first.click()
    expect(page.locator("[name=phrasings]")).to_have_value("\n".join([*FEE["phrasings"], "转账费用贵不贵"]))
    button(page, "保存草稿").click()
    expect(page.locator(".knowledge .head .state")).to_have_text("撰写中")
    expect(page.locator(".knowledge .story ins")).to_have_text(["转账费用贵不贵"])


def test_what_is_half_written_survives_a_reload(new_context: NewContext, gateway: FakeGateway) -> None:
    page = knowledge(new_context)
    page.locator(".knowledge .lists").get_by_role("button", name="新建条目").click()
    page.get_by_label("标准问题").fill("能换零钱吗")
    page.reload()
    page.locator(".knowledge .lists").get_by_role("button", name="新建条目").click()
    expect(page.get_by_label("标准问题")).to_have_value("能换零钱吗")
    button(page, "取消").click()
    page.locator(".knowledge .lists").get_by_role("button", name="新建条目").click()
    expect(page.get_by_label("标准问题")).to_have_value("")


def test_questions_are_dismissed_with_a_reason(new_context: NewContext, gateway: FakeGateway) -> None:
    gateway.knowledge.missed = [["怎么领养猫"]]
    page = knowledge(new_context)
    rows(page).click()
    button(page, "忽略").click()
    page.get_by_label("原因").fill("与银行无关")
    confirm(page)
    expect(page.get_by_text("没有待补充的问题")).to_be_visible()
    assert gateway.moves[-1] == ("dismiss", {"misses": ["m0-0"], "reason": "与银行无关"})


def test_an_entry_has_a_history_and_goes_back(new_context: NewContext, gateway: FakeGateway) -> None:
    gateway.knowledge.versions["card.lost"] = [
        {"version": 1, "record": gateway.knowledge.entries["card.lost"], "published_at": "2026-11-23T04:00:00Z",
         "author": "何静", "approver": "吴敏"}
    ]  # fmt: skip
    page = knowledge(new_context)
    tab(page, "条目").click()
    page.get_by_label("搜索条目").fill("card")
    expect(rows(page)).to_have_count(1)
    rows(page).click()
    expect(page.locator(".history li")).to_have_count(2)
    expect(page.locator(".history li").first).to_contain_text("何静撰写，吴敏审核")
    button(page, "恢复到此版本").click()
    confirm(page)
    expect(page.locator(".knowledge .head .state")).to_have_text("待审核")
    page.goto("/desk#/knowledge/entry:transfer.fee")
    button(page, "下线").click()
    confirm(page)
    expect(page.locator(".note-back")).to_contain_text("下线")


def test_sheets_go_out_and_come_in_with_a_report(new_context: NewContext, gateway: FakeGateway, tmp_path: Path) -> None:
    page = knowledge(new_context)
    button(page, "导出").click()
    with page.expect_download() as download:
        confirm(page, "导出")
    assert download.value.suggested_filename == "knowledge.xlsx"
    file = tmp_path / "entries.csv"
    file.write_text("编号\r\n", encoding="utf-8")
    button(page, "导入").click()
    page.get_by_label("文件").set_input_files(file)
    confirm(page, "导入")
    expect(page.get_by_role("dialog")).to_contain_text("新草稿 1 份，没有变化 2 行，有问题 1 处")
    expect(page.locator(".report tbody td")).to_have_text(["3", "问法", "至少要有5种"])
    confirm(page, "知道了")
    assert gateway.knowledge.taken == [file.read_bytes()]


def test_a_failed_build_is_told_and_asked_for_again(new_context: NewContext, gateway: FakeGateway) -> None:
    gateway.knowledge.build = {"state": "failed", "since": "2026-11-23T04:00:00Z", "problem": "no space left"}
    page = knowledge(new_context, "supervisor1")
    expect(page.locator(".build")).to_contain_text("客户仍使用上一版：no space left")
    button(page, "重新生成").click()
    expect(page.locator(".build [role=status]")).to_have_text("已发布的内容均已生效")


def test_an_auditor_only_reads(new_context: NewContext, gateway: FakeGateway) -> None:
    gateway.knowledge.missed = [["能存比特币吗"]]
    page = knowledge(new_context, "auditor1")
    rows(page).click()
    expect(title(page)).to_have_text("能存比特币吗")
    expect(page.locator(".knowledge .head button")).to_have_count(0)
    expect(page.locator(".knowledge .lists footer button")).to_have_text(["导出"])


def test_keys_are_enough(new_context: NewContext, gateway: FakeGateway) -> None:
    gateway.knowledge.missed = [["能存比特币吗"], ["网点有厕所吗"]]
    page = knowledge(new_context)
    expect(rows(page)).to_have_count(2)
    page.keyboard.press("Control+k")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("网点有厕所吗")
