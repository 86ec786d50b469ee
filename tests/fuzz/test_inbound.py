"""Whatever arrives at a parser: it is understood, or refused with an error of the parser's own subject."""

import json
from datetime import date
from typing import Any

import httpx
import jwt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.application import Gateway
from bot.clock import utc_now
from bot.complaints.errors import MistypedNumberError
from bot.complaints.numbers import make_number, parse_number
from bot.conversations.choices import chosen, numbered
from bot.conversations.errors import DialogueUnavailableError
from bot.conversations.messages import Author, Button
from bot.conversations.rasa import Answer, RasaDialogue
from bot.identity.errors import InvalidTokenError
from bot.identity.tokens import MAX_TTL_S, SiteTokens
from bot.storage.database import Database
from tests.fakes.dialogue import FakeDialogue
from tests.fuzz.budget import budget
from tests.fuzz.people import Bank
from tests.fuzz.rubbish import BODY, DEEP, NASTY, TEXT, VALUE, record

KEY = "k" * 32

# What a browser sends


@budget(60)
@given(body=st.one_of(BODY, record("client_message_id", "text").map(lambda value: json.dumps(value).encode())))
async def test_any_body_of_a_message_is_answered_without_an_error_of_ours(
    http: httpx.AsyncClient, bank: Bank, body: bytes
) -> None:
    headers = {**bank.credentials["customer"], "content-type": "application/json"}
    answer = await http.post("/api/chat/messages", content=body, headers=headers)
    assert answer.status_code in (200, 400, 413, 422)


@budget(40)
@given(text=TEXT, key=TEXT)
@example(text="半个字符\ud83d", key="half")
@example(text="你好", key="\ud83d")
@example(text="你好", key="nul\x00")
async def test_any_text_is_kept_and_answered_once(
    http: httpx.AsyncClient, gateway: Gateway, bank: Bank, text: str, key: str
) -> None:
    conversation_id = bank.conversations[0]
    before = (await gateway.log.get(conversation_id)).last_seq
    body = json.dumps({"client_message_id": key, "text": text})
    headers = {**bank.credentials["customer"], "content-type": "application/json"}
    answers = [await http.post("/api/chat/messages", content=body, headers=headers) for _ in range(2)]
    first, second = ({**answer.json(), "request_id": None} for answer in answers)
    assert first == second
    assert answers[0].status_code in (200, 422)
    said = [m for m in await gateway.log.messages(conversation_id, after=before) if m.author is Author.CUSTOMER]
    assert len(said) <= 1
    assert await gateway.log.unhandled(conversation_id) == []


@budget(30)
@given(value=st.one_of(st.integers().map(str), TEXT), name=st.sampled_from(["after", "before", "limit", "x"]))
@example(value=str(2**63), name="after")
@example(value="9" * 5000, name="after")
async def test_any_place_to_read_from_is_taken_or_refused(
    http: httpx.AsyncClient, bank: Bank, value: str, name: str
) -> None:
    params = {name: value.encode("utf-8", "replace").decode()}
    answer = await http.get("/api/chat/messages", params=params, headers=bank.credentials["customer"])
    assert answer.status_code in (200, 422)


REFUSED = (1003, 1007, 1008, 1009)
"""Close codes for frames that we do not take; 1011 would be an error of ours."""
FRAME = st.one_of(
    TEXT.map(lambda text: {"text": text.encode("utf-8", "replace").decode()}),
    VALUE.map(lambda value: {"text": json.dumps(value)}),
    record("typing", "type", "messages").map(lambda value: {"text": json.dumps(value)}),
    st.binary(max_size=60).map(lambda content: {"bytes": content}),
    DEEP.map(lambda text: {"text": text}),
)


@budget(25)
@given(frames=st.lists(FRAME, max_size=4), path=st.sampled_from(["/api/chat/stream", "/api/desk/stream"]))
async def test_any_frames_are_taken_or_end_the_stream_in_order(
    http: httpx.AsyncClient, bank: Bank, frames: list[dict[str, Any]], path: str
) -> None:
    who = "customer" if "chat" in path else "agent"
    told = await spoken(http, path, bank.credentials[who], frames)
    assert told[0]["type"] == "websocket.accept"
    assert all(message["type"] == "websocket.send" or message["code"] in REFUSED for message in told[1:])


async def spoken(
    http: httpx.AsyncClient, path: str, headers: dict[str, str], frames: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What the application sends to a socket that says `frames` and leaves."""
    transport = http._transport
    assert isinstance(transport, httpx.ASGITransport)
    arriving = iter(
        [
            {"type": "websocket.connect"},
            *({"type": "websocket.receive", **frame} for frame in frames),
            {"type": "websocket.disconnect", "code": 1000},
        ]
    )
    told: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return next(arriving)

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    scope = {
        "type": "websocket",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "ws",
        "headers": [(b"host", b"test"), *((n.encode(), v.encode()) for n, v in headers.items())],
        "subprotocols": [],
        "client": ("127.0.0.1", 5),
        "server": ("test", 80),
        "state": {},
    }
    await transport.app(scope, receive, send)  # type: ignore[arg-type]
    return told


# Site tokens


def tokens() -> SiteTokens:
    return SiteTokens({"demo": KEY}, "zhanggui", Database("sqlite://"), utc_now)


def parts(value: Any) -> str:
    return jwt.utils.base64url_encode(json.dumps(value).encode()).decode()


FORGED = st.one_of(
    TEXT,
    st.tuples(VALUE, VALUE, TEXT).map(lambda three: f"{parts(three[0])}.{parts(three[1])}.{three[2]}"),
    st.tuples(record("alg", "kid", "typ", "crit", "jwk"), VALUE).map(lambda two: f"{parts(two[0])}.{parts(two[1])}.x"),
    DEEP.map(lambda text: f"{jwt.utils.base64url_encode(text.encode()).decode()}.e30.x"),
)


@budget(150)
@given(token=FORGED)
def test_any_forged_token_is_refused_as_one(token: str) -> None:
    with pytest.raises(InvalidTokenError):
        tokens().verify(token)


@budget(150)
@given(claims=record("sub", "iat", "exp", "nbf", "jti"), current=st.booleans())
@example(claims={"sub": "C\x001"}, current=True)
@example(claims={"sub": "C1", "iat": 10**400, "exp": 1}, current=False)
def test_any_signed_claims_are_somebody_or_refused(claims: dict[str, Any], current: bool) -> None:
    now = int(utc_now().timestamp())
    times = {"iat": now, "exp": now + MAX_TTL_S} if current else {}
    payload = json.dumps({"aud": "zhanggui", **claims, **times}).encode()
    token = jwt.api_jws.encode(payload, KEY, algorithm="HS256", headers={"kid": "demo"})
    try:
        customer_id = tokens().verify(token).customer_id
    except InvalidTokenError:
        return
    assert customer_id == claims["sub"]
    assert "\x00" not in customer_id
    customer_id.encode()


# What customers type


@budget(200)
@given(typed=st.one_of(TEXT, st.from_regex(r"\A(TS)?[\d\s-]{10,20}\Z"), st.text(st.characters(categories=["Nd"]))))
def test_what_is_typed_as_a_complaint_number_is_one_or_mistyped(typed: str) -> None:
    try:
        number = parse_number(typed)
    except MistypedNumberError:
        return
    assert number.isascii()
    assert parse_number(number) == number


@budget(50)
@given(day=st.dates(min_value=date(2000, 1, 1)), sequence=st.integers(1, 9999))
def test_every_number_we_write_is_read_back(day: date, sequence: int) -> None:
    assert parse_number(make_number(day, sequence).lower()) == make_number(day, sequence)


BUTTONS = st.lists(st.builds(Button, title=TEXT, payload=TEXT), max_size=4)


@budget(200)
@given(text=st.one_of(TEXT, st.from_regex(r"第?[\d一二两三十]{1,3}[个项。]*")), buttons=BUTTONS)
def test_whatever_is_said_to_buttons_chooses_one_of_them_or_none(text: str, buttons: list[Button]) -> None:
    assert chosen(text, buttons) in [None, *buttons]
    assert all(button in buttons for _, button in numbered(buttons))


# What Rasa answers

ITEMS = st.lists(
    st.one_of(
        VALUE,
        st.fixed_dictionaries({}, optional={"text": TEXT, "buttons": st.lists(record("title", "payload"), max_size=2)}),
        st.fixed_dictionaries({"custom": record("type", "reason", "note", "intents", "metadata", "cards")}),
        st.fixed_dictionaries(
            {"custom": st.fixed_dictionaries({"type": st.sampled_from(["handoff", "annotate"])}), "text": TEXT}
        ),
    ),
    max_size=3,
).map(json.dumps)
RASAS = st.one_of(ITEMS, DEEP, NASTY.map(json.dumps), BODY)


async def answered(body: str | bytes) -> Answer:
    """What we make of Rasa's answer `body`."""
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=body))
    async with httpx.AsyncClient(transport=transport) as http:
        return await RasaDialogue(http, "http://rasa", "token", timeout_s=1).ask("c.1", "你好")


@budget(150)
@given(body=RASAS)
async def test_any_answer_of_rasa_is_an_answer_or_a_fault(body: str | bytes) -> None:
    try:
        answer = await answered(body)
    except DialogueUnavailableError:
        return
    assert answer.drafts or answer.handoff


@budget(40)
@given(body=RASAS)
@example(body=json.dumps([{"text": "半个字符\ud83d"}]))
@example(body=json.dumps([{"text": "零\x00"}]))
async def test_no_answer_of_rasa_leaves_a_message_lying(
    db: Database, gateway: Gateway, dialogue: FakeDialogue, body: str | bytes
) -> None:
    """Whatever the answer, it can be kept: else the message would be tried again for ever."""
    try:
        dialogue.answers["你好"] = await answered(body)
    except DialogueUnavailableError:
        dialogue.broken.add("你好")
    conversation_id = (await gateway.log.open("web")).conversation_id
    turn = await gateway.conversations.receive(conversation_id, "m1", "你好")
    dialogue.broken.clear()
    assert turn.messages
    assert await gateway.log.unhandled(conversation_id) == []
