"""A gateway with DESK=chatwoot and the stub: both directions over HTTP, with every echo delivered."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from bot.application import Gateway
from bot.bootstrap import build_foundation, build_gateway
from bot.conversations.messages import Author, State
from bot.gateway import create_app
from bot.settings import Settings
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.sms import FakeSms
from tests.fakes.wechat import FakeWechat
from tests.handoff.conftest import queued
from tests.stubs.chatwoot.server import Chatwoot
from tests.stubs.chatwoot.store import ACCOUNT, INBOX, SECRET, TOKEN, signed
from tests.stubs.faults import Fault


class Bank:
    """A worker of the gateway, and Chatwoot's webhooks on their way to it."""

    def __init__(self, gateway: Gateway, http: httpx.AsyncClient, chatwoot: Chatwoot) -> None:
        self.gateway = gateway
        self.http = http
        self.chatwoot = chatwoot

    async def settle(self) -> list[int]:
        """Bring everything to both sides until nothing is due; the statuses with which webhooks were answered."""
        assert self.gateway.outside_desk is not None
        answers = []
        while True:
            await self.gateway.outside_desk.courier.settle()
            if not self.chatwoot.store.webhooks:
                return answers
            headers, body = self.chatwoot.store.webhooks.pop(0)
            answers.append(await self.push(headers, body))

    async def push(self, headers: dict[str, str], body: bytes) -> int:
        return (await self.http.post("/handoff/outside", headers=headers, content=body)).status_code

    async def says(self, conversation_id: str, text: str) -> None:
        await self.gateway.conversations.receive(conversation_id, f"id-{text}", text)

    async def state(self, conversation_id: str) -> State:
        return (await self.gateway.log.get(conversation_id)).state

    async def read(self, conversation_id: str, author: Author) -> list[str]:
        """What the customer has read of this author."""
        return [m.text for m in await self.gateway.log.messages(conversation_id) if m.author is author]


@pytest.fixture
async def new_bank(
    db: Database,
    clock: FakeClock,
    sms: FakeSms,
    dialogue: FakeDialogue,
    chatwoot: Chatwoot,
    server: tuple[Chatwoot, str],
) -> AsyncIterator[Callable[[], Bank]]:
    """Starts a worker; a second one after it is a restart."""
    settings = Settings(
        _env_file=None,
        desk="chatwoot",
        chatwoot_url=server[1],
        chatwoot_account_id=ACCOUNT,
        chatwoot_inbox_id=INBOX,
        chatwoot_token=TOKEN,
        chatwoot_webhook_secret=SECRET,
    )
    clients: list[httpx.AsyncClient] = []

    def start() -> Bank:
        foundation = build_foundation(settings, clock=clock, sms=sms, db=db)
        gateway = build_gateway(settings, foundation=foundation, dialogue=dialogue, wechat_api=FakeWechat())
        app = create_app(settings, gateway)
        app.state.gateway = gateway
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")
        clients.extend([http, foundation.http])
        return Bank(gateway, http, chatwoot)

    yield start
    for client in clients:
        await client.aclose()


@pytest.fixture
def bank(new_bank: Callable[[], Bank]) -> Bank:
    return new_bank()


@pytest.fixture
async def waiting(bank: Bank) -> str:
    conversation_id = await queued(bank.gateway)
    await bank.settle()
    return conversation_id


@pytest.fixture
def number(chatwoot: Chatwoot, waiting: str) -> int:
    """Chatwoot's number of the conversation."""
    (number,) = chatwoot.store.conversations
    return number


async def test_a_whole_service(bank: Bank, chatwoot: Chatwoot, waiting: str, number: int) -> None:
    await bank.says(waiting, "有人吗")
    await bank.settle()
    chatwoot.store.says(number, "这位客户着急", private=True)
    chatwoot.store.assign(number)
    chatwoot.store.says(number, "您好，我是林晓")
    await bank.settle()
    await bank.says(waiting, "卡丢了")
    await bank.settle()
    chatwoot.store.says(number, "已为您挂失")
    chatwoot.store.set_status(number, "resolved")
    await bank.settle()
    assert await bank.read(waiting, Author.AGENT) == ["您好，我是林晓", "已为您挂失"]
    assert await bank.state(waiting) is State.CLOSED
    assert [text for kind, text in chatwoot.store.said(number) if kind == "incoming"] == ["有人吗", "卡丢了"]
    shown = "".join(await bank.read(waiting, Author.SYSTEM) + await bank.read(waiting, Author.AGENT))
    assert "着急" not in shown
    assert chatwoot.store.conversations[number]["status"] == "resolved"


async def test_a_customer_who_cancels_and_comes_back(
    bank: Bank, chatwoot: Chatwoot, waiting: str, number: int, dialogue: FakeDialogue, clock: FakeClock
) -> None:
    """The echoes of what we do ourselves, late ones too, move nothing."""
    dialogue.will_hand_off("转人工", "asked")
    await bank.says(waiting, "取消排队")
    assert bank.gateway.outside_desk is not None
    await bank.gateway.outside_desk.courier.settle()
    late = list(chatwoot.store.webhooks)
    clock.advance(1)
    await bank.says(waiting, "转人工")
    assert set(await bank.settle()) <= {204}
    for headers, body in late:
        assert await bank.push(headers, body) == 204
    assert await bank.state(waiting) is State.QUEUED
    assert chatwoot.store.conversations[number]["status"] == "open"
    assert await bank.read(waiting, Author.AGENT) == []


async def test_webhooks_that_come_twice_and_out_of_order(
    bank: Bank, chatwoot: Chatwoot, waiting: str, number: int
) -> None:
    chatwoot.store.assign(number)
    chatwoot.store.says(number, "您好")
    pushed = [*chatwoot.store.webhooks, *reversed(chatwoot.store.webhooks)]
    chatwoot.store.webhooks.clear()
    for headers, body in reversed(pushed):
        assert await bank.push(headers, body) == 204
    assert await bank.read(waiting, Author.AGENT) == ["您好"]
    joined = [text for text in await bank.read(waiting, Author.SYSTEM) if "林晓" in text]
    assert len(joined) == 1


@pytest.mark.parametrize("kind", ["cut", "cut_after", "answer"])
async def test_an_outage_and_a_restart(
    new_bank: Callable[[], Bank],
    bank: Bank,
    chatwoot: Chatwoot,
    waiting: str,
    number: int,
    clock: FakeClock,
    kind: str,
) -> None:
    chatwoot.faults.waiting.append(Fault(kind=kind, status=503, times=3))  # type: ignore[arg-type]
    for text in ("第一句", "第二句", "第三句"):
        await bank.says(waiting, text)
        await bank.settle()
    restarted = new_bank()
    for _ in range(5):
        clock.advance(300)
        await restarted.settle()
    assert [text for kind, text in chatwoot.store.said(number) if kind == "incoming"] == ["第一句", "第二句", "第三句"]
    assert len(await bank.read(waiting, Author.SYSTEM)) == 1  # the customer was told of the queue, and nothing else


async def test_a_wait_that_begins_in_an_outage(bank: Bank, chatwoot: Chatwoot, clock: FakeClock) -> None:
    chatwoot.faults.waiting.append(Fault(kind="cut_after", times=4))
    conversation_id = await queued(bank.gateway)
    for number in range(8):
        await bank.says(conversation_id, f"第{number}句")
        await bank.settle()
        clock.advance(300)
    await bank.settle()
    (only,) = chatwoot.store.conversations
    kinds = [kind for kind, _ in chatwoot.store.said(only)]
    assert (kinds[0], set(kinds[1:])) == ("note", {"incoming"})
    told = "\n".join(text for _, text in chatwoot.store.said(only))
    assert [told.count(f"第{number}句") for number in range(8)] == [1] * 8


async def test_words_that_cannot_reach_the_customer_are_refused(
    bank: Bank, chatwoot: Chatwoot, waiting: str, number: int
) -> None:
    """Chatwoot shows its agent that the message has failed."""
    await bank.says(waiting, "取消排队")
    await bank.settle()
    chatwoot.store.says(number, "还在吗")
    assert 409 in await bank.settle()
    assert await bank.read(waiting, Author.AGENT) == []


async def test_who_has_not_signed_is_refused(bank: Bank, waiting: str, number: int, clock: FakeClock) -> None:
    body = b'{"event": "message_created"}'
    for headers in ({}, signed(body, clock, secret="other")):
        answer = await bank.http.post("/handoff/outside", headers=headers, content=body)
        assert (answer.status_code, answer.json()["code"]) == (401, "unsigned_webhook")
    headers = signed(body, clock)
    clock.advance(301)
    assert await bank.push(headers, body) == 401


async def test_what_cannot_be_read_is_refused(bank: Bank, clock: FakeClock) -> None:
    body = b'{"event": "message_created"}'
    assert await bank.push(signed(body, clock), body) == 422


async def test_without_a_desk_outside_there_is_no_such_address(gateway: Gateway) -> None:
    app = create_app(gateway.settings, gateway)
    app.state.gateway = gateway
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        assert (await http.post("/handoff/outside", content=b"{}")).status_code == 404


async def test_what_agents_did_while_the_gateway_was_down(
    new_bank: Callable[[], Bank], bank: Bank, chatwoot: Chatwoot, waiting: str, number: int
) -> None:
    chatwoot.store.says(number, "您好")
    chatwoot.store.says(number, "在吗", private=True)
    await bank.settle()
    chatwoot.store.says(number, "已为您挂失")
    chatwoot.store.set_status(number, "resolved")
    chatwoot.store.webhooks.clear()
    restarted = new_bank().gateway.outside_desk
    assert restarted is not None
    await restarted.catching_up.catch_up()
    assert await bank.read(waiting, Author.AGENT) == ["您好", "已为您挂失"]
    assert await bank.state(waiting) is State.CLOSED
