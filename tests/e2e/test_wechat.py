"""A follower's phone through the real processes: the simulated WeChat, the gateway, Rasa and the desk."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bot.channels.wechat.simulator.phone import UNAVAILABLE
from bot.settings import ROOT
from tests.e2e.people import DeskAgent, eventually
from tests.e2e.running import RunningSystem

pytestmark = pytest.mark.e2e


class Phone:
    """One follower's phone."""

    def __init__(self, url: str, number: int) -> None:
        self._address = f"{url}/phones/{number}"
        self._http = httpx.Client(timeout=30)
        self._read = 0

    def do(self, what: str, **body: Any) -> None:
        self._http.post(f"{self._address}/{what}", json=body or None).raise_for_status()

    def hears(self, words: str) -> str:
        """Everything new, once `words` are in it."""
        found = eventually(lambda: new if words in (new := self._new()) else None)
        self._read = len(self._bubbles())
        return str(found)

    def say(self, text: str, expecting: str) -> str:
        self.do("text", text=text)
        return self.hears(expecting)

    def all(self) -> str:
        return "\n".join(map(str, self._bubbles()))

    def _new(self) -> str:
        return "\n".join(str(bubble) for bubble in self._bubbles()[self._read :] if bubble["side"] != "user")

    def _bubbles(self) -> list[dict[str, Any]]:
        bubbles: list[dict[str, Any]] = self._http.get(self._address).raise_for_status().json()["bubbles"]
        return bubbles


@pytest.fixture(scope="module")
def wechat(system: RunningSystem) -> Iterator[str]:
    """The simulator as a developer starts it, beside the running system."""
    program = subprocess.Popen(
        [sys.executable, "-m", "bot", "wechat", "simulate"], cwd=ROOT, env={**os.environ, **system.settings}
    )
    try:
        eventually(lambda: _answers(system.wechat_url))
        yield system.wechat_url
    finally:
        program.terminate()
        program.wait(timeout=30)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.TransportError:
        return False


def test_a_follower_asks_proves_an_identity_and_talks_to_a_person(system: RunningSystem, wechat: str) -> None:
    phone = Phone(wechat, 1)
    phone.do("follow")
    assert "智能客服" in phone.hears("查余额")
    phone.say("大额存单多少起存", expecting="¥200,000.00")
    assert "/wechat/bind" in phone.say("查余额", expecting="绑定账户")
    phone.say("13900000004", expecting="验证码已发送")
    phone.say(newest_code(system), expecting="余额")
    phone.say("转人工", expecting="取消排队")

    agent = DeskAgent(system.url)
    conversation_id = agent.queue()[-1]
    agent.do(conversation_id, "claim").raise_for_status()
    agent.do(conversation_id, "messages", client_message_id="w1", text="您好，请问有什么可以帮您？").raise_for_status()
    phone.hears("请问有什么可以帮您")
    assert agent.open(conversation_id)["reach"]["left"] < 5 + 3  # the message just written, and the follow a minute ago
    agent.do(conversation_id, "close").raise_for_status()
    phone.hears("打个分")
    phone.say("5", expecting="谢谢您的评价")
    assert UNAVAILABLE not in phone.all()


def newest_code(system: RunningSystem) -> str:
    newest = httpx.get(f"{system.url}/demo/sms").raise_for_status().json()[0]
    found = re.search(r"验证码(\d{6})", newest["text"])
    assert found
    return found[1]
