from collections.abc import AsyncIterator

import httpx
import pytest

from bot.application import Gateway
from bot.conversations.rasa import HandoffWish
from bot.gateway import create_app
from bot.staff.models import Agent
from tests.staff.people import hire


@pytest.fixture
async def lin(gateway: Gateway) -> Agent:
    return await hire(gateway, "lin")


@pytest.fixture
async def zhou(gateway: Gateway) -> Agent:
    return await hire(gateway, "zhou")


@pytest.fixture
async def desk(gateway: Gateway, lin: Agent) -> AsyncIterator[httpx.AsyncClient]:
    """The desk, with lin signed in."""
    app = create_app(gateway.settings, gateway)
    app.state.gateway = gateway
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test", headers={"X-Desk": "1"})
    async with client:
        answer = await client.post("/api/desk/login", json={"login": "lin", "password": "correct horse"})
        assert answer.status_code == 200
        assert "httponly" in answer.headers["set-cookie"].lower()
        assert "samesite=strict" in answer.headers["set-cookie"].lower()
        yield client


async def queued(gateway: Gateway, reason: str = "asked") -> str:
    """A conversation that waits for a person."""
    conversation_id = (await gateway.log.open("web")).conversation_id
    async with gateway.log.change(conversation_id) as change:
        await gateway.handoff.queue(change, HandoffWish(reason))
    return conversation_id
