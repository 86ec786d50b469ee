"""After hours: what the customer hears, a message left, and the agent who answers it."""

from datetime import datetime

import httpx
import pytest
from sqlalchemy import select

from bot.application import Gateway
from bot.bootstrap import build_foundation, build_gateway
from bot.conversations.messages import Author, Draft, Message, State
from bot.conversations.rasa import Answer, HandoffWish
from bot.handoff.errors import AlreadyClaimedError, TicketTakenError
from bot.handoff.tables import handoff_tickets
from bot.settings import ROOT, Settings
from bot.staff.models import Agent
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.sms import FakeSms
from tests.fakes.wechat import FakeWechat
from tests.handoff.test_hours import at
from tests.staff.people import browser, hire, sign_in

EVENING = at("2026-11-23 21:15")


@pytest.fixture
async def gateway(db: Database, clock: FakeClock, sms: FakeSms, dialogue: FakeDialogue, wechat: FakeWechat):  # type: ignore[no-untyped-def]
    """A bank whose people go home: it is Monday evening."""
    clock.now = EVENING
    settings = Settings(service_hours_file=ROOT / "examples" / "service_hours.yml")
    base = build_foundation(settings, clock=clock, sms=sms, db=db)
    yield build_gateway(settings, foundation=base, dialogue=dialogue, wechat_api=wechat)
    await base.http.aclose()


class Customer:
    """Somebody who writes one message after the other."""

    def __init__(self, gateway: Gateway, conversation_id: str) -> None:
        self.gateway = gateway
        self.conversation_id = conversation_id
        self.written = 0

    async def says(self, text: str) -> list[Message]:
        """What comes back."""
        self.written += 1
        key = f"m{self.written}"
        turn = await self.gateway.conversations.receive(self.conversation_id, key, text)
        again = await self.gateway.conversations.receive(self.conversation_id, key, text)
        assert again.messages == turn.messages
        return turn.messages

    async def state(self) -> State:
        return (await self.gateway.log.get(self.conversation_id)).state


@pytest.fixture
async def customer(gateway: Gateway, dialogue: FakeDialogue) -> Customer:
    dialogue.will_hand_off("转人工")
    return Customer(gateway, (await gateway.log.open("web")).conversation_id)


async def left(gateway: Gateway) -> list[tuple[int, datetime, str | None]]:
    async with gateway.foundation.db.read() as connection:
        columns = (handoff_tickets.c.seq, handoff_tickets.c.due_at, handoff_tickets.c.agent_id)
        return [tuple(row) for row in await connection.execute(select(*columns))]


async def test_who_asks_after_hours_hears_when_people_are_back(customer: Customer) -> None:
    (said,) = await customer.says("转人工")
    assert said.author is Author.SYSTEM
    assert "明天8:30开始服务" in said.text
    assert "明天10:30前" in said.text
    assert await customer.state() is State.BOT


async def test_a_message_left_becomes_a_ticket_once(customer: Customer, gateway: Gateway) -> None:
    await customer.says("转人工")
    await customer.says("我要留言")
    (said,) = await customer.says("我想改还款日，手机号13912345678")
    assert "明天10:30前" in said.text
    ((seq, due_at, agent_id),) = await left(gateway)
    assert (due_at, agent_id) == (at("2026-11-24 10:30"), None)
    (ticket,) = await gateway.tickets.open()
    assert ticket.text == "我想改还款日，手机号[手机号1]"
    assert (await gateway.log.messages(customer.conversation_id, after=seq - 1))[0].text == ticket.text


async def test_the_offer_binds_nobody(customer: Customer, gateway: Gateway, dialogue: FakeDialogue) -> None:
    await customer.says("转人工")
    await customer.says("查余额")
    assert dialogue.asked[-1][1] == "查余额"
    await customer.says("转人工")
    await customer.says("我要留言")
    (said,) = await customer.says("不留言了")
    assert "不留言" in said.text
    await customer.says("你好")
    assert dialogue.asked[-1][1] == "你好"
    assert await left(gateway) == []


async def test_a_secret_in_a_message_left_is_noticed(customer: Customer, gateway: Gateway) -> None:
    await customer.says("转人工")
    await customer.says("我要留言")
    said = await customer.says("我的密码是998877，帮我改一下")
    assert len(said) == 2
    assert "998877" not in (await gateway.tickets.open())[0].text


async def test_nothing_promises_a_person_while_none_comes(customer: Customer, dialogue: FakeDialogue) -> None:
    dialogue.broken.add("哑火")
    (said,) = await customer.says("哑火")
    assert "转接" not in said.text
    assert "抱歉" in said.text
    promise = Draft(Author.BOT, customer.gateway.texts("utter_handoff_anger"))
    dialogue.answers["气死了"] = Answer([Draft(Author.BOT, "余额是¥1.00"), promise], HandoffWish("anger"))
    assert [message.text for message in await customer.says("气死了")][:1] == ["余额是¥1.00"]
    assert promise.text not in [message.text for message in await customer.says("气死了")]


@pytest.mark.parametrize("reason", ["lost_card", "grave_complaint"])
async def test_emergencies_wait_for_nobodys_morning(customer: Customer, dialogue: FakeDialogue, reason: str) -> None:
    dialogue.will_hand_off("卡丢了", reason)
    (said,) = await customer.says("卡丢了")
    assert await customer.state() is State.QUEUED
    assert customer.gateway.settings.hotline in said.text
    assert [button.title for button in said.buttons] == ["取消排队"]


async def test_in_the_morning_people_are_back(customer: Customer, clock: FakeClock) -> None:
    clock.now = at("2026-11-24 08:30")
    await customer.says("转人工")
    assert await customer.state() is State.QUEUED


@pytest.fixture
async def waiting(customer: Customer) -> Customer:
    """Somebody who has left a message."""
    for text in ("转人工", "我要留言", "我想改还款日"):
        await customer.says(text)
    return customer


async def test_who_takes_a_ticket_serves_its_customer(gateway: Gateway, waiting: Customer) -> None:
    lin, zhou = await hire(gateway, "lin"), await hire(gateway, "zhou")
    await gateway.handoff.pick_up(waiting.conversation_id, lin)
    conversation = await gateway.log.get(waiting.conversation_id)
    assert (conversation.state, conversation.agent_id) == (State.AGENT, lin.agent_id)
    assert await gateway.tickets.open() == []
    with pytest.raises(AlreadyClaimedError):
        await gateway.handoff.pick_up(waiting.conversation_id, zhou)
    await gateway.handoff.reply(waiting.conversation_id, lin, "a1", "已为您改好还款日。")
    await gateway.handoff.close(waiting.conversation_id, lin)
    with pytest.raises(TicketTakenError):
        await gateway.handoff.pick_up(waiting.conversation_id, zhou)


async def test_a_customer_who_came_back_is_served_by_the_claim(
    gateway: Gateway, waiting: Customer, clock: FakeClock
) -> None:
    clock.now = at("2026-11-24 09:00")
    await waiting.says("转人工")
    lin: Agent = await hire(gateway, "lin")
    with pytest.raises(AlreadyClaimedError):
        await gateway.handoff.pick_up(waiting.conversation_id, lin)
    await gateway.handoff.claim(waiting.conversation_id, lin)
    assert await gateway.tickets.open() == []


async def test_the_desk_lists_and_takes_them(gateway: Gateway, waiting: Customer, clock: FakeClock) -> None:
    await hire(gateway, "lin")
    clock.now = at("2026-11-24 10:31")
    async with browser(gateway) as desk:
        await sign_in(desk, "lin")
        (ticket,) = (await desk.get("tickets")).json()["tickets"]
        assert (ticket["text"], ticket["reason"], ticket["late"]) == ("我想改还款日", "asked", True)
        taken: httpx.Response = await desk.post(f"tickets/{ticket['ticket_id']}/take")
        assert taken.json() == {"conversation_id": waiting.conversation_id, "state": "agent"}
        assert (await desk.post(f"tickets/{ticket['ticket_id']}/take")).status_code == 409
        assert (await desk.post("tickets/99/take")).json()["code"] == "ticket_taken"
        assert (await desk.get("tickets")).json() == {"tickets": []}
