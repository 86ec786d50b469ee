"""What `/wechat` lets in, in every mode and notation, and what it turns away."""

import base64
import json
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wechatpy.crypto import PrpCrypto

from bot.storage.database import Database
from tests.channels.wechat.pushes import (
    COMPATIBLE,
    CRYPTO,
    ENCRYPTED,
    JSON,
    PLAIN,
    TOKEN,
    XML,
    event,
    message,
    signature,
)
from tests.channels.wechat.test_wire import BOMB
from tests.channels.wechat.workers import Worker, worker
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.wechat import FakeWechat


@pytest.fixture
async def bank(db: Database, clock: FakeClock, dialogue: FakeDialogue) -> AsyncIterator[Worker]:
    async with worker(db, clock, dialogue, FakeWechat()) as bank:
        yield bank


def signed(clock: FakeClock, nonce: str = "n") -> dict[str, str]:
    timestamp = str(int(clock().timestamp()))
    return {"timestamp": timestamp, "nonce": nonce, "signature": signature(TOKEN, timestamp, nonce)}


def refusals(caplog: pytest.LogCaptureFixture) -> list[dict[str, str]]:
    """The log's lines about what was turned away."""
    lines = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    return [line for line in lines if line["event"] in ("wechat_push_refused", "body_too_large")]


# Verification of the address


async def test_the_echo_proves_the_server(bank: Worker, clock: FakeClock) -> None:
    answer = await bank.wechat.http.get("/wechat", params={**signed(clock), "echostr": "5<b>"})
    assert (answer.status_code, answer.text) == (200, "5<b>")
    assert answer.headers["content-type"].startswith("text/plain")


async def test_without_a_signature_there_is_no_echo(bank: Worker, clock: FakeClock) -> None:
    for params in ({}, {**signed(clock), "nonce": "other"}, {**signed(clock), "signature": "签"}):
        answer = await bank.wechat.http.get("/wechat", params={**params, "echostr": "5"})
        assert (answer.status_code, answer.text) == (403, "wechat_signature")


# Every mode, every notation


@pytest.mark.parametrize("mode", [PLAIN, COMPATIBLE, ENCRYPTED])
@pytest.mark.parametrize("notation", [XML, JSON])
async def test_a_question_is_answered_in_kind(bank: Worker, mode: str, notation: str) -> None:
    bank.wechat.mode, bank.wechat.notation = mode, notation
    assert await bank.wechat.said(message("text", Content="你好 ]]> <b>")) == "您说的是：你好 ]]> <b>"


async def test_an_event_of_wechats_own_is_acknowledged(bank: Worker, dialogue: FakeDialogue) -> None:
    for name in ("VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", "kf_create_session", "unheard_of"):
        answer = await bank.wechat.push(event(name, EventKey="https://bank.example"))
        assert (answer.status_code, answer.text) == (200, "success")
    assert dialogue.asked == []


# What is turned away


async def test_wrong_signatures_are_refused_and_logged(
    bank: Worker, dialogue: FakeDialogue, caplog: pytest.LogCaptureFixture
) -> None:
    for wrong in ({"signature": "0" * 40}, {"msg_signature": "0" * 40}, {"msg_signature": ""}):
        answer = await bank.wechat.push(message("text", Content="你好"), **wrong)
        assert (answer.status_code, answer.text) == (403, "wechat_signature")
    assert [line["code"] for line in refusals(caplog)] == ["wechat_signature"] * 3
    assert dialogue.asked == []


async def test_an_old_push_is_refused(bank: Worker, clock: FakeClock) -> None:
    timestamp = str(int(clock().timestamp()) - 301)
    answer = await bank.wechat.push(message("text", Content="你好"), timestamp=timestamp)
    assert answer.status_code == 403


async def test_a_signature_that_was_seen_signs_nothing_else(bank: Worker, clock: FakeClock) -> None:
    bank.wechat.mode = PLAIN
    first = message("text", Content="查余额")
    assert await bank.wechat.said(first, nonce="seen") == "您说的是：查余额"
    assert await bank.wechat.said(first, nonce="seen") == "您说的是：查余额"
    forged = await bank.wechat.push(message("text", Content="挂失"), nonce="seen")
    assert (forged.status_code, forged.text) == (403, "wechat_replay")


async def test_a_repetition_that_was_encrypted_anew_may_have_the_old_nonce(bank: Worker) -> None:
    fields = message("text", Content="你好")
    said = [await bank.wechat.said(fields, nonce="same") for _ in range(2)]
    assert said == ["您说的是：你好"] * 2


async def test_what_was_encrypted_for_another_account_is_refused(
    bank: Worker, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    sealed = PrpCrypto(CRYPTO.key).encrypt("<xml></xml>", "wx-somebody-else").decode()
    params = signed(clock)
    stated = signature(TOKEN, params["timestamp"], params["nonce"], sealed)
    body = f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode()
    answer = await bank.wechat.post(body, {**params, "encrypt_type": "aes", "msg_signature": stated})
    assert (answer.status_code, answer.text) == (400, "wechat_malformed")
    assert [line["cause"] for line in refusals(caplog)] == ["encrypted for another account"]


@pytest.mark.parametrize("mode", [PLAIN, ENCRYPTED])
@pytest.mark.parametrize("content", ["", "garbage", "<xml>", "<xml></xml>", "{}", BOMB, "<a>" * 9_000, "[" * 40_000])
async def test_garbage_is_refused_and_logged(
    bank: Worker, mode: str, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    bank.wechat.mode = mode
    answer = await bank.wechat.push_text(content)
    assert (answer.status_code, answer.text) == (400, "wechat_malformed")
    assert len(refusals(caplog)) == 1


@pytest.mark.parametrize("body", [b"\xff\xfe", b"<xml><Encrypt>AAAA</Encrypt></xml>", b'{"Encrypt": ["a"]}'])
async def test_an_envelope_that_is_none_is_refused(bank: Worker, clock: FakeClock, body: bytes) -> None:
    answer = await bank.wechat.post(body, {**signed(clock), "encrypt_type": "aes", "msg_signature": "0"})
    assert answer.status_code in (400, 403)


async def test_an_oversized_body_is_refused_and_logged(
    bank: Worker, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await bank.wechat.post(b"<xml>" + b"a" * 70_000, signed(clock))
    assert answer.status_code == 413
    assert len(refusals(caplog)) == 1


async def test_nothing_of_a_message_is_logged(bank: Worker, caplog: pytest.LogCaptureFixture) -> None:
    await bank.wechat.push({**message("text", Content="我的卡号是6222020000000000018"), "CreateTime": "秘密"})
    (line,) = refusals(caplog)
    assert line["cause"] == "TextMessage with wrong CreateTime"
    assert "6222" not in caplog.text


async def test_without_an_account_the_address_does_not_exist(
    db: Database, clock: FakeClock, dialogue: FakeDialogue
) -> None:
    async with worker(db, clock, dialogue, FakeWechat()) as bank:
        bank.gateway.wechat = None
        assert (await bank.wechat.push(message("text", Content="你好"))).status_code == 404


# Anything at all

NAMES = st.sampled_from(
    ["ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId", "Content", "Event", "EventKey", "Encrypt", "X"]
)
VALUES = st.one_of(
    st.sampled_from(["text", "event", "image", "oUser", "gh_1", "subscribe", "unsubscribe", "CLICK", "1795406400", ""]),
    st.text(max_size=40),
    st.integers(),
    st.floats(),
    st.none(),
    st.lists(st.integers(), max_size=2),
)
FIELDS = st.dictionaries(NAMES, VALUES)
TEXTS = st.one_of(
    st.text(max_size=200),
    FIELDS.map(json.dumps),
    FIELDS.map(lambda fields: "<xml>" + "".join(f"<{n}>{v}</{n}>" for n, v in fields.items()) + "</xml>"),
    FIELDS.map(lambda fields: "<xml>" + "".join(f"<{n}><![CDATA[{v}]]></{n}>" for n, v in fields.items()) + "</xml>"),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=TEXTS, mode=st.sampled_from([PLAIN, COMPATIBLE, ENCRYPTED]))
async def test_whatever_is_signed_never_makes_an_error_of_ours(
    bank: Worker, content: str, mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    bank.wechat.mode = mode
    answer = await bank.wechat.push_text(content.encode("utf-8", "replace").decode())
    assert answer.status_code < 500
    assert "wechat_push_failed" not in caplog.text


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.one_of(st.binary(max_size=300), st.binary(max_size=99).map(base64.b64encode), TEXTS.map(str.encode)),
    address=st.dictionaries(
        st.sampled_from(["signature", "timestamp", "nonce", "encrypt_type", "msg_signature", "echostr"]),
        st.one_of(st.text(max_size=20), st.just("aes")),
    ),
    is_signed=st.booleans(),
)
async def test_whatever_comes_never_makes_an_error_of_ours(
    bank: Worker, clock: FakeClock, body: bytes, address: dict[str, str], is_signed: bool
) -> None:
    params = {**address, **(signed(clock, nonce=base64.b16encode(body).decode()[:60]) if is_signed else {})}
    answer = await bank.wechat.post(body, params)
    assert answer.status_code < 500
