"""A gateway whose agents work at a desk outside that is played in memory."""

from dataclasses import dataclass

import pytest

from bot.application import Gateway
from bot.handoff.outside.build import OutsideHandoff, build_outside
from bot.handoff.outside.chatwoot.webhook import ChatwootWebhook
from bot.handoff.outside.port import Happening, Kind
from tests.fakes.outside_desk import FakeOutsideDesk


@dataclass
class Outside:
    """Our side of it, and theirs."""

    desk: FakeOutsideDesk
    ours: OutsideHandoff

    async def deliver(self) -> None:
        """Tell the desk all that is due."""
        await self.ours.courier.settle()

    async def happened(self, event: Happening) -> None:
        """A colleague does something."""
        await self.ours.events.happened(event)

    def heard(self, conversation_id: str) -> list[tuple[Kind, str]]:
        """What the desk was told of a conversation."""
        return self.desk.said(outside_id(conversation_id))


def outside_id(conversation_id: str) -> str:
    """How the fake names it."""
    return f"out-{conversation_id}"


def join(gateway: Gateway, desk: FakeOutsideDesk) -> OutsideHandoff:
    """A worker of this gateway for the desk."""
    base = gateway.foundation
    return build_outside(
        desk,
        ChatwootWebhook("secret", 7, base.clock),
        db=base.db,
        clock=base.clock,
        fanout=base.fanout,
        log=base.log,
        handoff=gateway.handoff,
        overview=gateway.overview,
        accounts=gateway.staff.accounts,
        identity=base.identity,
        audit=base.audit,
        texts=base.texts,
    )


@pytest.fixture
def outside(gateway: Gateway) -> Outside:
    desk = FakeOutsideDesk()
    return Outside(desk, join(gateway, desk))
