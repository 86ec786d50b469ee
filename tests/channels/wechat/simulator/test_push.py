"""The simulator insists, cuts and apologises as WeChat does, whatever the server behind does."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest
from defusedxml.ElementTree import fromstring
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.channels.wechat.simulator.account import Account, Mode
from bot.channels.wechat.simulator.envelope import Envelope, signature
from bot.channels.wechat.simulator.media import MediaStore
from bot.channels.wechat.simulator.phone import UNAVAILABLE, Phone
from bot.channels.wechat.simulator.push import Patience, Pusher
from bot.channels.wechat.simulator.user import User
from tests.fakes.clock import FakeClock

ACCOUNT = Account(
    name="掌柜银行",
    app_id="wx49f0ab532d5d035a",
    secret="secret",
    token="AAAAA",
    aes_key="kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aQ",
    bank_url="http://bank",
    verified=True,
)
Answer = Callable[[int], Awaitable[str]]


class Bank:
    """An account's server: `answer` says what it answers to the n-th try."""

    def __init__(self, answer: Answer) -> None:
        self.tries: list[httpx.QueryParams] = []
        self.bodies: list[str] = []
        self._answer = answer

    async def __call__(self, scope, receive, send) -> None:
        request = Request(scope, receive)
        self.tries.append(httpx.QueryParams(str(request.query_params)))
        self.bodies.append((await request.body()).decode())
        answer: Response = PlainTextResponse(await self._answer(len(self.tries)))
        await answer(scope, receive, send)


def user_of(bank: Bank, clock: FakeClock, *, mode: Mode = Mode.PLAIN, **patience: float) -> User:
    http = httpx.AsyncClient(transport=httpx.ASGITransport(bank))
    ACCOUNT.mode = mode
    pusher = Pusher(ACCOUNT, http, clock, Patience(**{"reply_s": 0.2, **patience}))  # type: ignore[arg-type]
    return User(Phone(1, ACCOUNT.app_id, clock), ACCOUNT, pusher, MediaStore("http://wechat"))


def reply(openid: str, text: str = "您好") -> str:
    return (
        f"<xml><ToUserName>{openid}</ToUserName><FromUserName>{ACCOUNT.original_id}</FromUserName>"
        f"<CreateTime>1</CreateTime><MsgType>text</MsgType><Content><![CDATA[{text}]]></Content></xml>"
    )


def saying(*texts: str) -> Answer:
    """Answers in turn; the last one for ever."""

    async def answer(number: int) -> str:
        return texts[min(number, len(texts)) - 1]

    return answer


async def test_a_reply_in_time_is_shown(clock: FakeClock) -> None:
    openid = Phone(1, ACCOUNT.app_id, clock).openid
    user = user_of(Bank(saying(reply(openid))), clock)
    await user.text("在吗")
    assert user.phone.texts() == ["您好"]


@pytest.mark.parametrize("nothing", ["success", ""])
async def test_success_and_silence_show_nothing(clock: FakeClock, nothing: str) -> None:
    bank = Bank(saying(nothing))
    user = user_of(bank, clock)
    await user.text("在吗")
    assert (user.phone.texts(), len(bank.tries)) == ([], 1)


async def test_a_slow_server_is_cut_and_tried_three_times(clock: FakeClock) -> None:
    async def never(_number: int) -> str:
        await asyncio.sleep(60)
        return "success"

    bank = Bank(never)
    user = user_of(bank, clock, reply_s=0.05)
    await user.text("在吗")
    assert user.phone.texts() == [UNAVAILABLE]
    assert len(bank.tries) == 3
    assert len({fromstring(body).find("MsgId").text for body in bank.bodies}) == 1
    assert len({query["nonce"] for query in bank.tries}) == 3


async def test_the_second_try_may_bring_the_reply(clock: FakeClock) -> None:
    openid = Phone(1, ACCOUNT.app_id, clock).openid

    async def late_at_first(number: int) -> str:
        await asyncio.sleep(60 if number == 1 else 0)
        return reply(openid)

    user = user_of(Bank(late_at_first), clock, reply_s=0.05)
    await user.text("在吗")
    assert user.phone.texts() == ["您好"]


@pytest.mark.parametrize(
    "nonsense",
    [
        "nonsense",
        "<html></html>",
        "<xml></xml>",
        reply("somebody else"),
        reply("o").replace("text", "dance"),
    ],
)
async def test_nonsense_makes_wechat_apologise(clock: FakeClock, nonsense: str) -> None:
    user = user_of(Bank(saying(nonsense)), clock)
    await user.text("在吗")
    assert user.phone.texts() == [UNAVAILABLE]


async def test_a_text_of_more_than_2048_bytes_is_nonsense(clock: FakeClock) -> None:
    openid = Phone(1, ACCOUNT.app_id, clock).openid
    user = user_of(Bank(saying(reply(openid, "长" * 683))), clock)
    await user.text("在吗")
    assert user.phone.texts() == [UNAVAILABLE]


async def test_two_tries_at_once_are_one_message_with_one_reply(clock: FakeClock) -> None:
    openid = Phone(1, ACCOUNT.app_id, clock).openid
    bank = Bank(saying("success", reply(openid)))
    user = user_of(bank, clock, at_once=2)
    await user.text("在吗")
    assert user.phone.texts() == ["您好"]
    assert len(bank.tries) == 2


@pytest.mark.parametrize("mode", [Mode.COMPATIBLE, Mode.ENCRYPTED])
async def test_encrypted_both_ways(clock: FakeClock, mode: Mode) -> None:
    openid, envelope = Phone(1, ACCOUNT.app_id, clock).openid, Envelope(ACCOUNT.aes_key, ACCOUNT.app_id)
    sealed = envelope.seal(reply(openid))
    stated = signature(ACCOUNT.token, "1", "2", sealed)
    answer = (
        f"<xml><Encrypt>{sealed}</Encrypt><MsgSignature>{stated}</MsgSignature>"
        "<TimeStamp>1</TimeStamp><Nonce>2</Nonce></xml>"
    )
    bank = Bank(saying(answer))
    user = user_of(bank, clock, mode=mode)
    await user.text("在吗")
    assert user.phone.texts() == ["您好"]
    (query,), (body,) = bank.tries, bank.bodies
    assert query["encrypt_type"] == "aes"
    pushed = fromstring(body)
    assert (pushed.find("Content") is not None) == (mode is Mode.COMPATIBLE)
    inside = fromstring(envelope.open(pushed.find("Encrypt").text))
    assert inside.find("Content").text == "在吗"


async def test_a_plain_reply_is_nonsense_in_encrypted_mode(clock: FakeClock) -> None:
    openid = Phone(1, ACCOUNT.app_id, clock).openid
    user = user_of(Bank(saying(reply(openid))), clock, mode=Mode.ENCRYPTED)
    await user.text("在吗")
    assert user.phone.texts() == [UNAVAILABLE]
