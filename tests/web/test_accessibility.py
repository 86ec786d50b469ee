"""The desk's pages under the rules of axe-core, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.web.conftest import LATE, SOON, Complaints, NewContext
from tests.web.fake_gateway.staff import CODE
from tests.web.fake_gateway.state import AGENTS, PASSWORD, FakeGateway
from tests.web.fake_gateway.team import offer

pytestmark = pytest.mark.browser


def violations(page: Page) -> str:
    """What axe finds; elements behind an open dialog are out of reach and not judged."""
    results = Axe().run(page)
    return results.generate_report() if results.violations_count else ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_keeps_the_rules(
    new_context: NewContext, gateway: FakeGateway, complaints: Complaints, scheme: str
) -> None:
    conversation = gateway.conversations[gateway.open("C1")["conversation_id"]]
    gateway.queue(conversation)
    at = "2026-11-23T04:00:00Z"
    write = {"kind": "add_note", "subject": LATE, "created_at": at, "attempts": 1, "next_at": at, "error": "timeout"}
    gateway.writes = [{"write_id": 1, **write, "parked_at": at}]
    page = new_context(color_scheme=scheme).new_page()
    page.goto("/desk")
    assert violations(page) == ""
    page.get_by_label("工号").fill("supervisor1")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.locator(".conversations .rows li").click()
    expect(page.locator(".conversations .cards")).to_contain_text("138")
    assert violations(page) == ""
    page.goto(f"/desk#/complaints/{SOON}")
    expect(page.locator(".approval")).to_be_visible()
    assert violations(page) == ""
    page.get_by_role("button", name="调整分类").click()
    assert violations(page) == ""
    page.get_by_role("button", name="取消").click()
    page.goto(f"/desk#/complaints/{LATE}")
    page.get_by_label("给客户的答复").fill("这款产品保本，【说明】")
    expect(page.locator("mark.forbidden")).to_have_count(1)
    assert violations(page) == ""
    page.locator(".complaints .cards .masked").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == ""
    page.get_by_role("button", name="取消").click()
    page.goto("/desk#/outbox")
    expect(page.locator(".outbox tbody tr")).to_have_count(1)
    assert violations(page) == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signing_in_and_accounts_keep_the_rules(new_context: NewContext, gateway: FakeGateway, scheme: str) -> None:
    gateway.steps["admin1"] = ["code", "password", "enrolment"]
    page = new_context(color_scheme=scheme).new_page()
    page.goto("/desk")
    page.get_by_label("工号").fill("admin1")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("验证码或恢复码").fill("000000")
    page.get_by_role("button", name="验证").click()
    expect(page.get_by_role("alert")).to_contain_text("不正确")
    assert violations(page) == ""
    page.get_by_label("验证码或恢复码").fill(CODE)
    page.get_by_role("button", name="验证").click()
    page.get_by_label("新密码").fill("a password of my own")
    page.get_by_label("再输入一次").fill("a password of my own")
    assert violations(page) == ""
    page.get_by_role("button", name="保存密码").click()
    expect(page.locator(".qr")).to_be_visible()
    assert violations(page) == ""
    page.get_by_label("验证码", exact=True).fill(CODE)
    page.get_by_role("button", name="绑定").click()
    expect(page.locator(".codes")).to_be_visible()
    assert violations(page) == ""
    page.get_by_role("button", name="进入工作台").click()
    gateway.accounts[1].disabled = True
    expect(page.locator(".accounts tbody tr")).to_have_count(len(gateway.accounts))
    page.reload()
    expect(page.locator(".accounts tr.disabled")).to_have_count(1)
    assert violations(page) == ""
    page.get_by_role("button", name="添加账号").click()
    assert violations(page) == ""
    page.get_by_role("button", name="取消").click()
    page.goto("/desk#/own")
    expect(page.locator(".devices tbody tr")).to_have_count(1)
    assert violations(page) == ""
    gateway.lock()
    expect(page.locator("dialog.lock")).to_be_visible()
    assert violations(page) == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_knowledge_base_keeps_the_rules(new_context: NewContext, gateway: FakeGateway, scheme: str) -> None:
    gateway.knowledge.missed = [["能存比特币吗", "可以存比特币吗"]]
    page = new_context(color_scheme=scheme).new_page()
    page.goto("/desk#/knowledge/miss:m0")
    page.get_by_label("工号").fill("editor1")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".found button")).to_have_count(2)
    assert violations(page) == ""
    page.goto("/desk#/knowledge/entry:card.lost")
    expect(page.locator(".knowledge .history")).to_be_visible()
    assert violations(page) == ""
    page.get_by_role("button", name="修改", exact=True).click()
    page.locator("[name=answer]").fill("请马上挂失。")
    assert violations(page) == ""
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator(".knowledge ins")).to_have_count(1)
    assert violations(page) == ""
    page.goto("/desk#/knowledge/test:卡丢了怎么挂失")
    expect(page.locator(".weighed tbody tr")).to_have_count(2)
    assert violations(page) == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_helps_an_agent_keeps_the_rules(new_context: NewContext, gateway: FakeGateway, scheme: str) -> None:
    conversation = gateway.conversations[gateway.open("C1")["conversation_id"]]
    gateway.queue(conversation)
    conversation.append("customer", "年费怎么收", client_message_id="m1")
    note = {"note_id": "n1", "agent_id": "a2", "author": "周岚", "created_at": "2026-11-23T04:00:00Z", "after_seq": 1}
    conversation.notes = [{**note, "text": "@吴敏 看一下", "mentions": ["s1"]}]
    conversation.unseen, conversation.tags, conversation.collected = {"s1"}, ["信用卡"], {"card_tail": "1234"}
    tried = {"asked": "年费多少", "said": "首年免。", "entry_id": "card.fee", "score": 0.71, "decision": "answer"}
    past = {"conversation_id": "x", "channel": "web", "reason": "asked", "outcome": "close", "agent_name": "周岚"}
    conversation.tried, conversation.past = [tried], [{**past, "queued_at": note["created_at"], "summary": "已补寄"}]
    gateway.suggestions = [{"entry_id": "card.fee", "question": "年费", "answer": "首年免。", "probability": 0.8}]
    page = new_context(color_scheme=scheme).new_page()
    page.goto("/desk")
    page.get_by_label("工号").fill("supervisor1")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".conversations .rows .call")).to_have_text("提到我")
    assert violations(page) == ""
    page.locator(".conversations .rows li").click()
    page.get_by_role("button", name="接入会话").click()
    expect(page.locator(".suggestions li")).to_have_count(1)
    page.locator(".conversations .composer textarea").press_sequentially("/n")
    expect(page.locator(".composer .picker")).to_be_visible()
    assert violations(page) == ""
    page.keyboard.press("Alt+n")
    assert violations(page) == ""
    for opens in ("Alt+x", "Alt+c"):
        page.keyboard.press(opens)
        expect(page.get_by_role("dialog")).to_be_visible()
        assert violations(page) == ""
        page.keyboard.press("Escape")
    page.locator(".conversations .head h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == ""
    page.keyboard.press("Escape")
    page.goto("/desk#/canned")
    expect(page.locator(".canned tbody tr")).not_to_have_count(0)
    assert violations(page) == ""
    page.goto("/desk#/wall")
    expect(page.locator(".wall tbody tr")).not_to_have_count(0)
    assert violations(page) == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_colleagues_share_keeps_the_rules(new_context: NewContext, gateway: FakeGateway, scheme: str) -> None:
    conversation = gateway.conversations[gateway.open("C1")["conversation_id"]]
    gateway.queue(conversation)
    conversation.state, conversation.agent = "agent", AGENTS["supervisor1"]
    conversation.transfers = [offer(gateway, conversation.conversation_id, AGENTS["agent1"], "s1", note="请帮忙看看")]
    for urgency, standing in ((1, "breached"), (3, "warning")):
        waiting = gateway.conversations[gateway.open(None)["conversation_id"]]
        gateway.queue(waiting)
        waiting.skill, waiting.urgency = "cards", urgency
        waiting.clocks = [{"measure": "first_reply", "standing": standing, "due_at": "2026-11-23T04:00:00Z"}]
    left = {"conversation_id": "x", "reason": "asked", "text": "想改手机号", "left_at": "2026-11-22T14:00:00Z"}
    due = {"due_at": "2026-11-23T04:00:00Z"}
    gateway.team.tickets = [{**left, **due, "ticket_id": number, "late": number == 1} for number in (1, 2)]
    said_at = "2026-11-23T04:00:00Z"
    conversation.whispers = [{"author": "吴敏", "text": "先核对身份", "said_at": said_at}]
    page = new_context(color_scheme=scheme).new_page()
    page.goto("/desk")
    page.get_by_label("工号").fill("supervisor1")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".offers .offer")).to_have_count(1)
    expect(page.locator(".conversations .rows .clock")).to_have_text(["已超时", "即将超时"])
    assert violations(page) == ""
    page.get_by_role("tab", name="我的").click()
    page.locator(".conversations .rows li").click()
    expect(page.locator(".conversations .cards")).to_contain_text("转接记录")
    assert violations(page) == ""
    expect(page.locator(".message.whisper")).to_have_count(1)
    page.keyboard.press("Alt+p")
    expect(page.locator(".my-presence")).to_have_text("暂停接入")
    page.get_by_role("tab", name="留言").click()
    expect(page.locator(".tickets li")).to_have_count(2)
    assert violations(page) == ""
    page.keyboard.press("Alt+z")
    expect(page.locator("dialog .colleagues label")).to_have_count(2)
    assert violations(page) == ""
