"""The agents' desk in a real browser, against the fake gateway."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.web.conftest import NewContext
from tests.web.fake_gateway.conversation import Conversation
from tests.web.fake_gateway.state import AGENTS, PASSWORD, FakeGateway

pytestmark = pytest.mark.browser


def waiting(gateway: FakeGateway, *texts: str, customer: str | None = "C1", reason: str = "asked") -> Conversation:
    """A conversation that a customer had with the bot before it was queued."""
    conversation = gateway.conversations[gateway.open(customer)["conversation_id"]]
    for number, text in enumerate(texts):
        conversation.append("customer", text, client_message_id=f"{conversation.conversation_id}-{number}")
        conversation.append("bot", f"关于{text}的回答")
    conversation.reason = reason
    gateway.queue(conversation)
    return conversation


def sign_in(new_context: NewContext, login: str = "agent1") -> Page:
    page = new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto("/desk")
    page.get_by_label("工号").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".conversations .lists")).to_be_visible()
    return page


def rows(page: Page) -> Locator:
    return page.locator(".conversations .rows li")


def claim(page: Page) -> Locator:
    """Opens and claims the first one waiting; gives the field to reply in."""
    rows(page).first.click()
    page.get_by_role("button", name="接入会话").click()
    field = page.locator(".conversations .composer textarea")
    expect(field).to_be_focused()
    return field


def said(page: Page, author: str) -> Locator:
    return page.locator(f".message.{author} .bubble")


def test_a_wrong_password_is_told(new_context: NewContext, gateway: FakeGateway) -> None:
    page = new_context().new_page()
    page.goto("/desk")
    page.get_by_label("工号").fill("agent1")
    page.get_by_label("密码").fill("wrong")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_have_text("工号或密码不正确")


def test_the_queue_tells_who_waits_why_and_how_long(new_context: NewContext, gateway: FakeGateway) -> None:
    waiting(gateway, "卡丢了", reason="lost_card").queued_at -= 200
    page = sign_in(new_context)
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("挂失协助")
    expect(rows(page)).to_contain_text("王*")
    expect(page).to_have_title(re.compile(r"^\(1\)"))
    before = page.locator(".wait").text_content()
    assert re.fullmatch(r"03:2\d", before or "")
    expect(page.locator(".wait")).not_to_have_text(before or "")
    gateway.do(lambda: waiting(gateway, "另一位", customer=None))
    expect(rows(page)).to_have_count(2)
    expect(rows(page).last).to_contain_text("匿名访客")
    expect(page).to_have_title(re.compile(r"^\(2\)"))


def test_an_agent_sees_why_claims_replies_and_gives_back(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = waiting(gateway, "手续费", reason="misses")
    page = sign_in(new_context)
    rows(page).first.click()
    cards = page.locator(".conversations .cards")
    expect(cards).to_contain_text("连续未听懂")
    expect(cards).to_contain_text("138****1234")
    expect(cards).to_contain_text("借记卡、信用卡、理财")
    expect(cards).to_contain_text("已通过短信验证")
    expect(cards).to_contain_text("转人工")
    expect(cards).to_contain_text("98%")
    expect(said(page, "bot")).to_have_text(["关于手续费的回答"])
    expect(page.locator(".conversations .composer")).to_be_hidden()

    field = claim(page)
    expect(page.get_by_role("tab", name="我的")).to_have_attribute("aria-selected", "true")
    expect(rows(page)).to_have_attribute("aria-selected", "true")
    field.fill("您好，我来处理。")
    field.press("Enter")
    expect(said(page, "agent")).to_have_text(["您好，我来处理。"])
    expect(field).to_have_value("")
    gateway.says("customer", "谢谢", conversation, client_message_id="thanks")
    expect(said(page, "customer").last).to_have_text("谢谢")

    page.get_by_role("button", name="交回智能客服").click()
    page.get_by_role("textbox", name="备注").fill("已解释手续费")
    page.get_by_role("button", name="确定").click()
    expect(page.locator(".conversations .state")).to_have_text("智能客服")
    expect(page.locator(".conversations .composer")).to_be_hidden()
    assert conversation.state == "bot"


def test_closing_asks_first(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = waiting(gateway, "问题")
    page = sign_in(new_context)
    claim(page)
    page.get_by_role("button", name="结束会话").click()
    page.get_by_role("button", name="取消").click()
    assert conversation.state == "agent"
    page.get_by_role("button", name="结束会话").click()
    page.get_by_role("button", name="确定").click()
    expect(page.locator(".conversations .state")).to_have_text("已结束")
    assert conversation.state == "closed"


def test_who_claims_second_is_told(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = waiting(gateway, "问题")
    page = sign_in(new_context, "agent2")

    def after_somebody_else(route: Route) -> None:
        conversation.state, conversation.agent = "agent", AGENTS["agent1"]
        gateway.says("agent", "我来了", conversation, metadata={"agent": "林晓"})
        route.continue_()

    page.route("**/claim", after_somebody_else)
    rows(page).first.click()
    page.get_by_role("button", name="接入会话").click()
    expect(page.locator(".conversations .talk > .fault")).to_have_text("该会话已被接入或客户已离开")
    expect(page.locator(".conversations .hint")).to_have_text("林晓正在服务")
    expect(page.locator(".conversations .composer")).to_be_hidden()
    expect(rows(page)).to_have_count(0)


def test_customer_and_agent_talk_live(new_context: NewContext, gateway: FakeGateway) -> None:
    customer = new_context().new_page()
    customer.goto("/")
    customer.locator("button.launcher").click()
    customer.get_by_role("button", name="转人工").click()
    page = sign_in(new_context)
    field = claim(page)
    expect(customer.locator(".panel .who")).to_contain_text("人工客服")
    customer.locator(".composer textarea").fill("<script>alert(1)</script>")
    customer.locator(".composer textarea").press("Enter")
    expect(said(page, "customer").last).to_have_text("<script>alert(1)</script>")
    field.press_sequentially("好的")
    page.wait_for_timeout(100)
    assert gateway.typing_seen >= 1
    field.press("Enter")
    expect(customer.locator(".message.agent .bubble")).to_have_text(["好的"])


def test_a_draft_stays_with_its_conversation(new_context: NewContext, gateway: FakeGateway) -> None:
    waiting(gateway, "甲的问题")
    waiting(gateway, "乙的问题", customer=None)
    page = sign_in(new_context)
    field = claim(page)
    field.fill("写给甲")
    page.get_by_role("tab", name="待接入").click()
    expect(rows(page)).to_have_count(1)
    claim(page)
    expect(field).to_have_value("")
    rows(page).first.click()
    expect(field).to_have_value("写给甲")
    page.reload()
    page.get_by_role("tab", name="我的").click()
    rows(page).first.click()
    expect(field).to_have_value("写给甲")


def lose_connection(page: Page, gateway: FakeGateway) -> None:
    gateway.failing = True
    gateway.drop_streams(block=True)
    expect(page.locator(".link")).to_contain_text("连接中断")


def test_a_reconnect_shows_exactly_what_was_missed(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = waiting(gateway, "问题")
    page = sign_in(new_context)
    claim(page)
    lose_connection(page, gateway)
    gateway.says("customer", "断线时说的", conversation, client_message_id="missed")
    gateway.failing = gateway.streams_blocked = False
    expect(said(page, "customer")).to_have_text(["问题", "断线时说的"])
    expect(page.locator(".link")).to_have_text("已连接")


def test_a_reply_during_a_lost_connection_arrives_once(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = waiting(gateway, "问题")
    page = sign_in(new_context)
    field = claim(page)
    lose_connection(page, gateway)
    field.fill("断线时回复")
    field.press("Enter")
    expect(said(page, "agent")).to_have_text(["断线时回复"])
    gateway.failing = gateway.streams_blocked = False
    expect(page.locator(".link")).to_have_text("已连接")
    expect(page.locator(".message.agent .status")).to_be_empty()
    expect(said(page, "agent")).to_have_text(["断线时回复"])
    assert [m["text"] for m in conversation.messages if m["author"] == "agent"] == ["断线时回复"]


def test_the_keyboard_opens_a_conversation(new_context: NewContext, gateway: FakeGateway) -> None:
    waiting(gateway, "甲")
    waiting(gateway, "乙", customer=None)
    page = sign_in(new_context)
    expect(rows(page)).to_have_count(2)
    page.keyboard.press("Control+k")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".conversations .head h1")).to_have_text("匿名访客")


def test_an_ended_desk_session_leads_to_the_sign_in(new_context: NewContext, gateway: FakeGateway) -> None:
    page = sign_in(new_context)
    gateway.desk_sessions.clear()
    gateway.drop_streams()
    expect(page.get_by_role("alert")).to_have_text("登录已过期，请重新登录")
