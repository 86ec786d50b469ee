"""What happens because time passes: agents vanish, offers run out, customers fall silent, clocks go on."""

import asyncio
import math

import structlog
from sqlalchemy import select

from bot.conversations.errors import ConversationError
from bot.handoff.idleness import Idleness
from bot.handoff.service import HandoffService
from bot.handoff.tables import handoffs
from bot.handoff.team import Team
from bot.handoff.transfers import Transfers
from bot.storage.database import Database
from bot.storage.leases import Lease

_LOOK_S = 2.0
_STALLED_S = 8.0
"""Longer between two looks, and heartbeats may have been missed for our own fault."""
_SETTLE_S = 30.0
"""What desks need to come back after that."""
_log = structlog.get_logger(__name__)


class Watch:
    """Looks every two seconds, in one process at a time."""

    def __init__(
        self,
        db: Database,
        handoff: HandoffService,
        transfers: Transfers,
        idleness: Idleness,
        team: Team,
        lease: Lease,
    ) -> None:
        """The lease must last longer than a look takes."""
        self._db = db
        self._handoff = handoff
        self._transfers = transfers
        self._idleness = idleness
        self._team = team
        self._lease = lease

    async def run(self) -> None:
        """Look until cancelled; what goes wrong is logged, and the next look may do better."""
        time = asyncio.get_running_loop().time
        last, judges_from = -math.inf, math.inf
        while True:
            if time() - last > _STALLED_S:  # we have just started, or stood still: no desk could reach us meanwhile
                judges_from = time() + _SETTLE_S
            last = time()
            try:
                if last >= judges_from and await self._lease.take():
                    await self.look()
            except Exception:
                _log.exception("handoff_watch_failed")
            await asyncio.sleep(_LOOK_S)

    async def look(self) -> None:
        """Do what is due by now."""
        await self._requeue_of_the_vanished()
        await self._transfers.expire()
        await self._idleness.look()

    async def _requeue_of_the_vanished(self) -> None:
        async with self._db.read() as connection:
            gone = await self._team.vanished(connection)
            if not gone:
                return
            query = select(handoffs.c.conversation_id, handoffs.c.agent_id)
            lost = (
                await connection.execute(query.where(handoffs.c.agent_id.in_(gone), handoffs.c.ended_at.is_(None)))
            ).all()
        for row in lost:
            _log.warning("agent_vanished", agent_id=row.agent_id, conversation_id=row.conversation_id)
            try:
                await self._handoff.requeue(row.conversation_id, row.agent_id)
            except ConversationError:
                _log.exception("requeue_failed", conversation_id=row.conversation_id)
