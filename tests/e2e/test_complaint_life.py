"""A complaint through the real processes: filed in the chat, worked on at the desk, its news heard in the chat."""

import httpx
import pytest

from bot.operations.seeding import DEMO_PASSWORD
from tests.e2e.people import Customer, eventually
from tests.e2e.running import RunningSystem

pytestmark = pytest.mark.e2e


def desk(url: str, login: str) -> httpx.Client:
    """Somebody signed in at the desk's complaints."""
    client = httpx.Client(base_url=f"{url}/api/desk", timeout=30, headers={"X-Desk": "1"})
    client.post("/login", json={"login": login, "password": DEMO_PASSWORD}).raise_for_status()
    return client


def heard(customer: Customer, words: str) -> bool:
    return any(words in message["text"] for message in customer.log() if message["author"] == "system")


def test_from_the_first_word_to_the_second_look(system: RunningSystem) -> None:
    customer = Customer(system.url, "C1001")
    customer.say("我要投诉手机银行，昨天转账扣了500块手续费没人解释")
    customer.say("把手续费退给我")
    said = customer.press("确认提交")
    number = said[said.index("TS") :][:15]

    agent = desk(system.url, "agent1")
    listed = agent.get("/complaints").raise_for_status().json()
    assert number in str(listed)
    for move in ("accept", "investigate"):
        agent.post(f"/complaints/{number}/{move}", json={}).raise_for_status()
    eventually(lambda: heard(customer, number))
    answer = {"text": "手续费系重复扣收，已退回您的账户，给您添麻烦了。", "outcome": "upheld"}
    agent.post(f"/complaints/{number}/answer", json=answer).raise_for_status()
    eventually(lambda: heard(customer, "已退回您的账户"))

    assert "已退回您的账户" in customer.say("我的投诉处理得怎么样了")
    assert "已经重新受理" in customer.press("要求重新处理")
    assert "已经补充到" in customer.say("钱只退了一半，另外两百五十块还没有退给我")
    detail = agent.get(f"/complaints/{number}").raise_for_status().json()
    assert "另外两百五十块" in str(detail["timeline"])


def test_a_complaint_is_withdrawn_by_its_customer(system: RunningSystem) -> None:
    customer = Customer(system.url, "C1005")
    customer.say("我要投诉，网点排队两个小时没人管")
    customer.say("没有")
    customer.press("确认提交")
    customer.say("投诉不用处理了，撤了吧")
    assert "已经撤回" in customer.press("确认撤回")
    assert "已撤回" in customer.say("我的投诉")
