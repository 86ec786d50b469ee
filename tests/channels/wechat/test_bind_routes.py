"""The binding page's way through WeChat and back, and what its API tells whom."""

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.identity.principal import Level
from bot.storage.database import Database
from tests.channels.wechat.simulated import World, simulated
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.sms import FakeSms

WANG_PHONE, NOBODYS_PHONE = "13900000001", "13911111111"


@pytest.fixture
async def world(
    db: Database, clock: FakeClock, sms: FakeSms, dialogue: FakeDialogue, demo_bank: None
) -> AsyncIterator[World]:
    async with simulated(db, clock, sms, dialogue) as world:
        yield world


@pytest.fixture
async def browser(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """WeChat's browser on the user's phone."""
    bank = str(world.gateway.settings.wechat_public_url)
    async with httpx.AsyncClient(base_url=bank, follow_redirects=True) as browser:
        yield browser


async def open_page(world: World, browser: httpx.AsyncClient) -> httpx.Response:
    """Tap the link to the page; the answer is the page, its history what happened on the way."""
    link = {"url": f"{world.gateway.settings.wechat_public_url}/wechat/bind", "phone": 1}
    return await browser.get(f"{world.gateway.settings.wechat_api_url}/browser", params=link)


async def test_from_the_link_to_the_chat(world: World, browser: httpx.AsyncClient, sms: FakeSms) -> None:
    await world.user.text("你好")
    page = await open_page(world, browser)
    assert page.url.path == "/wechat/bind/page"
    assert not page.url.query
    assert "绑定银行账户" in page.text
    assert (await browser.get("/wechat/bind/state")).json() == {"stage": "phone"}
    sent = await browser.post("/wechat/bind/phone", json={"phone": WANG_PHONE})
    assert sent.json() == {"masked_phone": "139****0001", "minutes": 5}
    code = sms.sent[-1][1].partition("验证码")[2][:6]
    assert (await browser.post("/wechat/bind/code", json={"code": code})).status_code == 204
    assert (await browser.get("/wechat/bind/state")).json()["stage"] == "bound"
    assert "\n".join(await world.shown()).count(world.gateway.texts("utter_wechat_bound")) == 1
    who = await world.gateway.identity.principal(await world.conversation_id())
    assert (who.customer_id, who.level) == ("C1001", Level.BOUND)


async def test_a_callback_fired_twice_is_harmless(world: World, browser: httpx.AsyncClient) -> None:
    page = await open_page(world, browser)
    (callback,) = [step.url for step in page.history if step.url.path == "/wechat/bind/callback"]
    again = await browser.get(callback)
    assert again.url.path == "/wechat/bind/page"
    assert (await browser.get("/wechat/bind/state")).json()["stage"] == "phone"


async def test_somebody_elses_callback_binds_nothing(world: World, browser: httpx.AsyncClient) -> None:
    page = await open_page(world, browser)
    (callback,) = [step.url for step in page.history if step.url.path == "/wechat/bind/callback"]
    async with httpx.AsyncClient(base_url=browser.base_url, follow_redirects=True) as victim:
        assert (await victim.get(callback)).url.path == "/wechat/bind/page"
        refused = await victim.get("/wechat/bind/state")
    assert (refused.status_code, refused.json()["code"]) == (401, "wechat_bind_page_expired")
    assert refused.json()["message"] == world.gateway.texts("utter_wechat_bind_expired")


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x", "?code=x&state=x"])
async def test_a_callback_out_of_nowhere_shows_a_clear_page(browser: httpx.AsyncClient, query: str) -> None:
    answer = await browser.get(f"/wechat/bind/callback{query}")
    assert (answer.status_code, answer.url.path) == (200, "/wechat/bind/page")
    assert (await browser.get("/wechat/bind/state")).status_code == 401


async def test_the_cookie_is_the_pages_own(world: World, browser: httpx.AsyncClient) -> None:
    begun = await browser.get("/wechat/bind", follow_redirects=False)
    attributes = begun.headers["set-cookie"].lower()
    for attribute in ("httponly", "samesite=lax", "path=/wechat/bind", "max-age=1800"):
        assert attribute in attributes
    assert "secure" not in attributes  # over plain http, as in development
    world.gateway.settings.wechat_public_url = "https://wx.bank.example"
    begun = await browser.get("/wechat/bind", follow_redirects=False)
    assert "secure" in begun.headers["set-cookie"].lower()


def told(answer: httpx.Response) -> tuple[int, dict[str, str], str]:
    """What an answer lets one know; its request id is another each time, the masked phone is the caller's own."""
    body = {name: value for name, value in answer.json().items() if name != "request_id"}
    body["masked_phone"] = body.get("masked_phone", "").replace("0001", "1111")
    return answer.status_code, body, answer.headers.get("retry-after", "")


async def test_nobody_learns_who_is_a_customer(world: World, browser: httpx.AsyncClient, clock: FakeClock) -> None:
    await open_page(world, browser)
    seen = []
    for phone in (WANG_PHONE, NOBODYS_PHONE):
        clock.advance(61)
        answers = [await browser.post("/wechat/bind/phone", json={"phone": phone}) for _ in range(2)]
        answers += [await browser.post("/wechat/bind/code", json={"code": "000000"})]
        seen.append([told(answer) for answer in answers])
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("path", "body"),
    [("phone", {"phone": "1390000"}), ("phone", {}), ("code", {"code": "12345"}), ("code", {"code": "abcdef"})],
)
async def test_malformed_input_is_refused(
    world: World, browser: httpx.AsyncClient, path: str, body: dict[str, str]
) -> None:
    await open_page(world, browser)
    assert (await browser.post(f"/wechat/bind/{path}", json=body)).status_code == 422


async def test_guessing_is_slowed_down(world: World, browser: httpx.AsyncClient) -> None:
    await open_page(world, browser)
    answers = [await browser.post("/wechat/bind/code", json={"code": "000000"}) for _ in range(11)]
    assert answers[-1].status_code == 429
    assert answers[-1].json()["message"] == world.gateway.texts("utter_too_many")
