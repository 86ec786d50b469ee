"""A gateway and a simulated WeChat that really talk to each other, over sockets of this machine."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI
from sqlalchemy import select

from bot.application import Gateway
from bot.bootstrap import build_foundation, build_gateway
from bot.channels.wechat.simulator.app import create_app as create_wechat
from bot.channels.wechat.simulator.push import Patience
from bot.channels.wechat.simulator.simulator import Simulator
from bot.channels.wechat.simulator.user import User
from bot.channels.wechat.tables import wechat_users
from bot.conversations.messages import Author
from bot.gateway import create_app
from bot.settings import Settings
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.sms import FakeSms

DELIVERY_LIMIT_S = 10.0


@dataclass
class World:
    """Both ends, and one person with a phone who follows the account."""

    gateway: Gateway
    dialogue: FakeDialogue
    simulator: Simulator
    user: User

    async def conversation_id(self) -> str:
        """The user's conversation."""
        query = select(wechat_users.c.conversation_id).where(wechat_users.c.openid == self.user.phone.openid)
        async with self.gateway.foundation.db.read() as connection:
            return str(await connection.scalar(query))

    async def shown(self) -> list[str]:
        """What the phone shows of ours, once everything has arrived that the quota lets through."""
        with contextlib.suppress(TimeoutError):  # the test will say what is missing
            async with asyncio.timeout(DELIVERY_LIMIT_S):
                while await self._due() and self.user.phone.quota.left:
                    await asyncio.sleep(0.02)
        return self.user.phone.texts()

    async def _due(self) -> bool:
        query = select(wechat_users.c.conversation_id, wechat_users.c.delivered_seq)
        async with self.gateway.foundation.db.read() as connection:
            user = (await connection.execute(query.where(wechat_users.c.openid == self.user.phone.openid))).first()
        if user is None:
            return False
        left = await self.gateway.log.messages(user.conversation_id, after=user.delivered_seq)
        return any(message.author is not Author.CUSTOMER for message in left)


@asynccontextmanager
async def simulated(
    db: Database,
    clock: FakeClock,
    sms: FakeSms,
    dialogue: FakeDialogue,
    *,
    patience: Patience | None = None,
    **settings: object,
) -> AsyncIterator[World]:
    """Both programs, listening; `settings` beyond the addresses are the gateway's."""
    with _listener() as bank, _listener() as wechat:
        addresses = {"gateway_port": bank.getsockname()[1], "wechat_simulator_port": wechat.getsockname()[1]}
        chosen = Settings(_env_file=None, **addresses, **settings)  # type: ignore[arg-type]
        foundation = build_foundation(chosen, clock=clock, sms=sms, db=db)
        gateway = build_gateway(chosen, foundation=foundation, dialogue=dialogue)
        simulator = Simulator(chosen, clock=clock, patience=patience)
        async with _serving(create_wechat(simulator), wechat), _serving(create_app(chosen, gateway), bank):
            user = simulator.user(1)
            user.phone.follows = True
            yield World(gateway, dialogue, simulator, user)


def _listener() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


@asynccontextmanager
async def _serving(app: FastAPI, listener: socket.socket) -> AsyncIterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        assert not running.done(), running.exception()
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await running
