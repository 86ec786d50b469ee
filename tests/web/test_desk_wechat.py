"""What the desk shows of a customer in WeChat: how far words get, what waits, and pictures."""

import re
import struct
import zlib

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import NewContext
from tests.web.fake_gateway.conversation import Conversation
from tests.web.fake_gateway.state import FakeGateway
from tests.web.test_desk import claim, rows, sign_in, waiting

pytestmark = pytest.mark.browser


def reaches(gateway: FakeGateway, conversation: Conversation, left: int, ends_at: str | None, held: int = 0) -> None:
    reach = {"left": left, "ends_at": ends_at, "held": held}
    gateway.do(lambda: setattr(conversation, "reach", reach))


@pytest.fixture
def conversation(gateway: FakeGateway) -> Conversation:
    """A customer in WeChat who waits for a person."""
    found = waiting(gateway, "手续费")
    found.reach = {"left": 4, "ends_at": "2030-11-25T04:00:00Z", "held": 0}
    return found


def png(width: int, height: int) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = b"".join(b"\0" + b"\x2e\x7d\x6b" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(lines)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def line(page: Page) -> Locator:
    return page.locator(".reach")


def test_the_agent_sees_how_far_words_get(
    new_context: NewContext, gateway: FakeGateway, conversation: Conversation
) -> None:
    page = sign_in(new_context)
    claim(page)
    expect(line(page)).to_have_text("还可向客户发送 4 条，2030年11月25日 12:00 前有效；客户回复后重新计数。")
    expect(line(page)).not_to_have_class(re.compile("low"))
    reaches(gateway, conversation, 1, "2030-11-25T04:00:00Z")
    expect(line(page)).to_contain_text("还可向客户发送 1 条")
    expect(line(page)).to_have_class(re.compile("low"))
    reaches(gateway, conversation, 0, "2030-11-25T04:00:00Z", held=2)
    expect(line(page)).to_have_text("可发送的条数已用完，之后的消息等客户回复后送达。 2 条待送达。")
    reaches(gateway, conversation, 0, None, held=2)
    expect(line(page)).to_have_text("目前无法向客户发送，消息等客户回复后送达。 2 条待送达。")


def test_before_claiming_and_on_the_web_nothing_is_said_of_it(
    new_context: NewContext, gateway: FakeGateway, conversation: Conversation
) -> None:
    page = sign_in(new_context)
    rows(page).first.click()
    expect(page.get_by_role("button", name="接入会话")).to_be_visible()
    expect(line(page)).to_be_hidden()
    gateway.do(lambda: setattr(conversation, "reach", None))
    page.get_by_role("button", name="接入会话").click()
    expect(page.locator(".conversations .composer textarea")).to_be_focused()
    expect(line(page)).to_be_hidden()


def test_a_picture_is_shown_and_one_that_is_gone_is_told(
    new_context: NewContext, gateway: FakeGateway, conversation: Conversation
) -> None:
    sent = conversation.append("customer", "[图片]", client_message_id="p1", picture=True)
    conversation.pictures[sent["seq"]] = png(240, 160)
    conversation.append("customer", "[图片]", client_message_id="p2", picture=True)
    page = sign_in(new_context)
    claim(page)
    shown = page.get_by_role("img", name="客户发送的图片")
    expect(shown).to_have_count(1)
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.naturalWidth") == 240
    expect(page.locator(".picture").last).to_have_text("图片暂时无法查看，可能已过期")
