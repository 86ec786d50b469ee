"""The simulated phone in a real browser."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import NewContext
from tests.web.phone import Phones, running_phones

pytestmark = pytest.mark.browser

EVIL = "<img src=x onerror=\"document.title='owned'\"><b>粗</b> javascript:alert(1)"
MENU = [
    {
        "name": "我的账户",
        "sub_button": [
            {"type": "click", "name": "查余额", "key": "balance"},
            {"type": "view", "name": "绑定", "url": "https://bank.example/bind"},
        ],
    },
    {"type": "click", "name": "转人工", "key": "human"},
]


@pytest.fixture
def phones() -> Iterator[Phones]:
    with running_phones() as phones:
        yield phones


@pytest.fixture
def page(new_context: NewContext, phones: Phones) -> Page:
    page = new_context().new_page()
    page.goto(phones.url)
    return page


def bubbles(page: Page, side: str) -> Locator:
    return page.locator(f"li.{side} .bubble")


def follow(page: Page) -> None:
    page.get_by_role("button", name="关注公众号").click()
    expect(page.get_by_label("消息", exact=True)).to_be_visible()


def test_follow_say_and_be_answered(page: Page, phones: Phones) -> None:
    follow(page)
    field = page.get_by_label("消息", exact=True)
    field.fill("你好")
    field.press("Enter")
    expect(bubbles(page, "user")).to_have_text(["你好"])
    expect(bubbles(page, "account")).to_have_text(["收到：你好"])
    assert [pushed.get("Event") for pushed in phones.pushed] == ["subscribe", None]


def test_what_is_sent_in_a_hurry_goes_out_in_order(page: Page, phones: Phones) -> None:
    follow(page)
    field = page.get_by_label("消息", exact=True)
    for number in range(5):
        field.fill(f"第{number}句")
        field.press("Enter")
    expect(bubbles(page, "user")).to_have_text([f"第{number}句" for number in range(5)])


def test_the_menu_says_topics_and_opens_pages(page: Page, phones: Phones) -> None:
    phones.simulator.menu.publish(MENU)
    follow_button = page.get_by_role("button", name="关注公众号")
    follow_button.click()
    page.locator("summary").click()
    link = page.get_by_role("link", name="绑定")
    expect(link).to_have_attribute("href", "/browser?phone=1&url=https%3A%2F%2Fbank.example%2Fbind")
    for name, key in (("查余额", "balance"), ("转人工", "human")):
        page.get_by_role("button", name=name).click()
        phones.wait_for_push("EventKey", key)
    expect(page.locator("details[open]")).to_have_count(0)


def test_what_the_account_pushes_is_shown_and_can_be_tapped(page: Page, phones: Phones) -> None:
    follow(page)
    phone = phones.simulator.user(1).phone
    phone.received("msgmenu", {"head": "哪一张？", "items": [{"id": "1", "content": "储蓄卡"}], "tail": ""})
    page.get_by_role("button", name="储蓄卡").click()
    expect(bubbles(page, "account").last).to_have_text("收到：储蓄卡")
    assert phones.pushed[-1]["bizmsgmenuid"] == "1"
    news = {"title": "安心存", "description": "R1 低风险", "picture": "", "url": "https://bank.example/p"}
    phone.received("news", news)
    expect(page.locator("a.card")).to_have_attribute("href", "/browser?phone=1&url=https%3A%2F%2Fbank.example%2Fp")
    phone.typing("Typing")
    expect(page.get_by_text("对方正在输入…")).to_be_visible()
    assert Axe().run(page).violations_count == 0


def test_everything_that_is_not_text(page: Page, phones: Phones) -> None:
    follow(page)
    more = page.get_by_role("button", name="更多")
    for name in ("位置", "视频", "文章"):
        more.click()
        page.get_by_role("button", name=name, exact=True).click()
    more.click()
    picture = {"name": "card.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n"}
    page.get_by_label("图片").set_input_files([picture])
    expect(page.locator("li.image")).to_be_visible()
    page.get_by_label("语音识别已开通").uncheck()
    more.click()
    page.get_by_role("button", name="语音", exact=True).click()
    page.get_by_role("button", name="松开发送").click()
    expect(page.locator("li.voice")).to_be_visible()
    kinds = [pushed["MsgType"] for pushed in phones.pushed if pushed["MsgType"] != "event"]
    assert kinds == ["location", "video", "link", "image", "voice"]
    assert "Recognition" not in phones.pushed[-1]


def test_scanning_and_leaving(page: Page, phones: Phones) -> None:
    page.get_by_role("button", name="扫码").click()
    expect(page.get_by_label("消息", exact=True)).to_be_visible()
    page.get_by_role("button", name="扫码").click()
    expect(page.get_by_text("您扫描了公众号的二维码")).to_be_visible()
    page.get_by_role("button", name="取消关注").click()
    expect(page.get_by_role("button", name="关注公众号")).to_be_visible()
    events = [(pushed["Event"], pushed["EventKey"]) for pushed in phones.pushed]
    assert events == [("subscribe", "qrscene_complaint"), ("SCAN", "complaint"), ("unsubscribe", "")]


def test_markup_is_shown_and_never_run(page: Page, phones: Phones) -> None:
    follow(page)
    phone = phones.simulator.user(1).phone
    phone.received("text", {"text": EVIL})
    phone.received("text", {"text": '<a href="javascript:alert(1)">点我</a>'})
    expect(bubbles(page, "account").first).to_have_text(EVIL)
    expect(bubbles(page, "account").last.locator("a")).to_have_attribute(
        "href", "/browser?phone=1&url=javascript%3Aalert%281%29"
    )
    assert page.request.get(f"{phones.url}/browser?url=javascript:alert(1)").text().count("无法打开") == 1
    assert page.title() != "owned"


def test_it_fits_a_phone(new_context: NewContext, phones: Phones) -> None:
    page = new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True).new_page()
    page.goto(phones.url)
    follow(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    expect(page.get_by_label("消息", exact=True)).to_be_in_viewport(ratio=1)
