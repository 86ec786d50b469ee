"""The chat widget in a real browser, on the demo page, against the fake gateway."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.web.conftest import Gate, NewContext
from tests.web.fake_gateway.state import FakeGateway

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def open_chat(page: Page) -> Locator:
    """Opens the panel and gives its message field, ready to type in."""
    page.locator("button.launcher").click()
    expect(page.locator(".panel")).to_be_visible()
    expect(page.locator(".message.bot").first).to_be_visible()
    return page.locator(".composer textarea")


def say(page: Page, text: str) -> None:
    field = page.locator(".composer textarea")
    field.fill(text)
    field.press("Enter")


def bubbles(page: Page, author: str) -> Locator:
    return page.locator(f".message.{author}:not(.typing) .bubble")


def sign_in(page: Page, name: str) -> None:
    page.locator("[data-sign-in]").click()
    page.get_by_role("button", name=name).click()
    expect(page.locator("[data-customer]")).to_contain_text(name)


# Talking


def test_what_is_sent_is_answered(page: Page, gateway: FakeGateway) -> None:
    field = open_chat(page)
    expect(page.locator(".panel .who")).to_have_text("智能客服 小掌")
    expect(field).to_be_focused()
    say(page, "你好")
    expect(bubbles(page, "customer")).to_have_text(["你好"])
    expect(bubbles(page, "bot").last).to_have_text("收到：你好")
    expect(field).to_have_value("")


def test_a_suggestion_begins_the_conversation_and_then_goes_away(page: Page, gateway: FakeGateway) -> None:
    open_chat(page)
    page.get_by_role("button", name="查余额").click()
    expect(bubbles(page, "customer")).to_have_text(["查余额"])
    expect(page.locator(".suggestions")).to_have_count(0)


ANSWER = {
    "text": "手机银行转账不收手续费。",
    "metadata": {"kind": "faq", "entry_id": "transfer.fee", "decision": "answer"},
}


def test_an_answer_of_the_knowledge_base_can_be_judged_once(page: Page, gateway: FakeGateway) -> None:
    gateway.answer = lambda text: [ANSWER if "转账" in text else {"text": "您好"}]
    open_chat(page)
    say(page, "你好")
    expect(bubbles(page, "bot").last).to_have_text("您好")
    expect(page.get_by_role("group", name="这个回答")).to_have_count(0)
    say(page, "转账要钱吗")
    opinion = page.get_by_role("group", name="这个回答")
    gateway.failing = True
    opinion.get_by_role("button", name="没用").click()
    expect(opinion.get_by_role("status")).to_contain_text("没有提交成功")
    gateway.failing = False
    opinion.get_by_role("button", name="没用").press("Enter")
    expect(opinion.get_by_role("status")).to_have_text("谢谢您的反馈")
    expect(opinion.get_by_role("button")).to_have_count(0)
    assert gateway.opinions == [(4, False)]
    page.reload()
    open_chat(page)
    expect(bubbles(page, "bot").last).to_have_text(ANSWER["text"])
    expect(page.get_by_role("group", name="这个回答").get_by_role("button")).to_have_count(0)


def test_markup_is_shown_and_never_run(page: Page, gateway: FakeGateway) -> None:
    evil = "<img src=x onerror=\"document.title='owned'\"><b>粗</b>"
    gateway.answer = lambda text: [
        {
            "text": evil,
            "buttons": [{"title": evil}],
            "cards": [
                {"type": "rows", "title": evil, "rows": [{"label": evil, "value": evil}], "link": "javascript:alert(1)"}
            ],
        }
    ]
    open_chat(page)
    say(page, evil)
    expect(bubbles(page, "bot").last).to_have_text(evil)
    expect(page.locator(".choice").last).to_have_text(evil)
    expect(page.locator(".card dd")).to_have_text(evil)
    expect(page.locator(".card a")).to_have_count(0)
    assert page.locator(".panel img, .panel b").count() == 0
    assert page.title() != "owned"


def test_enter_of_an_input_method_does_not_send(page: Page, gateway: FakeGateway) -> None:
    field = open_chat(page)
    field.fill("ni hao")
    composing = (
        "(field, init) => field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, ...init}))"
    )
    field.evaluate(composing, {"isComposing": True})
    field.evaluate(composing, {"keyCode": 229})
    field.press("Shift+Enter")
    field.press_sequentially("haha")
    expect(field).to_have_value("ni hao\nhaha")
    assert gateway.posts == 0
    field.press("Enter")
    expect(bubbles(page, "customer")).to_have_text(["ni hao\nhaha"])


def test_a_text_that_is_too_long_is_not_sent(page: Page, gateway: FakeGateway) -> None:
    field = open_chat(page)
    field.fill("长" * 1999)
    expect(page.locator(".counter")).to_have_text("1999 / 2000")
    field.fill("长" * 2003)
    expect(page.locator(".counter")).to_have_text("超出3个字，请分几次发送")
    expect(page.get_by_role("button", name="发送")).to_be_disabled()


def test_a_refused_message_says_why_and_can_be_changed(page: Page, gateway: FakeGateway) -> None:
    page.route("**/api/chat/config", lambda route: route.fulfill(json={**route.fetch().json(), "max_chars": 9000}))
    page.reload()
    open_chat(page)
    say(page, "长" * 2001)
    status = page.locator(".message.customer .status")
    expect(status).to_contain_text("内容太长了，请控制在2000字以内。")
    status.get_by_role("button", name="修改").click()
    expect(page.locator(".composer textarea")).to_have_value("长" * 2001)
    expect(bubbles(page, "customer")).to_have_count(0)


def test_one_message_too_many_is_kept_and_sent_on_request(page: Page, gateway: FakeGateway) -> None:
    open_chat(page)
    say(page, "第一句")
    expect(bubbles(page, "bot").last).to_have_text("收到：第一句")
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        sentence = {"code": "too_many", "message": "您发送得有点快，请稍等一会儿再试。"}
        route.fulfill(status=429, headers={"Retry-After": "20"}, json=sentence)

    page.route(re.compile(r"/api/chat/messages$"), refuse)
    say(page, "第二句")
    status = page.locator(".message.customer .status").last
    expect(status).to_contain_text("您发送得有点快，请稍等一会儿再试。")
    assert len(asked) == 1  # trying again at once would only count as one more
    page.unroute_all()
    status.get_by_role("button", name="重新发送").click()
    expect(bubbles(page, "bot").last).to_have_text("收到：第二句")
    expect(bubbles(page, "customer")).to_have_text(["第一句", "第二句"])


def test_buttons_are_pressed_once_and_only_while_they_are_the_latest(page: Page, gateway: FakeGateway) -> None:
    gateway.answer = lambda text: [{"text": "查哪一张？", "buttons": [{"title": "储蓄卡"}, {"title": "信用卡"}]}]
    open_chat(page)
    say(page, "余额")
    page.get_by_role("button", name="信用卡", exact=True).click()
    expect(bubbles(page, "customer")).to_have_text(["余额", "信用卡"])
    expect(page.locator(".choice")).to_have_count(4)
    expect(page.locator(".choice").nth(0)).to_be_disabled()
    expect(page.locator(".choice").nth(3)).to_be_enabled()


def test_typing_shows_while_the_bot_thinks(page: Page, gateway: FakeGateway) -> None:
    open_chat(page)
    gate = Gate(page, "**/api/chat/messages")
    say(page, "想一想")
    expect(page.locator(".message.typing")).to_be_visible()
    gate.open()
    expect(bubbles(page, "bot").last).to_have_text("收到：想一想")
    expect(page.locator(".message.typing")).to_have_count(0)


def test_sealed_personal_data_is_shown_as_a_word(page: Page, gateway: FakeGateway) -> None:
    open_chat(page)
    gateway.answer = lambda text: [{"text": "我们会拨打 [手机号1] 与您联系。"}]
    say(page, "投诉")
    expect(bubbles(page, "bot").last).to_have_text("我们会拨打 [手机号已保护] 与您联系。")
    gateway.answer = lambda text: [{"text": "寄到[地址2]，密码[密码]"}]
    say(page, "寄到哪里")
    expect(bubbles(page, "bot").last).to_have_text("寄到[地址已保护]，密码[密码已隐去]")


# Staying the same conversation


def test_reload_and_second_tab_show_the_same_conversation(page: Page, gateway: FakeGateway) -> None:
    open_chat(page)
    say(page, "第一句")
    expect(bubbles(page, "bot").last).to_have_text("收到：第一句")
    page.reload()
    open_chat(page)
    expect(bubbles(page, "customer")).to_have_text(["第一句"])

    second = page.context.new_page()
    second.goto("/")
    open_chat(second)
    expect(bubbles(second, "customer")).to_have_text(["第一句"])
    say(second, "第二句")
    expect(bubbles(page, "customer")).to_have_text(["第一句", "第二句"])
    expect(bubbles(page, "bot").last).to_have_text("收到：第二句")
    assert len(gateway.conversations) == 1


def test_another_customer_does_not_see_what_was_said_before(page: Page, gateway: FakeGateway) -> None:
    sign_in(page, "王芳")
    open_chat(page)
    say(page, "我是王芳")
    expect(bubbles(page, "customer")).to_have_text(["我是王芳"])
    page.reload()
    open_chat(page)
    expect(bubbles(page, "customer")).to_have_text(["我是王芳"])  # the same customer signed in again
    assert len(gateway.conversations) == 1
    page.locator("button.close").click()

    page.locator("[data-sign-out]").click()
    sign_in(page, "李建国")
    open_chat(page)
    expect(bubbles(page, "customer")).to_have_count(0)
    say(page, "我是李建国")
    expect(bubbles(page, "customer")).to_have_text(["我是李建国"])


def test_a_page_may_sign_in_somebody_else_without_signing_out(page: Page, gateway: FakeGateway) -> None:
    sign_in(page, "王芳")
    open_chat(page)
    say(page, "我是王芳")
    expect(bubbles(page, "customer")).to_have_text(["我是王芳"])
    token = page.request.post("/demo/token", data={"customer_id": "C2"}).json()["token"]
    page.locator("zhanggui-chat").evaluate("(chat, token) => chat.signIn(token)", token)
    expect(bubbles(page, "customer")).to_have_count(0)
    say(page, "我是李建国")
    expect(bubbles(page, "bot").last).to_have_text("收到：我是李建国")
    assert {c.customer_id: len(c.messages) for c in gateway.conversations.values()} == {"C1": 2, "C2": 2}


def test_signing_out_in_one_tab_clears_the_other(page: Page, gateway: FakeGateway) -> None:
    sign_in(page, "王芳")
    open_chat(page)
    say(page, "私事")
    second = page.context.new_page()
    second.goto("/")
    open_chat(second)
    expect(bubbles(second, "customer")).to_have_text(["私事"])
    second.locator("[data-sign-out]").evaluate("button => button.click()")
    expect(bubbles(page, "customer")).to_have_count(0)


def test_an_expired_session_is_told_and_the_message_arrives(page: Page, gateway: FakeGateway) -> None:
    open_chat(page)
    say(page, "之前")
    expect(bubbles(page, "bot").last).to_have_text("收到：之前")
    gateway.sessions.clear()
    say(page, "之后")
    expect(bubbles(page, "bot").last).to_have_text("收到：之后")
    expect(bubbles(page, "customer")).to_have_text(["之后"])
    expect(page.locator(".message.system")).to_contain_text("会话已过期")


def test_a_session_that_expired_while_away_is_replaced_at_once(page: Page, gateway: FakeGateway) -> None:
    open_chat(page)
    say(page, "昨天说的")
    expect(bubbles(page, "bot").last).to_have_text("收到：昨天说的")
    gateway.sessions.clear()
    page.reload()
    open_chat(page)
    expect(page.locator(".message.system")).to_contain_text("会话已过期")
    say(page, "今天说的")
    expect(bubbles(page, "customer")).to_have_text(["今天说的"])
    expect(bubbles(page, "bot").last).to_have_text("收到：今天说的")


# Losing the connection


def test_a_lost_connection_loses_and_repeats_nothing(page: Page, gateway: FakeGateway) -> None:
    open_chat(page)
    say(page, "一")
    expect(bubbles(page, "bot").last).to_have_text("收到：一")
    gateway.failing = True
    gateway.drop_streams(block=True)
    expect(page.locator(".offline")).to_be_visible()
    say(page, "二")
    say(page, "三")
    expect(page.locator(".message.pending")).to_have_count(2)
    gateway.says("agent", "断线时说的", metadata={"agent": "林晓"})
    gateway.failing = gateway.streams_blocked = False
    expect(bubbles(page, "customer")).to_have_text(["一", "二", "三"])
    expect(page.locator(".message.pending")).to_have_count(0)
    expect(page.locator(".offline")).to_be_hidden()
    expect(bubbles(page, "bot").last).to_have_text("收到：三")
    expect(bubbles(page, "agent")).to_have_text(["断线时说的"])
    said = [m["text"] for m in gateway.only().messages if m["author"] == "customer"]
    assert said == ["一", "二", "三"]


def test_an_answer_that_got_lost_is_not_asked_for_twice(page: Page, gateway: FakeGateway) -> None:
    """The server took the message, but the reply to the POST never came: the retry has the same id."""
    open_chat(page)
    lost = []

    def lose_first(route: object) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort()

    page.route(re.compile(r"/api/chat/messages$"), lose_first)
    say(page, "只说一次")
    expect(bubbles(page, "bot").last).to_have_text("收到：只说一次")
    page.wait_for_timeout(1000)
    expect(bubbles(page, "customer")).to_have_text(["只说一次"])
    assert [m["author"] for m in gateway.only().messages] == ["customer", "bot"]


def test_without_websockets_messages_are_fetched(page: Page, gateway: FakeGateway) -> None:
    gateway.streams_blocked = True
    open_chat(page)
    say(page, "没有长连接")
    expect(bubbles(page, "bot").last).to_have_text("收到：没有长连接")
    gateway.says("agent", "也收得到")
    expect(bubbles(page, "agent")).to_have_text(["也收得到"])
    expect(page.locator(".offline")).to_be_hidden()


def test_what_was_unsent_is_sent_after_a_reload(page: Page, gateway: FakeGateway) -> None:
    open_chat(page)
    say(page, "先说一句")
    expect(bubbles(page, "bot").last).to_have_text("收到：先说一句")
    page.route(re.compile(r"/api/chat/messages$"), lambda route: route.abort())
    say(page, "没发出去")
    expect(page.locator(".message.pending")).to_have_count(1)
    page.unroute_all()
    page.reload()
    open_chat(page)
    expect(bubbles(page, "customer")).to_have_text(["先说一句", "没发出去"])
    expect(bubbles(page, "bot").last).to_have_text("收到：没发出去")


def test_a_message_that_failed_is_sent_again_on_request(page: Page, gateway: FakeGateway) -> None:
    page.clock.install()
    open_chat(page)
    page.route(re.compile(r"/api/chat/messages$"), lambda route: route.abort())
    say(page, "再试一次")
    retry = page.get_by_role("button", name="重新发送")
    for _ in range(20):
        page.clock.run_for(3_000)
        if retry.is_visible():
            break
        page.wait_for_load_state("networkidle")  # the aborted request is answered in real time
    expect(retry).to_be_visible()
    page.unroute_all()
    retry.click()
    page.clock.resume()
    expect(bubbles(page, "bot").last).to_have_text("收到：再试一次")
    expect(bubbles(page, "customer")).to_have_text(["再试一次"])


# People


def test_queue_position_and_cancelling(page: Page, gateway: FakeGateway) -> None:
    open_chat(page)
    page.get_by_role("button", name="转人工").click()
    banner = page.locator(".queue")
    expect(banner).to_contain_text("您排在第2位")
    expect(page.locator("button.human")).to_be_hidden()
    conversation = gateway.only()
    gateway.do(lambda: setattr(conversation, "wait_s", 290))
    expect(banner).to_contain_text("预计等待约5分钟")
    gateway.do(lambda: setattr(conversation, "wait_s", None))
    gateway.do(lambda: setattr(conversation, "position", 1))
    expect(banner).to_contain_text("您排在最前面")
    say(page, "补充一句")
    banner.get_by_role("button", name="取消排队").click()
    expect(banner).to_be_hidden()
    expect(bubbles(page, "customer")).to_have_text(["转人工", "补充一句", "取消排队"])
    expect(bubbles(page, "system").last).to_have_text("已为您取消排队。")


def test_an_agent_is_named_and_typing_is_shown_both_ways(page: Page, gateway: FakeGateway) -> None:
    field = open_chat(page)
    page.get_by_role("button", name="转人工").click()
    expect(page.locator(".queue")).to_be_visible()
    conversation = gateway.only()
    gateway.do(lambda: setattr(conversation, "state", "agent"))
    gateway.says("agent", "您好，我是林晓。", metadata={"agent": "林晓"})
    expect(page.locator(".panel .who")).to_have_text("人工客服 林晓")
    expect(page.locator(".queue")).to_be_hidden()
    gateway.typing()
    expect(page.locator(".message.typing")).to_be_visible()
    gateway.says("agent", "请稍等。", metadata={"agent": "林晓"})
    expect(page.locator(".message.typing")).to_have_count(0)
    field.press_sequentially("好")
    page.wait_for_timeout(200)
    assert gateway.typing_seen == 1
    gateway.do(lambda: setattr(conversation, "state", "closed"))
    expect(bubbles(page, "system").last).to_contain_text("本次会话已结束")


def test_who_is_served_by_an_agent_can_end_it_after_a_question(page: Page, gateway: FakeGateway) -> None:
    open_chat(page)
    say(page, "转人工")
    gateway.do(lambda: setattr(gateway.only(), "state", "agent"))
    gateway.says("agent", "您好，我是林晓。", metadata={"agent": "林晓"})
    finish = page.get_by_role("button", name="结束服务")
    finish.click()
    expect(page.locator(".ending")).to_contain_text("结束本次人工服务吗？")
    page.get_by_role("button", name="继续咨询").click()
    expect(page.locator(".ending")).to_be_hidden()
    finish.click()
    page.get_by_role("button", name="结束", exact=True).click()
    expect(bubbles(page, "customer")).to_have_text(["转人工", "结束服务"])
    gateway.do(lambda: setattr(gateway.only(), "state", "bot"))
    gateway.says("system", "本次人工服务已结束。")
    expect(finish).to_be_hidden()


def test_unread_messages_are_counted_while_closed(page: Page, gateway: FakeGateway) -> None:
    field = open_chat(page)
    say(page, "在吗")
    expect(bubbles(page, "bot").last).to_have_text("收到：在吗")
    field.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()
    launcher = page.locator("button.launcher")
    expect(launcher).to_be_focused()
    expect(page.locator(".badge")).to_be_hidden()
    gateway.says("bot", "还在吗？")
    expect(page.locator(".badge")).to_have_text("1")
    expect(launcher).to_have_accessible_name("打开在线客服，1条新消息")
    launcher.click()
    expect(bubbles(page, "bot").last).to_have_text("还在吗？")
    page.reload()
    expect(launcher).to_have_accessible_name("打开在线客服")


# Where it is shown


def test_on_a_phone_it_fills_the_screen(new_context: NewContext, gateway: FakeGateway) -> None:
    page = new_context(**PHONE).new_page()
    page.goto("/")
    open_chat(page)
    box = page.locator(".panel").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert page.evaluate("getComputedStyle(document.documentElement).overflow") == "hidden"
    page.set_viewport_size({"width": 390, "height": 500})  # as when the keyboard comes up
    expect(page.locator(".send")).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="大字").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    expect(page.locator("button.close")).to_be_in_viewport(ratio=1)
    page.locator("button.close").click()
    assert page.evaluate("getComputedStyle(document.documentElement).overflow") != "hidden"


def test_large_text_is_remembered(page: Page, gateway: FakeGateway) -> None:
    open_chat(page)
    page.get_by_role("button", name="大字").click()
    page.reload()
    open_chat(page)
    size = page.locator(".bubble").first.evaluate("node => getComputedStyle(node).fontSize")
    assert size == "20px"


def test_reading_back_is_not_disturbed_by_new_messages(page: Page, gateway: FakeGateway) -> None:
    gateway.answer = lambda text: [{"text": f"第{n}行"} for n in range(40)]
    open_chat(page)
    say(page, "多说点")
    expect(bubbles(page, "bot").last).to_be_in_viewport()
    log = page.locator(".log")
    log.evaluate("node => { node.scrollTop = 0 }")
    expect(page.get_by_text("第0行", exact=True)).to_be_in_viewport()
    gateway.says("bot", "新的一行")
    page.get_by_role("button", name="有新消息").click()
    expect(bubbles(page, "bot").last).to_be_in_viewport()


def test_one_line_puts_it_on_another_site(new_context: NewContext, gateway: FakeGateway) -> None:
    page = new_context().new_page()
    page.goto(gateway.url.replace("127.0.0.1", "localhost") + "/embedding")  # another origin to the browser
    open_chat(page)
    say(page, "从别的网站")
    expect(bubbles(page, "bot").last).to_have_text("收到：从别的网站")
    box = page.locator(".panel").bounding_box()
    assert box is not None
    assert box["x"] == 24


def test_the_demo_page_shows_codes_and_asks_for_the_customer(page: Page, gateway: FakeGateway) -> None:
    page.get_by_role("button", name="余额查询").click()
    expect(bubbles(page, "customer")).to_have_text(["我卡里还有多少钱"])
    text = "【掌柜银行】验证码 482915，5分钟内有效。"
    gateway.sms = [{"phone": "138****1234", "text": text, "sent_at": "2026-11-23T12:00:00+00:00"}]
    expect(page.locator(".sms .code")).to_have_text("482915")
