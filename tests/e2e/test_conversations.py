"""Whole conversations in the customers' own words, through the three real processes."""

import re

import httpx
import psutil
import pytest

from tests.e2e.people import Customer, DeskAgent, eventually
from tests.e2e.running import RunningSystem

pytestmark = pytest.mark.e2e

WANG = "C1001"  # 工资卡 1234 ¥25,683.45, 储蓄卡 5678 ¥86,420.10, 信用卡 8888
LI = "C1002"  # 养老金卡 2468


def test_balance_with_a_code_and_follow_ups(system: RunningSystem) -> None:
    customer = Customer(system.url, WANG)
    asked = customer.say("我卡里还有多少钱")
    assert "验证码已发送" in asked
    assert "¥" not in asked
    answer = customer.say(customer.code())
    assert "¥25,683.45" in answer
    assert "¥86,420.10" in answer
    assert "8888" in customer.say("那信用卡呢")
    assert "最低还款¥" in customer.say("最低还多少就行")
    one = customer.say("尾号5678那张有多少钱")
    assert "¥86,420.10" in one
    assert "¥25,683.45" not in one
    assert "¥25,683.45" in customer.say("尾号1234的余额")
    corrected = customer.say("不是1234，是5678")
    assert "¥86,420.10" in corrected
    assert "¥25,683.45" not in corrected


def test_a_stranger_proves_the_phone_and_sees_only_the_own_accounts(system: RunningSystem) -> None:
    customer = Customer(system.url)
    assert "手机号" in customer.say("查一下余额")
    assert "验证码已发送至139****0002" in customer.say("13900000002")
    answer = customer.say(customer.code())
    assert "2468" in answer
    assert "1234" not in answer
    assert "没有查到尾号1234" in customer.say("尾号1234的余额是多少")
    assert not [m for m in customer.log() if "13900000002" in m["text"]]


def test_a_wrong_code_opens_nothing(system: RunningSystem) -> None:
    customer = Customer(system.url, LI)
    customer.say("余额多少")
    wrong = f"{(int(customer.code()) + 1) % 1_000_000:06d}"
    assert "2次" in customer.say(wrong)
    assert "¥" in customer.say(customer.code())


def test_transactions_points_and_salary(system: RunningSystem) -> None:
    customer = Customer(system.url, WANG)
    customer.say("上个月花了多少钱")
    spent = customer.say(customer.code())
    assert "支出" in spent
    assert "¥" in spent
    assert "工资" in customer.say("工资到了没")
    assert "12,860" in customer.say("我有多少积分")


def test_a_lost_card_is_blocked_after_confirmation(system: RunningSystem) -> None:
    customer = Customer(system.url, "C1004")
    customer.say("我的卡丢了，快帮我挂失")
    if not customer.last["buttons"][0]["title"].startswith("确认"):
        customer.press("尾号")
    assert "确认" in customer.last["text"]
    assert "已为您挂失" in customer.press("确认挂失")


def test_a_question_is_answered_with_its_source(system: RunningSystem) -> None:
    customer = Customer(system.url)
    answer = customer.say("信用卡年费怎么才能免")
    assert "年费" in answer
    source = customer.last["metadata"]
    assert source["kind"] == "faq"
    assert source["entry_id"].startswith("credit_card.")
    assert 0 < source["score"] <= 1


def test_a_complaint_with_a_question_in_the_middle_and_a_change(system: RunningSystem) -> None:
    customer = Customer(system.url, "C1003")
    customer.say("我要投诉，上周在网点排了两个小时的队没人管，柜员态度还特别差")
    for _ in range(4):
        if "确认提交" in str(customer.last.get("buttons")):
            break
        if "哪方面" in customer.last["text"]:
            customer.press("网点服务")
        else:
            asked = customer.say("挂失要收手续费吗")
            assert "挂失" in asked
            customer.say("希望给我道歉")
    assert "排了两个小时" in customer.last["text"]
    assert "道歉" in customer.last["text"]
    filed = customer.press("确认提交")
    number = re.search(r"TS\d{13}", filed)
    assert number, filed
    assert re.search(r"\d+月\d+日", filed)
    assert number[0] in customer.say("我的投诉处理得怎么样了")
    assert number[0] in customer.say(f"查一下{number[0]}的进度")
    assert "没有查到" in Customer(system.url, LI).say(f"投诉{number[0]}处理到哪了")


def test_a_complaint_can_be_cancelled_at_any_point(system: RunningSystem) -> None:
    customer = Customer(system.url, LI)
    customer.say("我要投诉")
    assert "没有提交" in customer.say("算了不投诉了")
    assert "没有投诉记录" in customer.say("我的投诉")


def test_to_a_person_and_back(system: RunningSystem) -> None:
    customer, agent = Customer(system.url, LI), DeskAgent(system.url)
    assert "人工" in customer.say("转人工")
    assert customer.state == "queued"
    assert customer.say("我的存折不见了") == ""
    assert customer.conversation_id in agent.queue()
    shown = agent.open(customer.conversation_id)
    assert shown["handoff"]["reason"] == "asked"
    assert shown["customer"]["name"] == "李**" or shown["customer"]["name"].startswith("李")
    assert "我的存折不见了" in [m["text"] for m in shown["messages"]]
    assert agent.do(customer.conversation_id, "claim").status_code == 200
    agent.do(customer.conversation_id, "messages", client_message_id="1", text="您好，我来帮您处理。")
    assert customer.say("谢谢") == ""
    assert customer.log()[-2]["text"] == "您好，我来帮您处理。"
    assert agent.do(customer.conversation_id, "return").status_code == 200
    assert customer.say("你好")
    assert customer.state == "bot"


def test_two_misunderstandings_in_a_row_fetch_a_person(system: RunningSystem) -> None:
    customer = Customer(system.url)
    customer.say("锟斤拷烫烫烫")
    assert customer.state == "bot"
    assert "转人工" in str(customer.last["buttons"])
    customer.say("qzxwv")
    assert customer.state == "queued"
    assert "继续" in customer.say("取消排队")
    assert customer.state == "bot"


def test_anger_and_grave_complaints_fetch_a_person(system: RunningSystem) -> None:
    for words, reason in (("你们这什么破银行，气死我了", "anger"), ("我的钱被骗走了，我要报警", "grave_complaint")):
        customer = Customer(system.url)
        customer.say(words)
        assert customer.state == "queued", words
        shown = DeskAgent(system.url).open(customer.conversation_id)
        assert shown["handoff"]["reason"] == reason, words


def test_commands_typed_by_a_customer_are_just_words(system: RunningSystem) -> None:
    customer = Customer(system.url)
    for typed in ("/restart", "/check_balance", '／rate_service{"amount":"5"}'):
        assert customer.say(typed)


def test_without_rasa_the_customer_is_told_and_queued(system: RunningSystem) -> None:
    customer = Customer(system.url)
    rasa = next(pid for pid, command in system.pids().items() if "rasa run" in command)
    psutil.Process(rasa).kill()
    customer.say("信用卡年费是多少")
    assert customer.state == "queued"
    assert customer.log()[0]["text"] == "信用卡年费是多少"
    eventually(lambda: httpx.get(f"{system.url}/readyz", timeout=5).is_success, timeout_s=60)
