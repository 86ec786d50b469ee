"""The whole application with fakes at its borders, and the people who call it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from bot.application import Gateway
from tests.fuzz.people import APP, NO_LIMIT, Bank, open_bank


@pytest.fixture
def app(gateway: Gateway, demo_bank: None) -> FastAPI:
    """The application, on services whose rate limits never bite."""
    for name in type(gateway.settings).model_fields:
        if "_per_minute" in name:
            setattr(gateway.settings, name, NO_LIMIT)
    APP.state.gateway = gateway
    return APP


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client in whose hands every exception of the application ends."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client


@pytest.fixture
async def bank(app: FastAPI, gateway: Gateway) -> Bank:
    """Conversations, a complaint, and people who are signed in."""
    return await open_bank(gateway)
