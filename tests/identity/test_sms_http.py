"""Through the SMS gateway: the contract, the signature, and what goes wrong on the way."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from bot.bootstrap import build_foundation
from bot.identity.sms_http import HttpSms
from bot.identity.sms_signature import sign
from bot.settings import ROOT, Settings
from bot.storage.database import Database
from tests.contracts.sms import Arrived, SmsSenderContract
from tests.fakes.clock import FakeClock
from tests.stubs.faults import Fault
from tests.stubs.serving import serving
from tests.stubs.sms.server import KEY_ID, SECRET, WINDOW_S, SmsGateway, create_app

PHONE, TEXT = "13900000091", "验证码 100001"
Make = Callable[..., HttpSms]


@pytest.fixture
def stub(clock: FakeClock) -> SmsGateway:
    return SmsGateway(clock)


@pytest.fixture
def url(stub: SmsGateway) -> Iterator[str]:
    with serving(create_app(stub)) as address:
        yield f"{address}/messages"


@pytest.fixture
async def make(url: str, clock: FakeClock) -> AsyncIterator[Make]:
    async with httpx.AsyncClient(trust_env=False) as http:

        def made(**other: Any) -> HttpSms:
            known = {"url": url, "key_id": KEY_ID, "secret": SECRET, "timeout_s": 5, "pauses_s": (0, 0)}
            return HttpSms(http, clock, **{**known, **other})

        yield made


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("zhanggui_sms_total", {"outcome": outcome}) or 0


async def deliver(sender: HttpSms) -> list[Any]:
    """What the log says of one message."""
    with capture_logs() as logs:
        await sender.send(PHONE, TEXT)
        await sender.close()
    return logs


class TestHttpSms(SmsSenderContract):
    @pytest.fixture
    def sender(self, make: Make) -> HttpSms:
        return make()

    @pytest.fixture
    def arrived(self, stub: SmsGateway) -> Arrived:
        async def told() -> list[tuple[str, str]]:
            return [(message.phone, message.text) for message in stub.sent.values()]

        return told


def test_the_signature_is_the_documented_one() -> None:
    """The worked example of docs/identity.md, computed without our code."""
    secret, body = (
        "an-example-secret-of-32-characters",
        '{"message_id": "m1", "phone": "13900000091", "text": "验证码 100001"}',
    )
    expected = hmac.new(secret.encode(), f"1790000000\n00ff\n{body}".encode(), hashlib.sha256).hexdigest()
    assert sign(secret, 1790000000, "00ff", body.encode()) == expected
    assert expected in (ROOT / "docs" / "identity.md").read_text(encoding="utf-8")


async def test_it_returns_before_the_gateway_has_answered(clock: FakeClock) -> None:
    answer, asked = asyncio.Event(), asyncio.Event()

    async def waiting(_request: httpx.Request) -> httpx.Response:
        asked.set()
        await answer.wait()
        return httpx.Response(202)

    http = httpx.AsyncClient(transport=httpx.MockTransport(waiting))
    sender = HttpSms(http, clock, url="http://sms", key_id="k", secret=SECRET, timeout_s=60)
    sent = counted("sent")
    await sender.send(PHONE, TEXT)
    await asked.wait()
    assert counted("sent") == sent
    answer.set()
    await sender.close()
    assert counted("sent") == sent + 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind="answer", status=500, times=2),
        Fault(kind="answer", status=429, times=2),
        Fault(kind="cut", times=2),
        Fault(kind="cut_after", times=2),
    ],
    ids=lambda fault: f"{fault.kind} {fault.status}",
)
async def test_what_may_pass_is_tried_again_and_sent_once(make: Make, stub: SmsGateway, fault: Fault) -> None:
    stub.faults.waiting.append(fault)
    sent = counted("sent")
    assert await deliver(make()) == []
    assert len(stub.faults.calls) == 3
    assert [(message.phone, message.text) for message in stub.sent.values()] == [(PHONE, TEXT)]
    assert counted("sent") == sent + 1


@pytest.mark.parametrize(
    ("fault", "causes"),
    [
        (Fault(kind="answer", status=503, times=9), ("status 503",)),
        (Fault(kind="cut", times=9), ("RemoteProtocolError", "ReadError")),  # whichever end the cut meets first
    ],
)
async def test_after_three_tries_it_is_given_up(
    make: Make, stub: SmsGateway, fault: Fault, causes: tuple[str, ...]
) -> None:
    stub.faults.waiting.append(fault)
    failed = counted("unavailable")
    (line,) = await deliver(make())
    assert line["event"] == "sms_unavailable"
    assert line["cause"] in causes
    assert len(stub.faults.calls) == 3
    assert counted("unavailable") == failed + 1


async def test_a_slow_gateway_is_given_up(make: Make, stub: SmsGateway) -> None:
    stub.faults.waiting.append(Fault(kind="slow", seconds=30, times=9))
    (line,) = await deliver(make(timeout_s=0.2))
    assert line["event"] == "sms_unavailable"
    assert stub.sent == {}


@pytest.mark.parametrize("other", [{"key_id": "another"}, {"secret": "x" * 32}])
async def test_a_refusal_is_not_repeated(make: Make, stub: SmsGateway, other: dict[str, str]) -> None:
    refused = counted("refused")
    (line,) = await deliver(make(**other))
    assert (line["event"], line["cause"]) == ("sms_refused", "status 401")
    assert len(stub.faults.calls) == 1
    assert stub.sent == {}
    assert counted("refused") == refused + 1


async def test_the_log_names_the_message_and_neither_phone_nor_text(make: Make, stub: SmsGateway) -> None:
    stub.faults.waiting.append(Fault(kind="answer", status=400, body={"echo": f"{PHONE} {TEXT}"}))
    (line,) = await deliver(make())
    assert len(line["message_id"]) == 32
    assert PHONE not in str(line)
    assert "100001" not in str(line)


async def test_a_clock_far_off_is_refused(make: Make, stub: SmsGateway, clock: FakeClock) -> None:
    early = clock.now
    stub.clock = FakeClock(early)
    clock.advance(WINDOW_S)
    assert await deliver(make()) == []
    clock.advance(1)
    (line,) = await deliver(make())
    assert line["cause"] == "status 401"


async def test_a_recorded_request_is_refused(stub: SmsGateway, clock: FakeClock) -> None:
    recorded: list[httpx.Request] = []

    async def note(request: httpx.Request) -> None:
        recorded.append(request)

    transport = httpx.ASGITransport(create_app(stub))
    async with httpx.AsyncClient(transport=transport, event_hooks={"request": [note]}) as http:
        sender = HttpSms(http, clock, url="http://sms/messages", key_id=KEY_ID, secret=SECRET, timeout_s=5)
        assert await deliver(sender) == []
        (request,) = recorded
        headers = {name: value for name, value in request.headers.items() if name != "content-length"}
        again = await http.post(request.url, content=request.content, headers=headers)
        changed = await http.post(request.url, content=request.content.replace(b"091", b"092"), headers=headers)
    assert (again.status_code, changed.status_code) == (409, 401)
    assert len(stub.sent) == 1


async def test_the_system_sends_by_it_and_lets_messages_leave_at_its_end(
    db: Database, stub: SmsGateway, url: str, clock: FakeClock
) -> None:
    settings = Settings(sms="http", sms_url=url, sms_key_id=KEY_ID, sms_secret=SECRET)
    base = build_foundation(settings, db=db, clock=clock)
    base.sms.require()
    await base.sms.send(PHONE, TEXT)
    await base.close()
    assert [message.phone for message in stub.sent.values()] == [PHONE]
