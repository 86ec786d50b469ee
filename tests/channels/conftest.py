from collections.abc import AsyncIterator

import httpx
import pytest

from bot.bootstrap import Gateway
from bot.gateway import create_app


@pytest.fixture
async def http(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    """The gateway's HTTP side."""
    app = create_app(gateway.settings, gateway)
    app.state.gateway = gateway
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def open_session(http: httpx.AsyncClient, token: str | None = None) -> dict[str, str]:
    """Headers of a new session."""
    answer = await http.post("/api/chat/sessions", json={"token": token} if token else {})
    assert answer.status_code == 200
    return {"Authorization": f"Bearer {answer.json()['session']}"}
