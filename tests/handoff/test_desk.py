import httpx
import pytest

from bot.application import Gateway
from bot.bootstrap import build_foundation, build_gateway
from bot.conversations.rasa import HandoffWish
from bot.handoff.customers import NAME_UNKNOWN
from bot.staff.models import Agent
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.crm import FakeCrm
from tests.handoff.conftest import queued


async def customer(gateway: Gateway, reason: str = "asked") -> str:
    """A waiting demo customer who is signed in."""
    conversation_id = (await gateway.log.open("web")).conversation_id
    await gateway.identity.bind(conversation_id, "C1001")
    await gateway.conversations.receive(conversation_id, "m1", "我要投诉")
    async with gateway.log.change(conversation_id) as change:
        intents = ({"intent": "file_complaint", "confidence": 0.93},)
        await gateway.handoff.queue(change, HandoffWish(reason, "投诉网点排队", intents))
    return conversation_id


async def listed(desk: httpx.AsyncClient, view: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = (await desk.get("/api/desk/conversations", params={"view": view})).json()[
        "conversations"
    ]
    return found


async def test_from_the_queue_to_the_end(desk: httpx.AsyncClient, gateway: Gateway, demo_bank: None) -> None:
    conversation_id = await customer(gateway)
    (line,) = await listed(desk, "queued")
    assert line["customer_name"] == "王**"
    assert line["reason"] == "asked"
    assert line["last_text"] == "您说的是：我要投诉"
    assert await listed(desk, "mine") == []
    path = f"/api/desk/conversations/{conversation_id}"
    assert (await desk.post(f"{path}/claim")).status_code == 200
    assert (await desk.post(f"{path}/claim")).json()["code"] == "already_claimed"
    assert await listed(desk, "queued") == []
    assert len(await listed(desk, "mine")) == 1
    sent = await desk.post(f"{path}/messages", json={"client_message_id": "a1", "text": "您好，我来帮您。"})
    assert sent.json()["messages"][0]["author"] == "agent"
    assert (await desk.post(f"{path}/return", json={"note": "已安抚"})).json()["state"] == "bot"
    assert (await desk.post(f"{path}/close")).status_code == 409
    assert len(await listed(desk, "all")) == 1


async def test_the_card_shows_why_and_who_without_what_must_stay_hidden(
    desk: httpx.AsyncClient, gateway: Gateway, demo_bank: None
) -> None:
    shown = (await desk.get(f"/api/desk/conversations/{await customer(gateway)}")).json()
    assert shown["handoff"]["note"] == "投诉网点排队"
    assert shown["handoff"]["last_intents"] == [{"intent": "file_complaint", "confidence": 0.93}]
    assert shown["customer"]["name"] == "王**"
    assert shown["customer"]["level"] == 1
    assert shown["customer"]["products"] == "借记卡2张、信用卡、定期存款"
    assert "****" in shown["customer"]["phone"]
    assert [m["author"] for m in shown["messages"]] == ["customer", "bot", "system"]


async def test_the_desk_works_without_the_crm(clock: FakeClock, db: Database, gateway: Gateway, lin: Agent) -> None:
    crm = FakeCrm()
    crm.is_down = True
    base = build_foundation(gateway.settings, clock=clock, db=db, crm=crm)
    overview = build_gateway(gateway.settings, foundation=base).overview
    conversation_id = await customer(gateway)
    (line,) = await overview.conversations("queued", lin)
    assert line.customer_name == NAME_UNKNOWN
    card = await overview.customer(conversation_id, lin)
    assert card == {"name": NAME_UNKNOWN, "level": 1, "complaints": []}
    await base.http.aclose()


async def test_an_anonymous_customer_has_no_card(desk: httpx.AsyncClient, gateway: Gateway) -> None:
    shown = (await desk.get(f"/api/desk/conversations/{await queued(gateway)}")).json()
    assert shown["customer"] is None


async def test_conversations_that_never_came_to_people_stay_closed_to_them(
    desk: httpx.AsyncClient, gateway: Gateway
) -> None:
    conversation_id = (await gateway.log.open("web")).conversation_id
    assert (await desk.get(f"/api/desk/conversations/{conversation_id}")).status_code == 404
    assert (await desk.get("/api/desk/conversations/nonsense")).status_code == 404
    assert (await desk.post("/api/desk/conversations/nonsense/claim")).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/me"),
        ("GET", "/conversations"),
        ("GET", "/conversations/x"),
        ("POST", "/conversations/x/claim"),
        ("POST", "/conversations/x/close"),
    ],
)
async def test_nothing_without_signing_in(desk: httpx.AsyncClient, method: str, path: str) -> None:
    await desk.post("/api/desk/logout")
    assert (await desk.request(method, f"/api/desk{path}")).status_code == 401


async def test_no_other_page_can_act_for_an_agent(desk: httpx.AsyncClient, gateway: Gateway) -> None:
    conversation_id = await queued(gateway)
    answer = await desk.post(f"/api/desk/conversations/{conversation_id}/claim", headers={"X-Desk": ""})
    assert answer.status_code == 403


async def test_wrong_password(desk: httpx.AsyncClient) -> None:
    answer = await desk.post("/api/desk/login", json={"login": "lin", "password": "wrong"})
    assert (answer.status_code, answer.json()["code"]) == (401, "login_failed")


async def test_passwords_cannot_be_guessed_in_a_loop(desk: httpx.AsyncClient, gateway: Gateway) -> None:
    gateway.settings.logins_per_minute = 3
    body = {"login": "somebody", "password": "wrong"}
    answers = [await desk.post("/api/desk/login", json=body) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
