"""Asks the desk outside what colleagues have done while its webhooks did not reach us: it sends most of them once."""

import asyncio

import structlog

from bot.conversations.errors import ConversationError
from bot.handoff.errors import HandoffError
from bot.handoff.outside.events import OutsideEvents
from bot.handoff.outside.mirrors import Mirrors
from bot.handoff.outside.port import OutsideDesk
from bot.handoff.outside.wording import card_key
from bot.storage.leases import Lease

LEASE_S = 90.0
_EVERY_S = 60.0
_log = structlog.get_logger(__name__)


class CatchingUp:
    """Any number of workers may run one; the lease lets one of them ask at a time."""

    def __init__(self, desk: OutsideDesk, mirrors: Mirrors, events: OutsideEvents, lease: Lease) -> None:
        self._desk = desk
        self._mirrors = mirrors
        self._events = events
        self._lease = lease

    async def run(self) -> None:
        """At the start, and every minute until cancelled."""
        while True:
            try:
                await self.catch_up()
            except Exception as error:  # the database is away, say: there is a next time
                _log.error("outside_desk_catching_up_failed", cause=type(error).__name__)
            await asyncio.sleep(_EVERY_S)

    async def catch_up(self) -> None:
        """Go through all conversations that are served out there; what was heard of before changes nothing."""
        for outside_id, handoff_id in await self._mirrors.served():
            if not await self._lease.take():
                return
            try:
                await self._catch_up(outside_id, handoff_id)
            except (HandoffError, ConversationError) as error:  # a desk that is away, or nobody to hear it any more
                _log.warning("outside_desk_not_caught_up", outside_id=outside_id, cause=error.code)

    async def _catch_up(self, outside_id: str, handoff_id: int) -> None:
        for event in await self._desk.since(outside_id, card_key(handoff_id)):
            await self._events.happened(event)
