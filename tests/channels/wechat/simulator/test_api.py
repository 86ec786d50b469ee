"""The simulator's API answers, refuses and counts as WeChat's does."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.channels.wechat.simulator.app import create_app
from bot.channels.wechat.simulator.quota import Occasion
from bot.channels.wechat.simulator.simulator import Simulator
from bot.settings import Settings
from tests.fakes.clock import FakeClock


@pytest.fixture
async def simulator(clock: FakeClock) -> AsyncIterator[Simulator]:
    simulator = Simulator(Settings(_env_file=None), clock=clock)
    simulator.user(1).phone.follows = True
    simulator.user(1).phone.quota.open(Occasion.MESSAGE)
    yield simulator
    await simulator.close()


@pytest.fixture
async def http(simulator: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(simulator)
    app.state.simulator = simulator
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://wechat") as client:
        yield client


async def token_of(http: httpx.AsyncClient, simulator: Simulator, **changes: Any) -> Any:
    account = simulator.account
    body = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.secret, **changes}
    return (await http.post("/cgi-bin/stable_token", json=body)).json()


async def call(http: httpx.AsyncClient, simulator: Simulator, path: str, body: Any) -> int:
    """The errcode of a call with a good token."""
    token = (await token_of(http, simulator))["access_token"]
    answer = await http.post(f"/cgi-bin/{path}", params={"access_token": token}, json=body)
    code: int = answer.json()["errcode"]
    return code


def text_to(simulator: Simulator, text: str) -> dict[str, Any]:
    return {"touser": simulator.user(1).phone.openid, "msgtype": "text", "text": {"content": text}}


class TestToken:
    async def test_it_stays_the_same_until_it_expires(
        self, http: httpx.AsyncClient, simulator: Simulator, clock: FakeClock
    ) -> None:
        first = await token_of(http, simulator)
        clock.advance(7199)
        assert await token_of(http, simulator) == {**first, "expires_in": 1}
        clock.advance(1)
        later = await token_of(http, simulator)
        assert later["access_token"] != first["access_token"]
        assert len(later["access_token"]) <= 512

    async def test_a_forced_one_ends_the_one_before(self, http: httpx.AsyncClient, simulator: Simulator) -> None:
        old = (await token_of(http, simulator))["access_token"]
        await token_of(http, simulator, force_refresh=True)
        answer = await http.post("/cgi-bin/menu/create", params={"access_token": old}, json={})
        assert (answer.status_code, answer.json()["errcode"]) == (200, 40001)

    @pytest.mark.parametrize(("changes", "code"), [({"appid": "wx"}, 40013), ({"secret": "guessed"}, 40125)])
    async def test_only_for_the_owner(
        self, http: httpx.AsyncClient, simulator: Simulator, changes: dict[str, str], code: int
    ) -> None:
        assert (await token_of(http, simulator, **changes))["errcode"] == code


class TestSending:
    async def test_what_is_sent_is_shown_until_the_quota_is_used_up(
        self, http: httpx.AsyncClient, simulator: Simulator
    ) -> None:
        codes = [await call(http, simulator, "message/custom/send", text_to(simulator, f"{n}")) for n in range(6)]
        assert codes == [0] * 5 + [45047]
        assert simulator.user(1).phone.texts() == ["0", "1", "2", "3", "4"]

    async def test_after_48_hours_the_window_is_closed(
        self, http: httpx.AsyncClient, simulator: Simulator, clock: FakeClock
    ) -> None:
        clock.advance(days=2)
        assert await call(http, simulator, "message/custom/send", text_to(simulator, "在吗")) == 45015

    async def test_an_unverified_account_sends_no_msgmenu(self, http: httpx.AsyncClient, simulator: Simulator) -> None:
        menu = {"head_content": "哪一张？", "list": [{"id": "1", "content": "储蓄卡"}], "tail_content": ""}
        body = {"touser": simulator.user(1).phone.openid, "msgtype": "msgmenu", "msgmenu": menu}
        simulator.account.verified = False
        assert await call(http, simulator, "message/custom/send", body) == 40200
        simulator.account.verified = True
        assert await call(http, simulator, "message/custom/send", body) == 0
        assert simulator.user(1).phone.texts() == ["哪一张？\n储蓄卡"]

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({"touser": "nobody", "msgtype": "text", "text": {"content": "x"}}, 40003),
            ({"msgtype": "text", "text": {"content": "长" * 683}}, 45002),
            ({"msgtype": "text", "text": {"content": ""}}, 44004),
            ({"msgtype": "news", "news": {"articles": [{"title": "一"}, {"title": "二"}]}}, 45008),
            ({"msgtype": "news", "news": {"articles": [{}]}}, 47001),
            ({"msgtype": "text", "text": "no object"}, 47001),
            ({"msgtype": "dance", "dance": {}}, 40008),
        ],
    )
    async def test_what_wechat_refuses(
        self, http: httpx.AsyncClient, simulator: Simulator, body: dict[str, Any], code: int
    ) -> None:
        body = {"touser": simulator.user(1).phone.openid, **body}
        assert await call(http, simulator, "message/custom/send", body) == code
        assert simulator.user(1).phone.quota.left == 5

    async def test_typing_is_shown_until_something_is_said(self, http: httpx.AsyncClient, simulator: Simulator) -> None:
        phone = simulator.user(1).phone
        typing = {"touser": phone.openid, "command": "Typing"}
        assert await call(http, simulator, "message/custom/typing", typing) == 0
        assert phone.is_typing
        await call(http, simulator, "message/custom/send", text_to(simulator, "您好"))
        assert not phone.is_typing


async def test_a_file_that_is_uploaded_can_be_fetched(http: httpx.AsyncClient, simulator: Simulator) -> None:
    query = {"access_token": (await token_of(http, simulator))["access_token"]}
    files = {"media": ("p.png", b"\x89PNG", "image/png")}
    kept = (await http.post("/cgi-bin/media/upload", params={**query, "type": "image"}, files=files)).json()
    fetched = await http.get("/cgi-bin/media/get", params={**query, "media_id": kept["media_id"]})
    assert (fetched.content, fetched.headers["content-type"]) == (b"\x89PNG", "image/png")
    missing = await http.get("/cgi-bin/media/get", params={**query, "media_id": "none"})
    assert missing.json()["errcode"] == 40007


class TestAuthorizing:
    async def code_for(self, http: httpx.AsyncClient, simulator: Simulator, **changes: str) -> httpx.Response:
        account = simulator.account
        query = {
            "appid": account.app_id,
            "redirect_uri": f"{account.bank_url}/wechat/bind/callback",
            "response_type": "code",
            "scope": "snsapi_base",
            "state": "s",
            **changes,
        }
        return await http.get("/connect/oauth2/authorize", params=query)

    async def test_a_code_names_the_phone_once(
        self, http: httpx.AsyncClient, simulator: Simulator, clock: FakeClock
    ) -> None:
        await http.get("/browser", params={"url": "http://anywhere.example/", "phone": 2})
        back = urlsplit((await self.code_for(http, simulator)).headers["location"])
        query = parse_qs(back.query)
        assert query["state"] == ["s"]
        account = simulator.account
        exchange = {"appid": account.app_id, "secret": account.secret, "code": query["code"][0]}
        first = (await http.get("/sns/oauth2/access_token", params=exchange)).json()
        assert first["openid"] == simulator.user(2).phone.openid
        assert (await http.get("/sns/oauth2/access_token", params=exchange)).json()["errcode"] == 40163
        late = parse_qs(urlsplit((await self.code_for(http, simulator)).headers["location"]).query)["code"][0]
        clock.advance(300)
        answer = await http.get("/sns/oauth2/access_token", params={**exchange, "code": late})
        assert answer.json()["errcode"] == 40029

    async def test_only_inside_wechat(self, http: httpx.AsyncClient, simulator: Simulator) -> None:
        assert "请在微信客户端打开链接" in (await self.code_for(http, simulator)).text

    @pytest.mark.parametrize(
        "changes", [{"appid": "wx"}, {"scope": "snsapi_all"}, {"redirect_uri": "https://evil.example/"}]
    )
    async def test_only_for_the_account_and_its_site(
        self, http: httpx.AsyncClient, simulator: Simulator, changes: dict[str, str]
    ) -> None:
        await http.get("/browser", params={"url": "http://anywhere.example/"})
        assert "location" not in (await self.code_for(http, simulator, **changes)).headers
