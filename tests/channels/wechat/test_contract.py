"""WeChat keeps the contract of all channels, against a WeChat that is simulated to the letter."""

from collections.abc import AsyncIterator

import pytest

from bot.application import Gateway
from bot.storage.database import Database
from tests.channels.wechat.simulated import World, simulated
from tests.contracts.channel import ChannelContract
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.sms import FakeSms

_FIRST_MSG_ID = 24_000_000_000_000_000


class WechatCustomer:
    """One phone; each message id of the contract stands for one MsgId of WeChat."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.gateway: Gateway = world.gateway
        self.dialogue = world.dialogue
        self.conversation_id = world.conversation_id
        self.shown = world.shown

    async def say(self, text: str, message_id: str) -> None:
        await self._world.user.text(text, msg_id=_FIRST_MSG_ID + int(message_id))


class TestWechatChannel(ChannelContract):
    @pytest.fixture(params=[True, False], ids=["verified", "unverified"])
    async def channel(
        self, request: pytest.FixtureRequest, db: Database, clock: FakeClock, sms: FakeSms, dialogue: FakeDialogue
    ) -> AsyncIterator[WechatCustomer]:
        async with simulated(db, clock, sms, dialogue, wechat_verified=request.param) as world:
            yield WechatCustomer(world)
