"""Signing in, locking, accounts and masked values in a real browser, against the fake gateway."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import LATE, Complaints, NewContext
from tests.web.fake_gateway.staff import CODE, INITIAL, RECOVERY_CODES, SECRET
from tests.web.fake_gateway.state import AGENTS, PASSWORD, FakeGateway
from tests.web.test_desk import claim, rows, said, sign_in, waiting

pytestmark = pytest.mark.browser


def password_given(new_context: NewContext, login: str = "agent1") -> Page:
    """A sign-in after its first step."""
    page = new_context().new_page()
    page.goto("/desk")
    page.get_by_label("工号").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    return page


def in_as(new_context: NewContext, login: str) -> Page:
    page = password_given(new_context, login)
    expect(page.locator(".workplace")).to_be_visible()
    return page


def links(page: Page) -> list[str]:
    return [link.strip() for link in page.locator("nav.pages a").all_inner_texts()]


def test_a_code_of_the_app_is_the_second_step(new_context: NewContext, gateway: FakeGateway) -> None:
    gateway.steps["agent1"] = ["code"]
    page = password_given(new_context)
    field = page.get_by_label("验证码或恢复码")
    expect(field).to_be_focused()
    field.fill("000000")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("验证码不正确")
    expect(page.locator(".workplace")).to_have_count(0)
    field.fill(CODE)
    field.press("Enter")
    expect(page.locator(".workplace .me")).to_contain_text("林晓")


def test_the_first_sign_in_sets_a_password_and_enrols_an_app(new_context: NewContext, gateway: FakeGateway) -> None:
    gateway.steps["agent1"] = ["password", "enrolment"]
    page = password_given(new_context)
    page.get_by_label("新密码").fill("a password of my own")
    page.get_by_label("再输入一次").fill("a password of mine")
    page.get_by_role("button", name="保存密码").click()
    expect(page.get_by_role("alert")).to_have_text("两次输入的密码不一致")
    page.get_by_label("再输入一次").fill("a password of my own")
    page.get_by_role("button", name="保存密码").click()
    image = page.get_by_alt_text("验证器应用的二维码")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.naturalWidth") > 100
    expect(page.locator(".secret code")).to_have_text(" ".join(SECRET[i : i + 4] for i in range(0, 32, 4)))
    page.get_by_label("验证码", exact=True).fill(CODE)
    page.get_by_role("button", name="绑定").click()
    expect(page.get_by_role("list", name="恢复码").get_by_role("listitem")).to_have_text(RECOVERY_CODES)
    page.get_by_role("button", name="已妥善保存，进入工作台").click()
    expect(page.locator(".workplace .me")).to_contain_text("林晓")


def test_one_may_begin_again(new_context: NewContext, gateway: FakeGateway) -> None:
    gateway.steps["agent1"] = ["code"]
    page = password_given(new_context)
    page.get_by_role("button", name="返回重新登录").click()
    expect(page.get_by_label("工号")).to_be_focused()


def test_a_lock_covers_everything_and_the_draft_stays(new_context: NewContext, gateway: FakeGateway) -> None:
    waiting(gateway, "问题")
    page = sign_in(new_context)
    field = claim(page)
    field.fill("写了一半")
    page.get_by_role("button", name="结束会话").click()
    gateway.lock()
    cover = page.get_by_role("dialog", name="工作台已锁定")
    expect(cover).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(cover).to_be_visible()
    covered = page.evaluate("document.elementFromPoint(200, 300).closest('dialog.lock') !== null")
    assert covered
    cover.get_by_label("密码").fill("wrong")
    cover.get_by_role("button", name="解锁").click()
    expect(cover.get_by_role("alert")).to_have_text("工号或密码不正确")
    cover.get_by_label("密码").fill(PASSWORD)
    cover.get_by_role("button", name="解锁").click()
    expect(cover).to_have_count(0)
    page.get_by_role("button", name="取消").click()
    expect(field).to_have_value("写了一半")
    expect(page.locator(".link")).to_have_text("已连接")
    field.press("Enter")
    expect(said(page, "agent")).to_have_text(["写了一半"])


def test_a_page_opened_while_locked_asks_for_the_password(new_context: NewContext, gateway: FakeGateway) -> None:
    waiting(gateway, "问题")
    page = sign_in(new_context)
    claim(page).fill("写了一半")
    gateway.lock()
    expect(page.get_by_role("dialog", name="工作台已锁定")).to_be_visible()
    page.reload()
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="解锁").click()
    page.get_by_role("tab", name="我的").click()
    rows(page).first.click()
    expect(page.locator(".conversations .composer textarea")).to_have_value("写了一半")


def test_who_leaves_at_the_lock_is_signed_out(new_context: NewContext, gateway: FakeGateway) -> None:
    page = sign_in(new_context)
    gateway.lock()
    page.get_by_role("dialog").get_by_role("button", name="退出登录").click()
    expect(page.get_by_label("工号")).to_be_visible()
    assert gateway.desk_sessions == {}


def test_an_unlock_in_one_tab_opens_the_other(new_context: NewContext, gateway: FakeGateway) -> None:
    page = sign_in(new_context)
    gateway.lock()
    cover = page.get_by_role("dialog", name="工作台已锁定")
    expect(cover).to_be_visible()
    gateway.locked = False
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(cover).to_have_count(0)
    expect(page.locator(".link")).to_have_text("已连接")


def test_only_a_person_counts_as_use_and_once_a_minute(new_context: NewContext, gateway: FakeGateway) -> None:
    page = new_context().new_page()
    page.clock.install()
    page.goto("/desk")
    page.get_by_label("工号").fill("agent1")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".conversations .lists")).to_be_visible()
    page.mouse.move(10, 10)
    page.clock.fast_forward("03:00")
    assert gateway.activity == 0
    with page.expect_response("**/activity"):
        page.mouse.move(20, 20)
    page.mouse.move(30, 30)
    page.keyboard.press("Tab")
    page.clock.fast_forward("01:01")
    with page.expect_response("**/activity"):
        page.keyboard.press("Tab")
    assert gateway.activity == 2


def give_reason(page: Page, reason: str = "联系客户", note: str = "") -> None:
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name=reason).check()
    dialog.get_by_role("textbox").fill(note)
    dialog.get_by_role("button", name="查看").click()


def test_a_masked_number_is_shown_for_a_reason_and_masked_again(new_context: NewContext, gateway: FakeGateway) -> None:
    conversation = waiting(gateway, "我的电话[手机号1]，卡号[卡号1]")
    page = sign_in(new_context)
    page.clock.install()
    claim(page)
    bubble = said(page, "customer").first
    expect(bubble).to_have_text("我的电话[手机号已保护]，卡号[卡号已保护]")
    number = bubble.get_by_role("button").first
    number.click()
    expect(page.get_by_role("dialog", name="查看手机号")).to_contain_text("审计")
    give_reason(page, note="约好回电")
    expect(bubble).to_have_text("我的电话13912345678，卡号[卡号已保护]")
    expect(number).to_be_focused()
    assert gateway.reveals == [
        {
            "conversation": conversation.conversation_id,
            "what": "[手机号1]",
            "reason": "contact",
            "note": "约好回电",
            "complaint": None,
        }
    ]
    gateway.says("customer", "在吗", conversation, client_message_id="m2")
    expect(said(page, "customer")).to_have_count(2)
    expect(bubble).to_contain_text("13912345678")
    page.clock.fast_forward(61_000)
    expect(bubble).to_have_text("我的电话[手机号已保护]，卡号[卡号已保护]")


def test_name_and_phone_of_the_card_too_and_a_click_hides(new_context: NewContext, gateway: FakeGateway) -> None:
    waiting(gateway, "问题")
    page = sign_in(new_context)
    claim(page)
    cards = page.locator(".conversations .cards")
    cards.get_by_role("button", name="王*").click()
    expect(page.get_by_role("dialog", name="查看客户姓名")).to_be_visible()
    give_reason(page, "其他")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_have_text("请填写说明")
    give_reason(page, "其他", "核对预约")
    expect(cards.locator(".who")).to_contain_text("王芳")
    cards.get_by_role("button", name="王芳").click()
    expect(cards.locator(".who")).to_contain_text("王*")
    cards.get_by_role("button", name="138****1234").click()
    page.get_by_role("dialog").get_by_role("button", name="取消").click()
    expect(cards).to_contain_text("138****1234")
    assert [reveal["what"] for reveal in gateway.reveals] == ["name"]


def test_locking_masks_what_was_shown(new_context: NewContext, gateway: FakeGateway) -> None:
    waiting(gateway, "我的电话[手机号1]")
    page = sign_in(new_context)
    claim(page)
    bubble = said(page, "customer").first
    bubble.get_by_role("button").click()
    give_reason(page)
    expect(bubble).to_contain_text("13912345678")
    gateway.lock()
    expect(page.get_by_role("dialog", name="工作台已锁定")).to_be_visible()
    expect(bubble).to_have_text("我的电话[手机号已保护]")


def test_who_does_not_serve_is_offered_nothing(new_context: NewContext, gateway: FakeGateway) -> None:
    waiting(gateway, "我的电话[手机号1]")
    page = sign_in(new_context)
    rows(page).first.click()
    expect(page.locator(".conversations .cards")).to_contain_text("138****1234")
    expect(page.locator(".masked")).to_have_count(0)


def test_a_complaint_shows_its_masked_values_to_its_handler(
    new_context: NewContext, gateway: FakeGateway, complaints: Complaints
) -> None:
    page = in_as(new_context, "agent1")
    page.goto(f"/desk#/complaints/{LATE}")
    phone = page.locator(".complaints .cards").get_by_role("button", name="138****1234")
    phone.click()
    give_reason(page, "办理业务或投诉")
    expect(page.locator(".complaints .cards")).to_contain_text("13912345678")
    (reveal,) = gateway.reveals
    assert (reveal["what"], reveal["complaint"], reveal["reason"]) == ("[手机号1]", LATE, "handle")


@pytest.mark.parametrize(
    ("login", "pages"),
    [
        ("agent1", ["会话", "投诉", "我的账号"]),
        ("supervisor1", ["会话", "看板", "投诉", "知识", "常用语", "CRM 同步", "我的账号"]),
        ("auditor1", ["会话", "投诉", "知识", "CRM 同步", "我的账号"]),
        ("editor1", ["知识", "我的账号"]),
        ("admin1", ["账号管理", "我的账号"]),
    ],
)
def test_each_role_sees_its_pages(new_context: NewContext, gateway: FakeGateway, login: str, pages: list[str]) -> None:
    assert links(in_as(new_context, login)) == pages


def test_an_auditor_is_offered_no_write(new_context: NewContext, gateway: FakeGateway, complaints: Complaints) -> None:
    waiting(gateway, "问题")
    page = in_as(new_context, "auditor1")
    rows(page).first.click()
    expect(page.locator(".conversations .hint")).to_have_text("您可以查看会话，不能回复")
    expect(page.get_by_role("button", name="接入会话")).to_be_hidden()
    page.goto(f"/desk#/complaints/{LATE}")
    expect(page.locator(".complaints .story")).to_contain_text("转账失败")
    expect(page.locator(".writing")).to_be_hidden()
    expect(page.locator(".complaints .stage button:visible")).to_have_count(0)


def account(page: Page, login: str) -> Locator:
    return page.locator(".accounts tbody tr").filter(has=page.get_by_role("cell", name=login, exact=True))


def test_an_admin_adds_an_account(new_context: NewContext, gateway: FakeGateway) -> None:
    page = in_as(new_context, "admin1")
    expect(page.locator(".accounts tbody tr")).to_have_count(len(AGENTS))
    page.get_by_role("button", name="添加账号").click()
    dialog = page.get_by_role("dialog", name="添加账号")
    dialog.get_by_label("工号").fill("agent1")
    dialog.get_by_label("姓名").fill("陈晨")
    dialog.get_by_label("岗位").select_option("客服")
    dialog.get_by_role("button", name="确定").click()
    expect(dialog.get_by_role("alert")).to_have_text("该工号已存在")
    dialog.get_by_label("工号").fill("agent3")
    dialog.get_by_role("button", name="确定").click()
    told = page.get_by_role("dialog", name="初始密码")
    expect(told).to_contain_text(INITIAL)
    told.get_by_role("button", name="已记下").click()
    expect(account(page, "agent3")).to_contain_text("初始密码未修改")
    expect(page.get_by_text(INITIAL)).to_have_count(0)


def test_an_admin_changes_others_and_not_the_own_account(new_context: NewContext, gateway: FakeGateway) -> None:
    page = in_as(new_context, "admin1")
    expect(account(page, "admin1").get_by_role("button")).to_have_count(0)
    row = account(page, "agent2")
    row.get_by_role("button", name="更改岗位").click()
    page.get_by_role("dialog").get_by_label("岗位").select_option("审计")
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(row).to_contain_text("审计")
    row.get_by_role("button", name="停用").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(row).to_contain_text("已停用")
    row.get_by_role("button", name="启用").click()
    expect(row).to_contain_text("正常")
    row.get_by_role("button", name="重置密码").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(page.get_by_role("dialog", name="初始密码")).to_contain_text(INITIAL)
    page.get_by_role("button", name="已记下").click()
    for button in ("重置验证器", "退出所有设备"):
        row.get_by_role("button", name=button).click()
        page.get_by_role("dialog").get_by_role("button", name="确定").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
    moves = [move for move, _ in gateway.moves]
    assert moves == ["role", "disable", "enable", "password", "totp", "sessions/revoke"]


def test_one_signs_out_elsewhere_and_changes_the_password(new_context: NewContext, gateway: FakeGateway) -> None:
    page = in_as(new_context, "editor1")
    other = in_as(new_context, "editor1")
    page.reload()
    page.get_by_role("link", name="我的账号").click()
    devices = page.locator(".devices tbody tr")
    expect(devices).to_have_count(2)
    expect(devices.first).to_contain_text("Chrome · Windows")
    page.get_by_role("button", name="退出", exact=True).click()
    expect(devices).to_have_count(1)
    expect(devices).to_contain_text("当前设备")
    other.reload()
    expect(other.get_by_label("工号")).to_be_visible()
    page.get_by_role("button", name="修改密码").click()
    page.get_by_label("当前密码").fill(PASSWORD)
    page.get_by_label("新密码", exact=True).fill("a password of my own")
    page.get_by_label("再输入一次新密码").fill("another")
    page.get_by_label("再输入一次新密码").fill("a password of mine")
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_have_text("两次输入的新密码不一致")
    page.get_by_label("再输入一次新密码").fill("a password of my own")
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_role("alert")).to_have_text("密码已修改，请用新密码登录")
