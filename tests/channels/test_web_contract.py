"""The web channel keeps the contract of all channels."""

import httpx
import pytest

from bot.application import Gateway
from tests.channels.conftest import open_session
from tests.contracts.channel import ChannelContract
from tests.fakes.dialogue import FakeDialogue


class WebCustomer:
    """One widget: it shows what the log says, and what it was told when a message was refused."""

    def __init__(self, gateway: Gateway, dialogue: FakeDialogue, http: httpx.AsyncClient) -> None:
        self.gateway = gateway
        self.dialogue = dialogue
        self._http = http
        self._headers: dict[str, str] = {}
        self._refusals: list[str] = []

    async def say(self, text: str, message_id: str) -> None:
        body = {"client_message_id": message_id, "text": text}
        answer = await self._http.post("/api/chat/messages", json=body, headers=await self._session())
        if answer.is_error:
            self._refusals.append(answer.json()["message"])

    async def shown(self) -> list[str]:
        said = (await self._http.get("/api/chat/messages", headers=await self._session())).json()["messages"]
        return [message["text"] for message in said if message["author"] != "customer"] + self._refusals

    async def conversation_id(self) -> str:
        return await self.gateway.sessions.resolve((await self._session())["Authorization"].removeprefix("Bearer "))

    async def _session(self) -> dict[str, str]:
        if not self._headers:
            self._headers = await open_session(self._http)
        return self._headers


class TestWebChannel(ChannelContract):
    @pytest.fixture
    async def channel(self, gateway: Gateway, dialogue: FakeDialogue, http: httpx.AsyncClient) -> WebCustomer:
        customer = WebCustomer(gateway, dialogue, http)
        await customer.conversation_id()  # the widget opens its session before it lets anybody write
        return customer
