import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bot.channels.wechat.client import TOKEN_LIMIT, HttpWechatApi, StableToken
from bot.channels.wechat.errors import (
    BusyError,
    DailyLimitError,
    InDoubtError,
    NoMenuError,
    NotAllowedError,
    OAuthCodeError,
    PausedError,
    QuotaSpentError,
    RefusedError,
    TokenRefusedError,
    TooFastError,
    TooLongError,
    UnknownUserError,
    UnreachableError,
    WindowClosedError,
)
from bot.channels.wechat.outgoing import Choices, News, Text
from bot.channels.wechat.pauses import Pauses
from bot.channels.wechat.transport import Transport
from bot.storage.database import Database
from bot.tokens.shared import SharedToken
from tests.fakes.clock import FakeClock

APP_ID, SECRET = "wx5927782489442352", "app-secret"
Answer = dict[str, Any] | httpx.Response | Exception


class Server:
    """Gives a new token each time it is asked for one, and answers everything else with what is in `answers`."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.requests: list[httpx.Request] = []
        self.tokens = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/cgi-bin/stable_token":
            assert json.loads(request.content) == {
                "grant_type": "client_credential",
                "appid": APP_ID,
                "secret": SECRET,
                "force_refresh": False,
            }
            self.tokens += 1
            return httpx.Response(200, json={"access_token": f"T{self.tokens}", "expires_in": 7200})
        self.requests.append(request)
        answer = self.answers.pop(0) if self.answers else {"errcode": 0, "errmsg": "ok"}
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(request.content) for request in self.requests]

    def used_tokens(self) -> list[str]:
        return [request.url.params["access_token"] for request in self.requests]


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def worker(db: Database, clock: FakeClock, server: Server) -> Callable[[], HttpWechatApi]:
    """Makes clients of different workers of one installation."""

    def make() -> HttpWechatApi:
        transport = Transport(httpx.AsyncClient(transport=httpx.MockTransport(server)), "https://api.weixin.qq.com")
        token = SharedToken(
            db,
            clock,
            "s" * 32,
            name="wechat",
            limit=TOKEN_LIMIT,
            fetch=StableToken(transport, app_id=APP_ID, secret=SECRET),
            unavailable=lambda cause, _seconds: UnreachableError(cause),
        )
        return HttpWechatApi(transport, token, Pauses(db, clock), app_id=APP_ID, secret=SECRET, first_wait_s=0)

    return make


@pytest.fixture
def api(worker: Callable[[], HttpWechatApi]) -> HttpWechatApi:
    return worker()


# What is sent


async def test_a_text_goes_out_as_utf8(api: HttpWechatApi, server: Server) -> None:
    await api.send("o1", Text("您好😀"))
    (request,) = server.requests
    assert request.url.path == "/cgi-bin/message/custom/send"
    assert server.bodies() == [{"touser": "o1", "msgtype": "text", "text": {"content": "您好😀"}}]
    assert "您好😀".encode() in request.content


async def test_an_article_goes_out_alone(api: HttpWechatApi, server: Server) -> None:
    await api.send("o1", News("稳健理财", "风险等级：R2", "https://bank.example/p"))
    article = {"title": "稳健理财", "description": "风险等级：R2", "url": "https://bank.example/p"}
    assert server.bodies() == [{"touser": "o1", "msgtype": "news", "news": {"articles": [article]}}]


async def test_choices_go_out_as_msgmenu(api: HttpWechatApi, server: Server) -> None:
    await api.send("o1", Choices("哪一张？", (("1", "储蓄卡"), ("2", "信用卡"))))
    options = [{"id": "1", "content": "储蓄卡"}, {"id": "2", "content": "信用卡"}]
    menu = {"head_content": "哪一张？", "list": options, "tail_content": ""}
    assert server.bodies() == [{"touser": "o1", "msgtype": "msgmenu", "msgmenu": menu}]


async def test_typing_and_the_menu(api: HttpWechatApi, server: Server) -> None:
    await api.typing("o1")
    await api.publish_menu([{"type": "click", "name": "余额", "key": "balance"}])
    assert [request.url.path for request in server.requests] == [
        "/cgi-bin/message/custom/typing",
        "/cgi-bin/menu/create",
    ]
    assert server.bodies()[0] == {"touser": "o1", "command": "Typing"}


async def test_a_file_comes_with_its_type(api: HttpWechatApi, server: Server) -> None:
    server.answers = [httpx.Response(200, content=b"\x89PNG", headers={"content-type": "image/png"})]
    media = await api.media("M1")
    assert (media.content, media.content_type) == (b"\x89PNG", "image/png")
    server.answers = [{"errcode": 40007, "errmsg": "invalid media_id"}]
    with pytest.raises(RefusedError):
        await api.media("M2")


async def test_the_openid_behind_an_oauth_code(api: HttpWechatApi, server: Server) -> None:
    server.answers = [{"access_token": "x", "openid": "o1"}]
    assert await api.openid("C1") == "o1"
    assert dict(server.requests[0].url.params) == {
        "appid": APP_ID,
        "secret": SECRET,
        "code": "C1",
        "grant_type": "authorization_code",
    }


@pytest.mark.parametrize("errcode", [40029, 40163, 41008])
async def test_a_used_or_unknown_oauth_code(api: HttpWechatApi, server: Server, errcode: int) -> None:
    server.answers = [{"errcode": errcode, "errmsg": "code been used"}]
    with pytest.raises(OAuthCodeError):
        await api.openid("C1")
    assert len(server.requests) == 1


# The token


async def test_workers_share_one_token(worker: Callable[[], HttpWechatApi], server: Server) -> None:
    for api in (worker(), worker()):
        await api.send("o1", Text("您好"))
    assert server.tokens == 1
    assert server.used_tokens() == ["T1", "T1"]


async def test_a_token_is_renewed_before_it_ends(api: HttpWechatApi, server: Server, clock: FakeClock) -> None:
    await api.send("o1", Text("您好"))
    clock.advance(7199)
    await api.send("o1", Text("您好"))
    assert server.used_tokens() == ["T1", "T2"]


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
async def test_a_refused_token_is_renewed_and_the_call_made_again(
    api: HttpWechatApi, server: Server, errcode: int
) -> None:
    server.answers = [{"errcode": errcode, "errmsg": "invalid credential"}]
    await api.send("o1", Text("您好"))
    assert server.used_tokens() == ["T1", "T2"]


async def test_a_token_refused_twice_is_an_error(api: HttpWechatApi, server: Server) -> None:
    server.answers = [{"errcode": 40001}] * 5
    with pytest.raises(TokenRefusedError):
        await api.send("o1", Text("您好"))
    assert server.used_tokens() == ["T1", "T2"]


# What goes wrong


@pytest.mark.parametrize(
    ("errcode", "error"),
    [
        (40003, UnknownUserError),
        (45015, WindowClosedError),
        (45047, QuotaSpentError),
        (45009, DailyLimitError),
        (45011, TooFastError),
        (45002, TooLongError),
        (40200, NoMenuError),
        (40164, NotAllowedError),
        (61004, NotAllowedError),
        (48001, NotAllowedError),
        (48004, NotAllowedError),
        (50002, NotAllowedError),
        (40008, RefusedError),
    ],
)
async def test_each_code_has_its_error(
    api: HttpWechatApi, server: Server, errcode: int, error: type[RefusedError]
) -> None:
    server.answers = [{"errcode": errcode, "errmsg": "…"}]
    with pytest.raises(error) as raised:
        await api.send("o1", Text("您好"))
    assert raised.type is error
    assert raised.value.errcode == errcode
    assert len(server.requests) == 1


async def test_a_busy_wechat_is_asked_three_times(api: HttpWechatApi, server: Server) -> None:
    server.answers = [{"errcode": -1}, {"errcode": -1}]
    await api.send("o1", Text("您好"))
    assert len(server.requests) == 3
    server.answers = [{"errcode": -1}] * 9
    with pytest.raises(BusyError):
        await api.send("o1", Text("您好"))
    assert len(server.requests) == 6


async def test_what_never_left_is_sent_again(api: HttpWechatApi, server: Server) -> None:
    server.answers = [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow")]
    await api.send("o1", Text("您好"))
    server.answers = [httpx.ConnectError("refused")] * 3
    with pytest.raises(UnreachableError):
        await api.send("o1", Text("您好"))


@pytest.mark.parametrize(
    "answer", [httpx.ReadTimeout("slow"), httpx.RemoteProtocolError("cut"), httpx.Response(502, text="Bad Gateway")]
)
async def test_what_may_have_arrived_is_in_doubt_and_not_sent_again(
    api: HttpWechatApi, server: Server, answer: Answer
) -> None:
    server.answers = [answer]
    with pytest.raises(InDoubtError):
        await api.send("o1", Text("您好"))
    assert len(server.requests) == 1


async def test_what_may_be_repeated_is_repeated(api: HttpWechatApi, server: Server) -> None:
    server.answers = [httpx.ReadTimeout("slow")]
    await api.typing("o1")
    assert len(server.requests) == 2


@pytest.mark.parametrize(("errcode", "rests_s"), [(45009, 900), (45011, 60), (48001, 600)])
async def test_a_refused_api_rests_for_every_worker(
    worker: Callable[[], HttpWechatApi], server: Server, clock: FakeClock, errcode: int, rests_s: int
) -> None:
    server.answers = [{"errcode": errcode}]
    with pytest.raises(RefusedError):
        await worker().send("o1", Text("您好"))
    clock.advance(rests_s - 1)
    with pytest.raises(PausedError) as raised:
        await worker().send("o2", Text("您好"))
    assert raised.value.seconds == 1
    assert len(server.requests) == 1
    await worker().typing("o1")  # another api goes on
    clock.advance(1)
    await worker().send("o2", Text("您好"))


async def test_errors_tell_no_token(api: HttpWechatApi, server: Server) -> None:
    server.answers = [httpx.ReadTimeout("https://api.weixin.qq.com/?access_token=T1")]
    with pytest.raises(InDoubtError) as raised:
        await api.send("o1", Text("您好"))
    assert "T1" not in str(raised.value)
    assert raised.value.__cause__ is None
