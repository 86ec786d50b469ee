"""Nothing a customer must not leave behind is anywhere: a conversation full of it, then every file is searched.

Two places keep a value on purpose, and no other: the development sender's `sms_outbox` and its line on the console,
which stand in for the customer's phone, hold the one-time code (production has neither: `NoSms`, tests/identity); and
`crm_cases.contact_phone` of the demo CRM, which stands in for the bank's own, holds the number to call about a
complaint.
"""

import json
import re
import sqlite3
import unicodedata
from pathlib import Path

import pytest

from tests.e2e.people import Customer, DeskAgent
from tests.e2e.running import RunningSystem

pytestmark = pytest.mark.e2e

CONTACT = "13787654321"
PERSONAL = {
    "mobile": "159 7531 8642",
    "wide mobile": "１８８２４６８１３５７",
    "landline": "0576-83216549",
    "card": "6228 4890 7163 5284 179",
    "wide card": "６２１７００９１３５７２４６８０９１２",
    "resident id": "330782198706192549",
    "email": "qiuyue.shen@mailbox-of-hers.cn",
    "address": "金华市婺城区人民西路381号7幢1904室",
}
SECRETS = {
    "PIN": "850271",
    "password": "Moonlit#4417",
    "stolen code": "604817",
    "CVV": "安全码937",  # three digits alone occur anywhere
    "expiry": "有效期09/31",
}


def spellings(value: str) -> set[bytes]:
    """As typed, without grouping, in full width, and each as JSON writes it with escapes."""
    folded = unicodedata.normalize("NFKC", value)
    forms = {value, folded, re.sub(r"[ -]", "", folded)}
    forms |= {"".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in form) for form in forms}
    escaped = {json.dumps(form)[1:-1] for form in forms}
    return {form.encode() for form in forms | escaped}


def files(system: RunningSystem) -> list[Path]:
    """All that the run has written: databases with their -wal, trackers, logs, the console."""
    return [file for file in system.log_dir.parent.rglob("*") if file.is_file()]


def without_messages_to_phones(file: Path) -> bytes:
    """The file, without the lines that stand in for a text message on the customer's phone."""
    content = file.read_bytes()
    if file.name != "console.txt":
        return content
    return b"\n".join(line for line in content.splitlines() if b"SMS to " not in line)


def places(system: RunningSystem, value: str) -> set[str]:
    """table.column of every cell in every SQLite file that holds the value in some spelling."""
    found = set()
    wanted = [re.compile(rb"(?<![\d.])" + re.escape(form) + rb"(?!\d)") for form in spellings(value)]
    for file in files(system):
        if not file.read_bytes().startswith(b"SQLite format 3"):
            continue
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
            for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                rows = connection.execute(f'SELECT * FROM "{table}"')
                columns = [column[0] for column in rows.description]
                for row in rows:
                    cells = [cell if isinstance(cell, bytes) else str(cell).encode() for cell in row]
                    hit = [any(form.search(cell) for form in wanted) for cell in cells]
                    found |= {f"{table}.{column}" for column, is_hit in zip(columns, hit, strict=True) if is_hit}
        connection.close()
    return found


def conversation(system: RunningSystem) -> tuple[Customer, str]:
    """Everything told, to the bot, in a complaint, while waiting and to an agent; the customer and the code sent."""
    customer, agent = Customer(system.url, "C1004"), DeskAgent(system.url)
    customer.say(f"我换号了，手机{PERSONAL['mobile']}，以前是{PERSONAL['wide mobile']}，座机{PERSONAL['landline']}")
    customer.say(f"邮箱{PERSONAL['email']}，家庭地址是{PERSONAL['address']}，账单寄到家里")
    customer.say(f"卡号{PERSONAL['card']}，{SECRETS['expiry']}，{SECRETS['CVV']}，为什么绑不上")
    assert "安全提醒" in customer.say(f"我的取款密码是{SECRETS['PIN']}")
    assert "安全提醒" in customer.say(f"有人让我报验证码，我说了{SECRETS['stolen code']}，会被骗吗")
    if customer.state != "bot":
        customer.say("取消排队")
    customer.say("查一下余额")
    code = customer.code()
    assert re.search("¥|已核实", customer.say(f"我收到的短信验证码是{code}，谢谢"))

    customer.say(
        f"我要投诉手机银行，用{PERSONAL['resident id']}实名认证失败，还扣了{PERSONAL['wide card']}的500块手续费"
    )
    customer.say("把手续费退给我")
    customer.say(f"联系电话改成{CONTACT}")
    assert "TS" in customer.press("确认提交")

    customer.say("转人工")
    assert customer.state == "queued"
    assert "安全提醒" in customer.say(f"登录密码{SECRETS['password']}，手机{PERSONAL['mobile']}，帮我改")
    agent.do(customer.conversation_id, "claim").raise_for_status()
    agent.do(customer.conversation_id, "messages", client_message_id="1", text="您好，请稍等。").raise_for_status()
    customer.say(f"身份证{PERSONAL['resident id']}，住{PERSONAL['address']}，{SECRETS['CVV']}")
    agent.open(customer.conversation_id)
    agent.do(customer.conversation_id, "return").raise_for_status()
    customer.say("你好")
    return customer, code


def test_nothing_personal_is_left_in_any_file(system: RunningSystem) -> None:
    customer, code = conversation(system)
    log = json.dumps(customer.log(), ensure_ascii=False)
    for label in ("手机号", "座机", "卡号", "身份证号", "邮箱", "地址", "有效期"):
        assert f"[{label}1]" in log
    for label in ("密码", "验证码", "安全码"):
        assert f"[{label}]" in log

    searched = {file.name for file in files(system)}
    assert {"zhanggui.db", "rasa.db", "gateway.log", "actions.log", "rasa.log", "console.txt"} <= searched
    for name, value in {**PERSONAL, **SECRETS}.items():
        for form in spellings(value):
            hits = [file.name for file in files(system) if form in without_messages_to_phones(file)]
            assert hits == [], name
    assert places(system, CONTACT) == {"crm_cases.contact_phone"}
    assert places(system, code) == {"sms_outbox.text"}
    for file in files(system):
        if file.suffix in (".log", ".txt"):
            text = without_messages_to_phones(file).decode()
            assert CONTACT not in text
            assert not re.search(rf"(?<![\d.]){code}(?!\d)", text)


def test_the_search_would_find_it(system: RunningSystem) -> None:
    """What is looked for in this way is found where it does stand."""
    customer = Customer(system.url)
    customer.say("锦书难托云中雁")
    assert any(form in file.read_bytes() for form in spellings("锦书难托云中雁") for file in files(system))
    assert "messages.text" in places(system, "锦书难托云中雁")
