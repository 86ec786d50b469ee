"""How often one may do something, and what is told to who does it too often."""

import httpx
import pytest

from bot.application import Gateway
from bot.channels.api import ApiError
from bot.channels.limits import Limit, RateLimits
from bot.crm.demo import demo_customers
from bot.settings import Settings
from bot.texts import Texts
from tests.channels.conftest import open_session

TEXTS = Texts({"utter_too_many": [{"text": "慢一点"}]})


async def say(http: httpx.AsyncClient, headers: dict[str, str], number: int, text: str = "你好") -> httpx.Response:
    return await http.post(
        "/api/chat/messages", json={"client_message_id": f"m{number}", "text": text}, headers=headers
    )


@pytest.mark.parametrize("limit", Limit)
async def test_each_limit_has_its_setting_and_counts_for_itself(limit: Limit) -> None:
    settings = Settings.model_validate({limit.value: 1})
    limits = RateLimits(settings, TEXTS)
    await limits.check(limit, "somebody")
    await limits.check(limit, "somebody else")
    for other in set(Limit) - {limit}:
        await limits.check(other, "somebody")
    with pytest.raises(ApiError) as refused:
        await limits.check(limit, "somebody")
    assert (refused.value.status_code, refused.value.code, refused.value.message) == (429, "too_many", "慢一点")
    assert refused.value.headers is not None
    assert 1 <= int(refused.value.headers["Retry-After"]) <= 60


async def test_without_redis_each_process_still_counts() -> None:
    settings = Settings(redis_url="redis://127.0.0.1:1/0", messages_per_minute=1)
    limits = RateLimits(settings, TEXTS)
    await limits.check(Limit.MESSAGES_IN_CONVERSATION, "somebody")
    with pytest.raises(ApiError):
        await limits.check(Limit.MESSAGES_IN_CONVERSATION, "somebody")


async def test_the_answer_says_how_long_to_wait(http: httpx.AsyncClient, gateway: Gateway) -> None:
    gateway.settings.messages_per_minute = 1
    headers = await open_session(http)
    assert (await say(http, headers, 1)).status_code == 200
    answer = await say(http, headers, 2)
    assert (answer.status_code, answer.json()["message"]) == (429, gateway.texts("utter_too_many"))
    assert int(answer.headers["retry-after"]) >= 1


async def test_a_customer_with_many_tabs_is_one_customer(http: httpx.AsyncClient, gateway: Gateway) -> None:
    gateway.settings.messages_per_minute_of_customer = 3
    tabs = [await open_session(http, gateway.site_tokens.issue("c1", kid="demo")) for _ in range(4)]
    assert [(await say(http, tab, 1)).status_code for tab in tabs] == [200, 200, 200, 429]
    other = await open_session(http, gateway.site_tokens.issue("c2", kid="demo"))
    assert (await say(http, other, 1)).status_code == 200
    assert (await say(http, await open_session(http), 1)).status_code == 200


async def test_an_address_with_many_sessions_is_one_address(http: httpx.AsyncClient, gateway: Gateway) -> None:
    gateway.settings.messages_per_minute_from_address = 3
    sessions = [await open_session(http) for _ in range(4)]
    assert [(await say(http, session, 1)).status_code for session in sessions] == [200, 200, 200, 429]


async def test_codes_cannot_be_tried_from_session_to_session(
    http: httpx.AsyncClient, gateway: Gateway, demo_bank: None
) -> None:
    gateway.settings.codes_per_minute_from_address = 2
    tried = []
    for customer in [customer.customer_id for customer in demo_customers()[:3]]:
        session = await open_session(http)
        conversation_id = await gateway.sessions.resolve(session["Authorization"].removeprefix("Bearer "))
        await gateway.identity.bind(conversation_id, customer)
        await gateway.identity.start_challenge(conversation_id, resume="/check_balance")
        tried.append((await say(http, session, 1, "123456")).status_code)
    assert tried == [200, 200, 429]
    assert (await say(http, session, 2, "我想查余额")).status_code == 200  # only codes are counted


async def test_many_agents_cannot_be_guessed_from_one_address(http: httpx.AsyncClient, gateway: Gateway) -> None:
    gateway.settings.logins_per_minute_from_address = 3
    headers = {"X-Desk": "1"}
    answers = [
        await http.post("/api/desk/login", json={"login": f"a{i}", "password": "x"}, headers=headers) for i in range(4)
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert "retry-after" in answers[-1].headers
