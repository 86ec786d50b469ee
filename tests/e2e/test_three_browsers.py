"""A customer and two agents, each in a browser of their own, on the three real processes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.operations.seeding import DEMO_PASSWORD
from tests.e2e.running import RunningSystem
from tests.web.chromium import launched

pytestmark = [pytest.mark.e2e, pytest.mark.browser]
LIN, ZHOU = "林晓", "周岚"


@dataclass
class Room:
    """The customer's page with the chat open, and the desks of 林 and 周."""

    customer: Page
    lin: Page
    zhou: Page


@pytest.fixture
def browser() -> Iterator[Browser]:
    yield from launched()


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """A system in which nobody else waits."""
    with RunningSystem(tmp_path_factory.mktemp("quiet")).running() as system:
        yield system


@pytest.fixture
def room(browser: Browser, quiet: RunningSystem) -> Iterator[Room]:
    """Everybody is there, and nobody has said a word yet."""
    pages = [browser.new_context(base_url=quiet.url, locale="zh-CN").new_page() for _ in range(3)]
    customer, lin, zhou = pages
    for page in pages:
        page.set_default_timeout(20_000)
    sign_in(lin, "agent1")
    sign_in(zhou, "agent2")
    customer.goto("/")
    customer.locator("button.launcher").click()
    expect(customer.locator(".message.bot").first).to_be_visible()
    yield Room(customer, lin, zhou)
    for page in pages:
        page.context.close()


def sign_in(page: Page, login: str) -> None:
    page.goto("/desk")
    page.get_by_label("工号").fill(login)
    page.get_by_label("密码").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".conversations .lists")).to_be_visible()


def say(page: Page, text: str) -> None:
    """In whichever chat the page has open."""
    field = page.locator(".composer textarea").first
    field.fill(text)
    field.press("Enter")


def heard(page: Page, author: str) -> Locator:
    return page.locator(f".message.{author} .bubble")


def open_waiting(page: Page) -> Locator:
    """Look at who waits; the button that claims."""
    page.get_by_role("tab", name="待接入").click()
    page.locator(".conversations .rows li").first.click()
    return page.get_by_role("button", name="接入会话")


def mine(page: Page) -> Locator:
    """The field to reply in: there only for who serves."""
    return page.locator(".conversations .composer textarea")


def test_of_two_who_claim_one_serves_and_the_conversation_goes_on(room: Room) -> None:
    customer, lin, zhou = room.customer, room.lin, room.zhou
    say(customer, "转人工")
    expect(customer.locator(".message.system").last).to_contain_text("正在为您转接")
    buttons = [open_waiting(lin), open_waiting(zhou)]
    for button in buttons:
        expect(button).to_be_visible()
    for button in buttons:
        button.evaluate("button => setTimeout(() => button.click(), 300)")  # in both pages at once
    expect(customer.locator(".message.system").last).to_contain_text("为您服务")
    expect(mine(lin).or_(lin.get_by_text("已被接入")).first).to_be_visible()
    expect(mine(zhou).or_(zhou.get_by_text("已被接入")).first).to_be_visible()
    assert mine(lin).is_visible() != mine(zhou).is_visible()
    server, other, other_name = (lin, zhou, ZHOU) if mine(lin).is_visible() else (zhou, lin, LIN)

    say(server, "您好，请问有什么可以帮您？")
    expect(heard(customer, "agent").last).to_have_text("您好，请问有什么可以帮您？")

    server.context.set_offline(True)  # for less than the grace, after which the conversation would go to others
    say(customer, "我想问问理财")
    say(customer, "要稳一点的")
    expect(heard(customer, "customer")).to_have_count(3)
    server.context.set_offline(False)
    expect(heard(server, "customer")).to_have_text(["转人工", "我想问问理财", "要稳一点的"])

    server.get_by_role("button", name="转接", exact=True).click()
    dialog = server.get_by_role("dialog")
    dialog.get_by_text(other_name).click()
    dialog.get_by_label("留言").fill("客户想买理财")
    dialog.get_by_role("button", name="转接").click()
    expect(other.locator(".offers .offer")).to_contain_text("客户想买理财")
    other.get_by_role("button", name="接受").click()
    expect(mine(other)).to_be_visible()
    expect(mine(server)).to_be_hidden()
    expect(customer.locator(".message.system").last).to_contain_text(other_name)
    say(other, "我来帮您看看。")
    expect(heard(customer, "agent").last).to_have_text("我来帮您看看。")

    other.get_by_role("button", name="结束会话").click()
    expect(other.get_by_label("服务小结")).to_have_value(re.compile("来访原因"))
    other.get_by_role("dialog").get_by_role("button", name="确定").click()
    customer.get_by_role("button", name="5分 非常满意").click()
    expect(customer.locator(".message.system", has_text="谢谢您的评价")).to_be_visible()


def test_what_is_given_back_is_the_bots_again(room: Room) -> None:
    customer, lin = room.customer, room.lin
    say(customer, "转人工")
    open_waiting(lin).click()
    expect(mine(lin)).to_be_visible()
    lin.get_by_role("button", name="交回智能客服").click()
    lin.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(mine(lin)).to_be_hidden()
    say(customer, "信用卡年费多少")
    expect(heard(customer, "bot").last).to_contain_text("年费")
