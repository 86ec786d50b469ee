"""What helps an agent: the card of why, notes, tags, replies to choose from, and a complaint filed for the customer."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, event, select

from bot.application import Gateway
from bot.conversations.messages import Author, Draft, State
from bot.conversations.rasa import HandoffWish
from bot.crm.outbox import CrmOutbox
from bot.handoff.tables import handoffs
from bot.handoff.tried import tried
from bot.staff.models import Agent
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.knowledge import FakeHitTester
from tests.handoff.conftest import queued
from tests.handoff.test_desk import customer

KEY = "a" * 32


def at(conversation_id: str) -> str:
    return f"/api/desk/conversations/{conversation_id}"


async def mine(client: httpx.AsyncClient, gateway: Gateway) -> str:
    """A customer's conversation that lin has claimed."""
    conversation_id = await customer(gateway)
    assert (await client.post(f"{at(conversation_id)}/claim")).status_code == 200
    return conversation_id


async def test_the_card_tells_what_the_customer_said_already_and_what_was_tried(
    desk: httpx.AsyncClient, gateway: Gateway
) -> None:
    conversation_id = (await gateway.log.open("web")).conversation_id
    metadata = {"kind": "faq", "entry_id": "card.fee", "score": 0.71, "decision": "answer"}
    async with gateway.log.change(conversation_id) as change:
        asked = await change.append(Draft(Author.CUSTOMER, "年费怎么收"))
        await change.append(Draft(Author.BOT, "首年免年费。", metadata=metadata), reply_to=asked.seq)
        await gateway.handoff.queue(change, HandoffWish("misses", collected={"card_tail": "1234"}))
    handoff = (await desk.get(at(conversation_id))).json()["handoff"]
    assert handoff["collected"] == {"card_tail": "1234"}
    assert handoff["level"] == 0
    assert handoff["tried"] == [
        {"asked": "年费怎么收", "said": "首年免年费。", "entry_id": "card.fee", "score": 0.71, "decision": "answer"}
    ]


async def test_only_what_the_bot_tried_since_the_last_person_counts(gateway: Gateway, clock: FakeClock) -> None:
    conversation_id = (await gateway.log.open("web")).conversation_id
    async with gateway.log.change(conversation_id) as change:
        for author, text in ((Author.CUSTOMER, "甲"), (Author.BOT, "答甲"), (Author.AGENT, "人工")):
            await change.append(Draft(author, text), reply_to=1 if author is Author.BOT else None)
        await change.append(Draft(Author.CUSTOMER, "乙"))
        await change.append(Draft(Author.BOT, "答乙"), reply_to=4)
    found = tried(await gateway.log.messages(conversation_id), before=clock())
    assert [(each.asked, each.said, each.entry_id) for each in found] == [("乙", "答乙", None)]


async def test_what_people_did_before_is_on_the_card(
    desk: httpx.AsyncClient, gateway: Gateway, demo_bank: None
) -> None:
    before = await mine(desk, gateway)
    await desk.post(f"{at(before)}/close", json={"summary": "已退年费"})
    shown = (await desk.get(at(await customer(gateway)))).json()
    (past,) = shown["past"]
    assert (past["conversation_id"], past["summary"], past["outcome"]) == (before, "已退年费", "close")


async def test_the_summary_of_the_close_is_kept_sealed_and_goes_to_the_crm(
    desk: httpx.AsyncClient, gateway: Gateway, db: Database, demo_bank: None
) -> None:
    conversation_id = await mine(desk, gateway)
    await desk.post(f"{at(conversation_id)}/close", json={"summary": "已回电13912340007，退年费"})
    async with db.read() as connection:
        assert await connection.scalar(select(handoffs.c.agent_note)) == "已回电[手机号1]，退年费"
    (write,) = await _waiting(gateway.foundation.outbox, conversation_id)
    assert write.endswith("已回电[手机号1]，退年费")


async def _waiting(outbox: CrmOutbox, conversation_id: str) -> list[str]:
    return [write.summary for write in await outbox.about([conversation_id])]


async def test_notes_and_tags_are_the_desks_alone(desk: httpx.AsyncClient, gateway: Gateway) -> None:
    conversation_id = await queued(gateway)
    session = await gateway.sessions.open(conversation_id)
    note = {"note_id": KEY, "text": "查一下流水", "mentions": ["nobody"]}
    (written,) = (await desk.post(f"{at(conversation_id)}/notes", json=note)).json()["notes"]
    assert (written["text"], written["mentions"]) == ("查一下流水", [])
    tagged = await desk.post(f"{at(conversation_id)}/tags", json={"tags": [" 年费 ", "需回访"]})
    assert set(tagged.json()["tags"]) == {"年费", "需回访"}
    shown = (await desk.get(at(conversation_id))).json()
    assert [each["text"] for each in shown["notes"]] == ["查一下流水"]
    (line,) = (await desk.get("/api/desk/conversations", params={"view": "queued"})).json()["conversations"]
    assert set(line["tags"]) == {"年费", "需回访"}
    seen = await desk.get("/api/chat/messages", headers={"Authorization": f"Bearer {session}"})
    assert "流水" not in seen.text
    assert "年费" not in seen.text


async def test_a_conversation_that_is_not_the_desks_takes_neither(desk: httpx.AsyncClient, gateway: Gateway) -> None:
    conversation_id = (await gateway.log.open("web")).conversation_id
    note = await desk.post(f"{at(conversation_id)}/notes", json={"note_id": KEY, "text": "x"})
    tags = await desk.post(f"{at(conversation_id)}/tags", json={"tags": ["x"]})
    assert {note.status_code, tags.status_code} == {404}


async def test_what_a_bank_must_not_write_does_not_leave(
    desk: httpx.AsyncClient, gateway: Gateway, demo_bank: None
) -> None:
    conversation_id = await mine(desk, gateway)
    answer = await desk.post(
        f"{at(conversation_id)}/messages", json={"client_message_id": "a1", "text": "这款产品保本，您放心"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "forbidden_wording")
    assert "保本" in answer.json()["message"]
    given = await desk.post(f"{at(conversation_id)}/return", json={"suggestion": "怎么买保本理财"})
    assert (given.status_code, given.json()["code"]) == (422, "forbidden_wording")
    assert (await gateway.log.get(conversation_id)).state is State.AGENT
    assert all(message.author is not Author.AGENT for message in await gateway.log.messages(conversation_id))


async def test_answers_are_suggested_to_the_customers_last_message(
    desk: httpx.AsyncClient, gateway: Gateway, hit_tester: FakeHitTester, demo_bank: None
) -> None:
    conversation_id = await mine(desk, gateway)
    told = (await desk.get(f"{at(conversation_id)}/suggestions")).json()
    assert hit_tester.asked == ["我要投诉"]
    assert told["to"] == 1
    assert told["suggestions"][0]["entry_id"] == "card.lost"
    hit_tester.is_down = True
    assert (await desk.get(f"{at(conversation_id)}/suggestions")).status_code == 503


async def test_agents_choose_canned_replies_and_do_not_change_them(desk: httpx.AsyncClient, lin: object) -> None:
    told = (await desk.get("/api/desk/canned-replies")).json()
    assert told["variables"]["坐席姓名"] == "座席lin"
    assert any(each["initials"] == "tkjd" for each in told["replies"])
    answer = await desk.post("/api/desk/canned-replies", json={"shortcut": "x", "title": "x", "text": "x"})
    assert answer.status_code == 403


async def test_a_complaint_is_filed_once_and_the_customer_hears_of_it(
    desk: httpx.AsyncClient, gateway: Gateway, demo_bank: None
) -> None:
    conversation_id = await mine(desk, gateway)
    body = {"key": KEY, "what": "多收年费，回电13912340007", "target": "信用卡", "amount": "300.5", "wish": "退款"}
    first, again = [(await desk.post(f"{at(conversation_id)}/complaints", json=body)).json() for _ in range(2)]
    assert first == again
    detail = (await desk.get(f"/api/desk/complaints/{first['number']}")).json()
    assert detail["complaint"]["what"] == "多收年费，回电[手机号1]"
    assert any("座席lin" in (entry["text"] or "") for entry in detail["timeline"])
    told = [m.text for m in await gateway.log.messages(conversation_id) if first["number"] in m.text]
    assert len(told) == 1


@pytest.mark.parametrize(
    "wrong", [{"what": " "}, {"phone": "not a number"}, {"occurred_on": "2099-01-01"}, {"amount": "-1"}]
)
async def test_a_complaint_that_cannot_be_filed_says_why(
    desk: httpx.AsyncClient, gateway: Gateway, demo_bank: None, wrong: dict[str, str]
) -> None:
    conversation_id = await mine(desk, gateway)
    answer = await desk.post(f"{at(conversation_id)}/complaints", json={"key": KEY, "what": "多收年费", **wrong})
    assert answer.status_code == 422


async def test_nobody_files_for_a_customer_of_somebody_else(
    desk: httpx.AsyncClient, gateway: Gateway, demo_bank: None
) -> None:
    conversation_id = await customer(gateway)
    answer = await desk.post(f"{at(conversation_id)}/complaints", json={"key": KEY, "what": "多收年费"})
    assert answer.status_code == 409


@pytest.fixture
def asked_of_the_database() -> Iterator[list[str]]:
    """Every statement, as it is sent."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield asked
    event.remove(Engine, "before_cursor_execute", note)


async def test_a_long_list_takes_no_more_statements_than_a_short_one(
    gateway: Gateway, lin: Agent, asked_of_the_database: list[str]
) -> None:
    counts = []
    for _ in range(2):
        await queued(gateway)
        asked_of_the_database.clear()
        await gateway.overview.conversations("queued", lin)
        counts.append(len(asked_of_the_database))
    assert counts[0] == counts[1]
