import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from bot.application import Gateway
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


@asynccontextmanager
async def listening(app: FastAPI) -> AsyncIterator[str]:
    """Really listen: `127.0.0.1:port`, served by the settings of uvicorn that matter here."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, server_header=False))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await running
