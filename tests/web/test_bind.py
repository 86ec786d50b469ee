"""The page on which a WeChat user is bound to a customer, in a real browser; its API is answered by the test."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.web.conftest import NewContext

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
EXPIRED = "这个页面已经失效了，请回到公众号，重新点开“绑定银行账户”。"

Answer = tuple[int, dict[str, Any] | None]


class Bank:
    """What the gateway answers, and what it was told."""

    def __init__(self, page: Page) -> None:
        self.told: list[dict[str, Any]] = []
        self.state: Answer = (200, {"stage": "phone"})
        self.phone: Answer = (200, {"masked_phone": "139****0001", "minutes": 5})
        self.code: Answer = (204, None)
        page.route("**/wechat/bind/*", self._answer)

    def refuses(self, what: str, status: int, message: str) -> None:
        setattr(self, what, (status, {"code": "refused", "message": message}))

    def _answer(self, route: Route) -> None:
        if route.request.post_data:
            self.told.append(route.request.post_data_json)
        status, body = getattr(self, route.request.url.rpartition("/")[2])
        route.fulfill(status=status, json=body) if body is not None else route.fulfill(status=status)


@pytest.fixture
def page(new_context: NewContext) -> Page:
    return new_context(**PHONE).new_page()


@pytest.fixture
def bank(page: Page) -> Bank:
    return Bank(page)


def open_page(page: Page) -> None:
    page.goto("/static/wechat/index.html")


def test_phone_code_bound(page: Page, bank: Bank) -> None:
    open_page(page)
    expect(page.get_by_text("掌柜银行")).to_be_visible()
    page.get_by_label("银行预留手机号").fill("139 0000 0001")
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_text("验证码已发往 139****0001，5分钟内有效。")).to_be_visible()
    code = page.get_by_label("6位验证码")
    expect(code).to_be_focused()
    code.fill("123456")
    page.get_by_role("button", name="确认绑定").click()
    expect(page.get_by_role("heading", name="已绑定")).to_be_visible()
    assert bank.told == [{"phone": "13900000001"}, {"code": "123456"}]


@pytest.mark.parametrize("typed", ["", "1390000000", "23900000001", "你好"])
def test_what_is_no_phone_is_not_sent(page: Page, bank: Bank, typed: str) -> None:
    open_page(page)
    page.get_by_label("银行预留手机号").fill(typed)
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_role("alert").first).to_have_text("请输入11位手机号。")
    assert bank.told == []


def test_a_wrong_code_can_be_corrected_sent_again_and_the_phone_changed(page: Page, bank: Bank) -> None:
    open_page(page)
    page.get_by_label("银行预留手机号").fill("13900000001")
    page.get_by_role("button", name="获取验证码").click()
    bank.refuses("code", 422, "验证码不对，请核对后重新输入，还可以试2次。")
    page.get_by_label("6位验证码").fill("000000")
    page.get_by_role("button", name="确认绑定").click()
    problem = page.locator("[data-stage=code] [data-problem]")
    expect(problem).to_contain_text("还可以试2次")
    bank.refuses("phone", 429, "请40秒后点重新发送")
    page.get_by_role("button", name="重新发送").click()
    expect(problem).to_have_text("请40秒后点重新发送")
    page.get_by_role("button", name="更换手机号").click()
    expect(page.get_by_label("银行预留手机号")).to_have_value("13900000001")


def test_who_is_bound_is_told_so(page: Page, bank: Bank) -> None:
    bank.state = (200, {"stage": "bound"})
    open_page(page)
    expect(page.get_by_role("heading", name="已绑定")).to_be_visible()


def test_an_old_page_says_where_to_go(page: Page, bank: Bank) -> None:
    bank.refuses("state", 401, EXPIRED)
    open_page(page)
    expect(page.get_by_text(EXPIRED)).to_be_visible()
    expect(page.get_by_text("客服热线 955000")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_count(0)


def test_a_page_that_grows_old_says_so_too(page: Page, bank: Bank) -> None:
    open_page(page)
    bank.refuses("phone", 401, EXPIRED)
    page.get_by_label("银行预留手机号").fill("13900000001")
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_text(EXPIRED)).to_be_visible()


def test_a_lost_network_is_told(page: Page, bank: Bank) -> None:
    open_page(page)
    page.route("**/wechat/bind/phone", lambda route: route.abort())
    page.get_by_label("银行预留手机号").fill("13900000001")
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_role("alert").first).to_have_text("网络不太顺畅，请稍后再试。")


def test_it_keeps_the_rules_of_accessibility(page: Page, bank: Bank) -> None:
    open_page(page)
    assert Axe().run(page).violations_count == 0
    page.get_by_label("银行预留手机号").fill("13900000001")
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_label("6位验证码")).to_be_focused()
    assert Axe().run(page).violations_count == 0


def test_large_text_fits(page: Page, bank: Bank) -> None:
    open_page(page)
    page.evaluate("document.body.style.fontSize = '24px'")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
