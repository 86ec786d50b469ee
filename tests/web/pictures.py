"""Takes the README's pictures of a running system: `python -m tests.web.pictures [URL]`, after `make run`.

A demo customer asks for the balance, verifies by the code on the page, asks for a person, and an agent answers.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from bot.operations.seeding import DEMO_PASSWORD

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
REPLY = "您好，我是客服林晓。您的问题我看到了，正在为您核对，请稍等。"


def say(page: Page, text: str) -> None:
    """Say it and wait until it was answered."""
    answers = page.locator(".message.bot:not(.typing) .bubble, .message.system .bubble")
    before = answers.count()
    page.locator(".panel textarea").fill(text)
    page.locator(".panel textarea").press("Enter")
    expect(answers.nth(before)).to_be_visible(timeout=15_000)
    expect(page.locator(".message.typing")).to_have_count(0)


def ask_for_the_balance(page: Page) -> None:
    """The customer's part, up to the answer."""
    page.goto("/")
    page.locator("[data-sign-in]").click()
    page.locator("[data-customers] button").first.click()
    page.locator("button.launcher").click()
    say(page, "我卡里还有多少钱")
    say(page, page.locator(".sms .code").first.inner_text())


def answer_as_agent(page: Page) -> None:
    """The agent's part: sign in, claim, reply."""
    page.goto("/desk")
    page.get_by_label("工号").fill("agent1")
    page.get_by_label("密码").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.locator(".conversations .rows li").last.click()
    page.get_by_role("button", name="接入会话").click()
    field = page.locator(".conversations .composer textarea")
    field.fill(REPLY)
    field.press("Enter")
    expect(page.locator(".message.agent .bubble")).to_have_text([REPLY])


def main(url: str) -> None:
    """Writes `widget.png` and `desk.png`."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        size = {"width": 1280, "height": 800}
        customer = browser.new_page(base_url=url, viewport=size, reduced_motion="reduce")
        agent = browser.new_page(base_url=url, viewport=size, reduced_motion="reduce", color_scheme="light")
        ask_for_the_balance(customer)
        customer.screenshot(path=IMAGES / "widget.png")
        say(customer, "转人工")
        answer_as_agent(agent)
        agent.screenshot(path=IMAGES / "desk.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
