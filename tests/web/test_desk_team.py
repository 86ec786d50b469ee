"""What colleagues do together at the desk, in a real browser: transfers, help, presence, messages left."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import NewContext
from tests.web.fake_gateway.conversation import Conversation
from tests.web.fake_gateway.state import AGENTS, FakeGateway
from tests.web.fake_gateway.team import offer
from tests.web.test_desk import claim, rows, sign_in, waiting

pytestmark = pytest.mark.browser


def served(gateway: FakeGateway, login: str = "agent1") -> Conversation:
    """A conversation in somebody's hands."""
    conversation = waiting(gateway, "基金怎么赎回")
    conversation.state, conversation.agent = "agent", AGENTS[login]
    conversation.append("system", f"客服{AGENTS[login]['name']}已接入。")
    return conversation


def offered(gateway: FakeGateway, conversation: Conversation, note: str | None = None) -> None:
    """Lin, who serves it, offers it to Zhou."""
    found = offer(gateway, conversation.conversation_id, AGENTS["agent1"], "a2", note=note)
    gateway.do(lambda: conversation.transfers.append(found))


def offers(page: Page) -> Locator:
    return page.locator(".offers .offer")


def ask_zhou(page: Page) -> None:
    page.get_by_role("button", name="转接", exact=True).click()
    page.get_by_role("dialog").get_by_text("周岚").click()
    page.get_by_label("留言").fill("客户要查基金")
    page.get_by_role("dialog").get_by_role("button", name="转接").click()


def test_a_conversation_goes_to_the_colleague_who_accepts(new_context: NewContext, gateway: FakeGateway) -> None:
    waiting(gateway, "基金怎么赎回")
    lin, zhou = sign_in(new_context), sign_in(new_context, "agent2")
    claim(lin)
    ask_zhou(lin)
    expect(offers(lin)).to_contain_text("已请周岚接手")
    expect(lin.locator(".conversations .composer textarea")).to_be_visible()
    expect(offers(zhou)).to_contain_text("林晓想把一位客户转给您")
    expect(offers(zhou)).to_contain_text("客户要查基金")
    expect(offers(zhou).get_by_role("timer")).to_contain_text("秒")
    zhou.get_by_role("button", name="接受").click()
    expect(zhou.locator(".conversations .composer textarea")).to_be_visible()
    expect(zhou.get_by_role("tab", name="我的")).to_have_attribute("aria-selected", "true")
    expect(zhou.locator(".conversations .cards")).to_contain_text("林晓 → 周岚")
    expect(offers(zhou)).to_have_count(0)
    expect(offers(lin)).to_contain_text("周岚已接手")
    expect(lin.locator(".conversations .composer")).to_be_hidden()
    lin.get_by_role("button", name="知道了").click()
    expect(offers(lin)).to_have_count(0)


def test_the_sender_hears_that_a_colleague_declines(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = served(gateway)
    lin, zhou = sign_in(new_context), sign_in(new_context, "agent2")
    offered(gateway, conversation)
    expect(offers(zhou)).to_have_count(1)
    zhou.keyboard.press("Alt+u")
    expect(offers(zhou)).to_have_count(0)
    expect(offers(lin)).to_contain_text("周岚暂时接不了，会话仍由您接待")
    assert conversation.agent == AGENTS["agent1"]


def test_the_sender_hears_that_nobody_answered(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = served(gateway)
    lin = sign_in(new_context)
    offered(gateway, conversation)
    expect(offers(lin)).to_contain_text("等待回应")
    gateway.do(lambda: conversation.transfers[0].update(outcome="expired"))
    expect(offers(lin)).to_contain_text("周岚没有及时回应")


def test_an_offer_of_a_conversation_that_has_ended_is_simply_gone(
    new_context: NewContext, gateway: FakeGateway
) -> None:
    conversation = served(gateway)
    lin = sign_in(new_context)
    offered(gateway, conversation)
    expect(offers(lin)).to_have_count(1)

    def end() -> None:
        conversation.state, conversation.agent = "closed", None
        conversation.transfers[0]["outcome"] = "expired"

    gateway.do(end)
    expect(offers(lin)).to_have_count(0)


def test_the_sender_may_think_better_of_it(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = served(gateway)
    lin, zhou = sign_in(new_context), sign_in(new_context, "agent2")
    offered(gateway, conversation)
    expect(offers(zhou)).to_have_count(1)
    lin.get_by_role("button", name="撤回").click()
    expect(offers(lin)).to_have_count(0)
    expect(offers(zhou)).to_have_count(0)


def test_a_key_accepts_and_what_is_refused_is_told(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = served(gateway)
    gateway.team.load["a2"] = 5
    zhou = sign_in(new_context, "agent2")
    offered(gateway, conversation)
    expect(offers(zhou)).to_have_count(1)
    zhou.keyboard.press("Alt+y")
    expect(offers(zhou)).to_contain_text("您手上的会话已满，先结束一个再接入")
    conversation.transfers[0]["outcome"] = "expired"  # of which the page has not heard yet
    zhou.keyboard.press("Alt+y")
    expect(offers(zhou)).to_contain_text("这次转接已失效")
    zhou.get_by_role("button", name="知道了").click()
    expect(offers(zhou)).to_have_count(0)


def test_who_has_no_room_cannot_be_chosen(new_context: NewContext, gateway: FakeGateway) -> None:
    waiting(gateway, "问题")
    gateway.team.presence |= {"a2": "away"}
    gateway.team.presence |= {"s1": "online"}
    gateway.team.load["s1"] = 5
    page = sign_in(new_context)
    claim(page)
    page.keyboard.press("Alt+z")
    people = page.locator("dialog .colleagues label")
    expect(people).to_have_count(2)
    expect(people.filter(has_text="周岚")).to_contain_text("暂停接入")
    expect(people.filter(has_text="吴敏")).to_contain_text("会话已满")
    for person in people.all():
        expect(person.get_by_role("radio")).to_be_disabled()


def test_a_conversation_waits_for_a_specialist(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = waiting(gateway, "房贷能提前还吗")
    page = sign_in(new_context)
    claim(page)
    page.keyboard.press("Alt+z")
    page.get_by_role("radio", name="贷款").check()
    page.get_by_role("dialog").get_by_role("button", name="转接").click()
    expect(page.locator(".conversations .state")).to_have_text("待接入")
    expect(page.locator(".conversations .cards")).to_contain_text("林晓 → 贷款专员")
    expect(rows(page)).to_have_count(0)
    assert conversation.skill == "loans"


def whispers(page: Page) -> Locator:
    return page.locator(".message.whisper .bubble")


def whisper(page: Page, text: str) -> None:
    page.get_by_role("button", name="悄悄提示").click()
    page.get_by_label("提示内容").fill(text)
    page.get_by_role("button", name="发给同事").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_supervisor_whispers_to_the_agent_alone(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = served(gateway)
    lin, wu = sign_in(new_context), sign_in(new_context, "supervisor1")
    for page, view in ((lin, "我的"), (wu, "全部")):
        page.get_by_role("tab", name=view).click()
        rows(page).first.click()
    whisper(wu, "先核对身份")
    gateway.says("customer", "好的", conversation, client_message_id="fine")
    whisper(wu, "可以查了")
    for page in (lin, wu):
        expect(whispers(page)).to_have_text(["先核对身份", "可以查了"])
        shown = page.locator(".transcript .message:is(.whisper, .customer) .bubble")
        expect(shown).to_have_text(["基金怎么赎回", "先核对身份", "好的", "可以查了"])
    expect(lin.get_by_role("button", name="悄悄提示")).to_be_hidden()
    assert all(message["text"] != "可以查了" for message in conversation.messages)


def test_a_whisper_about_another_conversation_is_marked(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = served(gateway)
    page = sign_in(new_context)
    page.get_by_role("tab", name="我的").click()
    expect(rows(page)).to_have_count(1)
    wu = sign_in(new_context, "supervisor1")
    wu.get_by_role("tab", name="全部").click()
    rows(wu).first.click()
    whisper(wu, "先核对身份")
    expect(rows(page).locator(".call")).to_have_text("主管提示")
    rows(page).first.click()
    expect(whispers(page)).to_have_text(["先核对身份"])
    expect(rows(page).locator(".call")).to_be_hidden()
    assert len(conversation.whispers) == 1


def test_a_supervisor_takes_over(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = served(gateway)
    lin, wu = sign_in(new_context), sign_in(new_context, "supervisor1")
    lin.get_by_role("tab", name="我的").click()
    rows(lin).first.click()
    expect(lin.locator(".conversations .composer")).to_be_visible()
    wu.get_by_role("tab", name="全部").click()
    rows(wu).first.click()
    wu.get_by_role("button", name="接管").click()
    wu.get_by_role("button", name="取消").click()
    assert conversation.agent == AGENTS["agent1"]
    wu.keyboard.press("Alt+o")
    wu.get_by_role("dialog").get_by_role("button", name="接管").click()
    expect(wu.locator(".conversations .composer")).to_be_visible()
    expect(wu.get_by_role("tab", name="我的")).to_have_attribute("aria-selected", "true")
    expect(lin.locator(".conversations .composer")).to_be_hidden()
    expect(lin.locator(".conversations .hint")).to_have_text("吴敏正在服务")
    expect(rows(lin)).to_have_count(0)


def test_an_agent_takes_no_new_ones_for_a_while(new_context: NewContext, gateway: FakeGateway) -> None:
    page = sign_in(new_context)
    switch = page.locator(".my-presence")
    expect(switch).to_have_text("接单中")
    switch.click()
    expect(switch).to_have_text("暂停接入")
    assert gateway.team.presence["a1"] == "away"
    page.reload()
    expect(switch).to_have_text("暂停接入")
    page.keyboard.press("Alt+p")
    expect(switch).to_have_text("接单中")
    gateway.team.presence["a1"] = "away"
    gateway.do(lambda: None)
    expect(switch).to_have_text("暂停接入")


def test_whoever_is_next_is_taken(new_context: NewContext, gateway: FakeGateway) -> None:
    page = sign_in(new_context)
    following = page.get_by_role("button", name="接入下一位")
    expect(following).to_be_disabled()
    gateway.team.reserved = True
    first = gateway.do(lambda: waiting(gateway, "问题"))
    following.click()
    expect(page.locator(".next .fault")).to_have_text("现在没有可以接入的客户")
    gateway.team.reserved, gateway.team.load["a1"] = False, 5
    following.click()
    expect(page.locator(".next .fault")).to_have_text("您手上的会话已满，先结束一个再接入")
    gateway.team.load["a1"] = 0
    page.keyboard.press("Alt+j")
    expect(page.locator(".conversations .composer textarea")).to_be_visible()
    expect(page.locator(".next .fault")).to_be_hidden()
    expect(rows(page)).to_have_attribute("aria-selected", "true")
    assert first.agent == AGENTS["agent1"]


def test_for_whom_a_conversation_is_kept_stands_in_its_row(new_context: NewContext, gateway: FakeGateway) -> None:
    page = sign_in(new_context)
    kept = gateway.do(lambda: waiting(gateway, "又来了"))
    whose = page.locator(".conversations .rows .whose")
    for agent, said in (("a1", "老客户，优先给您"), ("a2", "先留给上次的客服"), (None, "待接入")):
        gateway.do(lambda agent=agent: setattr(kept, "reserved_for", agent))
        expect(whose).to_have_text(said)


def test_messages_left_are_answered_by_promised_time(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = gateway.conversations[gateway.open("C1")["conversation_id"]]
    conversation.append("customer", "想改手机号", client_message_id="m1")
    left = {"conversation_id": conversation.conversation_id, "reason": "asked", "left_at": "2025-11-22T14:00:00Z"}
    late = {**left, "ticket_id": 1, "text": "卡里少了钱", "due_at": "2025-11-23T04:00:00Z", "late": True}
    soon = {**left, "ticket_id": 2, "text": "想改[手机号1]", "due_at": "2025-11-23T06:00:00Z", "late": False}
    gateway.team.tickets = [late, soon]
    page = sign_in(new_context)
    page.get_by_role("tab", name="留言").click()
    items = page.locator(".tickets li")
    expect(items.locator(".due")).to_have_text(
        ["已过承诺时间 2025年11月23日 12:00", "承诺 2025年11月23日 14:00 前回复"]
    )
    expect(items.last).to_contain_text("手机号已保护")
    gateway.team.tickets = [soon]  # a colleague was faster, and the page has not heard of it yet
    items.first.get_by_role("button", name="处理").click()
    expect(page.locator(".tickets .fault")).to_have_text("这条留言已有同事处理，请刷新")
    expect(items).to_have_count(1)
    items.get_by_role("button", name="处理").click()
    expect(page.locator(".conversations .composer textarea")).to_be_visible()
    expect(page.get_by_role("tab", name="我的")).to_have_attribute("aria-selected", "true")
    assert conversation.agent == AGENTS["agent1"]


def test_the_customer_gets_a_button_for_the_bot(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = waiting(gateway, "问题")
    page = sign_in(new_context)
    claim(page)
    page.keyboard.press("Alt+b")
    page.get_by_label("建议客户接着问").fill("怎么查账单")
    page.get_by_role("button", name="确定").click()
    expect(page.locator(".conversations .state")).to_have_text("智能客服")
    assert conversation.messages[-1]["buttons"] == [{"title": "怎么查账单"}]


def test_the_lists_mark_urgency_skill_and_clocks(new_context: NewContext, gateway: FakeGateway) -> None:
    urgent, calm = waiting(gateway, "卡丢了", reason="lost_card"), waiting(gateway, "问题")
    urgent.skill, urgent.urgency = "cards", 1
    due = {"due_at": "2025-11-23T04:00:00Z"}
    urgent.clocks = [
        {"measure": "resolution", "standing": "warning", **due},
        {"measure": "first_reply", "standing": "breached", **due},
    ]
    calm.clocks = [{"measure": "first_reply", "standing": "on_time", **due}]
    page = sign_in(new_context)
    expect(rows(page).first.locator(".urgency")).to_have_text("紧急")
    expect(rows(page).first.locator(".skill")).to_have_text("银行卡")
    clock = rows(page).first.locator(".clock")
    expect(clock).to_have_text("已超时")
    expect(clock).to_have_attribute("title", "首次回复应在 2025年11月23日 12:00 前")
    for mark in (".urgency", ".skill", ".clock"):
        expect(rows(page).last.locator(mark)).to_be_hidden()
    gateway.do(lambda: calm.clocks[0].update(standing="warning"))
    expect(rows(page).last.locator(".clock")).to_have_text("即将超时")


def test_a_supervisor_says_what_an_agent_can_do(new_context: NewContext, gateway: FakeGateway) -> None:
    page = sign_in(new_context, "supervisor1")
    page.get_by_role("link", name="看板").click()
    page.get_by_role("button", name="设置林晓的接待范围").click()
    dialog = page.get_by_role("dialog")
    for skill in ("综合", "银行卡", "理财", "贷款", "投诉"):
        dialog.get_by_label(skill).uncheck()
    dialog.get_by_label("最多同时接待").fill("3")
    dialog.get_by_role("button", name="确定").click()
    expect(dialog.get_by_role("alert")).to_have_text("请至少选择一类业务")
    dialog.get_by_label("理财").check()
    dialog.get_by_role("button", name="确定").click()
    expect(dialog).to_have_count(0)
    expect(page.locator(".wall tbody tr", has_text="林晓")).to_contain_text("0 / 3")
    assert gateway.team.skills["a1"] == ["wealth"]
