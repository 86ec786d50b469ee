"""Gateway workers that WeChat can reach, several of them on one database if a test wants that."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from bot.application import Gateway
from bot.bootstrap import build_foundation, build_gateway
from bot.channels.wechat.build import Wechat as Channel
from bot.conversations.messages import Author, Message
from bot.gateway import create_app
from bot.settings import Settings
from bot.storage.database import Database
from tests.channels.wechat.pushes import OPENID, Wechat
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.wechat import FakeWechat


@dataclass
class Worker:
    """One gateway process, without what runs beside the requests."""

    gateway: Gateway
    wechat: Wechat
    """Pushes to this worker."""
    api: FakeWechat
    """What was pushed to phones."""

    @property
    def channel(self) -> Channel:
        assert self.gateway.wechat is not None
        return self.gateway.wechat

    async def conversation_id(self) -> str:
        """The conversation of the user who pushes."""
        return (await self.channel.receiver.users.of(OPENID)).conversation_id

    async def log(self) -> list[Message]:
        """Everything said in it."""
        return await self.gateway.log.messages(await self.conversation_id())

    async def transcript(self) -> list[tuple[Author, str]]:
        """Who said what."""
        return [(message.author, message.text) for message in await self.log()]


@asynccontextmanager
async def worker(
    db: Database, clock: FakeClock, dialogue: FakeDialogue, api: FakeWechat, **settings: object
) -> AsyncIterator[Worker]:
    """A worker of its own: it shares nothing with others but the database and the world outside."""
    chosen = Settings(_env_file=None, **settings)  # type: ignore[arg-type]
    foundation = build_foundation(chosen, clock=clock, db=db)
    gateway = build_gateway(chosen, foundation=foundation, dialogue=dialogue, wechat_api=api)
    app = create_app(chosen, gateway)
    app.state.gateway = gateway
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        yield Worker(gateway, Wechat(http, clock), api)
    await foundation.http.aclose()
