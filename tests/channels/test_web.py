import httpx
import pytest

from bot.application import Gateway
from bot.conversations.messages import Author, Button, Draft
from bot.conversations.rasa import Answer
from bot.gateway import create_app
from bot.identity.principal import Level
from bot.knowledge.misses import Misses
from tests.channels.conftest import open_session
from tests.fakes.dialogue import FakeDialogue


async def send(http: httpx.AsyncClient, headers: dict[str, str], text: str, client_message_id: str = "m1"):
    body = {"client_message_id": client_message_id, "text": text}
    return await http.post("/api/chat/messages", json=body, headers=headers)


async def test_a_conversation(http: httpx.AsyncClient, dialogue: FakeDialogue) -> None:
    dialogue.will_say("你好", "您好", buttons=(Button("查余额", "/check_balance"),))
    headers = await open_session(http)
    said = (await send(http, headers, "你好")).json()
    assert said["state"] == "bot"
    (message,) = said["messages"]
    assert (message["seq"], message["author"], message["text"]) == (2, "bot", "您好")
    assert message["buttons"] == [{"title": "查余额"}]  # what it does is nobody's business
    everything = (await http.get("/api/chat/messages", headers=headers)).json()
    assert [m["author"] for m in everything["messages"]] == ["customer", "bot"]
    assert everything["messages"][0]["client_message_id"] == "m1"
    later = (await http.get("/api/chat/messages", params={"after": 1}, headers=headers)).json()
    assert [m["seq"] for m in later["messages"]] == [2]


async def test_the_queue_position_is_told(http: httpx.AsyncClient, dialogue: FakeDialogue) -> None:
    dialogue.will_hand_off("转人工")
    headers = await open_session(http)
    said = (await send(http, headers, "转人工")).json()
    assert (said["state"], said["queue"]) == ("queued", {"position": 1})
    assert (await http.get("/api/chat/messages", headers=headers)).json()["queue"] == {"position": 1}


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "nonsense"}])
async def test_without_a_session_nothing_is_told(http: httpx.AsyncClient, headers: dict[str, str]) -> None:
    for answer in (await send(http, headers, "你好"), await http.get("/api/chat/messages", headers=headers)):
        assert answer.status_code == 401
        assert answer.json()["code"] == "invalid_session"
        assert answer.json()["message"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"client_message_id": "m1", "text": "长" * 2001}, 413, "message_too_long"),
        ({"client_message_id": "m1", "text": "  "}, 422, "invalid_message"),
        ({"client_message_id": "m1"}, 422, "invalid_message"),
        ({"text": "你好"}, 422, "invalid_message"),
        ({"client_message_id": "", "text": "你好"}, 422, "invalid_message"),
        ({"client_message_id": "x" * 65, "text": "你好"}, 422, "invalid_message"),
        ({"client_message_id": 7, "text": ["你好"]}, 422, "invalid_message"),
    ],
)
async def test_a_bad_message_gets_a_clear_error(
    http: httpx.AsyncClient, body: dict[str, object], status: int, code: str
) -> None:
    answer = await http.post("/api/chat/messages", json=body, headers=await open_session(http))
    assert answer.status_code == status
    assert answer.json()["code"] == code
    assert answer.json()["message"]


async def test_a_site_token_binds_the_conversation(http: httpx.AsyncClient, gateway: Gateway) -> None:
    token = gateway.site_tokens.issue("c1", kid="demo")
    answer = await http.post("/api/chat/sessions", json={"token": token})
    principal = await gateway.identity.principal(answer.json()["conversation_id"])
    assert (principal.customer_id, principal.level) == ("c1", Level.BOUND)


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", ""])
async def test_a_forged_token_opens_nothing(http: httpx.AsyncClient, token: str) -> None:
    answer = await http.post("/api/chat/sessions", json={"token": token})
    assert answer.status_code == 401
    assert answer.json()["code"] == "invalid_token"


async def test_what_a_widget_needs_to_say_hello(http: httpx.AsyncClient, gateway: Gateway) -> None:
    hello = (await http.get("/api/chat/config")).json()
    assert hello["brand"] == gateway.settings.brand_name
    assert "智能客服" in hello["greeting"]
    assert hello["max_chars"] == 2000


async def test_health(http: httpx.AsyncClient, dialogue: FakeDialogue) -> None:
    health = await http.get("/healthz")
    assert health.status_code == 200
    assert (await http.get("/readyz")).status_code == 200
    dialogue.is_ready = False
    not_ready = await http.get("/readyz")
    assert (not_ready.status_code, not_ready.json()) == (503, {"database": True, "dialogue": False})
    assert "zhanggui_turns_total" in (await http.get("/metrics")).text


async def test_too_many_messages_are_told_to_wait(http: httpx.AsyncClient, gateway: Gateway) -> None:
    gateway.settings.messages_per_minute = 3
    headers = await open_session(http)
    answers = [await send(http, headers, "你好", f"m{i}") for i in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].json()["code"] == "too_many"
    assert (await send(http, await open_session(http), "你好")).status_code == 200


async def test_too_many_sessions_from_one_address_are_told_to_wait(http: httpx.AsyncClient, gateway: Gateway) -> None:
    gateway.settings.sessions_per_minute = 2
    answers = [await http.post("/api/chat/sessions", json={}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


async def test_only_named_origins_may_carry_the_widget(gateway: Gateway) -> None:
    gateway.settings.allowed_origins = ["https://www.bank.example"]
    app = create_app(gateway.settings, gateway)
    app.state.gateway = gateway
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        own = await client.get("/api/chat/config", headers={"Origin": "https://www.bank.example"})
        foreign = await client.get("/api/chat/config", headers={"Origin": "https://evil.example"})
        desk = await client.get("/api/desk/me", headers={"Origin": "https://www.bank.example"})
    assert own.headers["access-control-allow-origin"] == "https://www.bank.example"
    assert "access-control-allow-origin" not in foreign.headers
    assert "access-control-allow-credentials" not in desk.headers  # the desk's cookie stays at home


async def test_a_body_larger_than_any_message_is_refused_unread(http: httpx.AsyncClient) -> None:
    headers = await open_session(http)

    async def endless():
        for _ in range(100):
            yield b"x" * 4096

    for body in (b"x" * 100_000, endless()):
        answer = await http.post("/api/chat/messages", content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "message_too_long")


async def test_a_session_needs_no_body(http: httpx.AsyncClient) -> None:
    assert (await http.post("/api/chat/sessions")).json()["session"]


async def test_an_answer_can_be_found_of_no_use(
    http: httpx.AsyncClient, dialogue: FakeDialogue, gateway: Gateway
) -> None:
    metadata = {"kind": "faq", "entry_id": "transfer.fee", "score": 0.9, "decision": "answer"}
    dialogue.answers["转账要钱吗"] = Answer([Draft(Author.BOT, "不收。", metadata=metadata)])
    headers = await open_session(http)
    await send(http, headers, "转账要钱吗")
    opinion = {"seq": 2, "useful": False}
    assert (await http.post("/api/chat/feedback", json=opinion, headers=headers)).status_code == 204
    (miss,) = await Misses(gateway.foundation.db, gateway.foundation.clock).latest(10)
    assert (miss.text, miss.answered_by) == ("转账要钱吗", "transfer.fee")
    of_a_question = await http.post("/api/chat/feedback", json={**opinion, "seq": 1}, headers=headers)
    assert (of_a_question.status_code, of_a_question.json()["code"]) == (404, "not_an_answer")
    assert (await http.post("/api/chat/feedback", json=opinion)).status_code == 401
    others = await http.post("/api/chat/feedback", json=opinion, headers=await open_session(http))
    assert others.status_code == 404
