"""Brings conversations that wait for people to the desk outside: every line once, in order, however long it is away.

The log is the truth, and a mirror says how far it has got out there (mirrors.py). A line counts as delivered when the
desk has confirmed it; one whose confirmation got lost is looked for out there before it is sent again.
"""

from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy import Row, select

from bot import metrics
from bot.conversations.log import ConversationLog
from bot.conversations.messages import Message
from bot.handoff.outside.agent import OUTSIDE
from bot.handoff.outside.errors import (
    OutsideConversationGoneError,
    OutsideDeskError,
    OutsideDeskUnavailableError,
)
from bot.handoff.outside.mirrors import Mirror, Mirrors
from bot.handoff.outside.port import Line, OutsideDesk, Visitor
from bot.handoff.outside.wording import Wording
from bot.handoff.overview import Overview
from bot.handoff.tables import handoffs
from bot.identity.service import IdentityService
from bot.privacy.audit import SYSTEM, Audit
from bot.storage.database import Database

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 2.0, 300.0
_log = structlog.get_logger(__name__)


class OutsideDelivery:
    """Any number of workers may have one each, on the same database."""

    def __init__(
        self,
        db: Database,
        log: ConversationLog,
        overview: Overview,
        identity: IdentityService,
        audit: Audit,
        *,
        desk: OutsideDesk,
        mirrors: Mirrors,
        wording: Wording,
    ) -> None:
        self._db = db
        self._log = log
        self._overview = overview
        self._identity = identity
        self._audit = audit
        self._desk = desk
        self._mirrors = mirrors
        self._wording = wording

    async def deliver(self, conversation_id: str) -> None:
        """Tell the desk all that is due of a conversation; what it does not take stays due.

        Never raises because of the desk; does nothing while another worker is at it.
        """
        while (mirror := await self._mirrors.take(conversation_id)) is not None:
            steps = _Steps(mirror, self._mirrors)
            try:
                await self._bring_up_to_date(steps)
            except _OvertakenError:
                _log.error("outside_desk_overtaken", conversation_id=conversation_id)
                return
            except OutsideDeskError as error:
                if isinstance(error, OutsideConversationGoneError):
                    await self._begin_anew(steps)
                await self._put_off(steps.mirror, error)
                return
            except Exception:  # nobody foresaw it: the next try is later than after an outage
                await self._mirrors.put_off(steps.mirror, _LONGEST_PAUSE_S)
                raise
            await self._mirrors.release(steps.mirror)

    async def _begin_anew(self, steps: "_Steps") -> None:
        """Colleagues need all of it again; what was said meanwhile goes into the new card."""
        newest = (await self._log.get(steps.mirror.conversation_id)).last_seq
        await steps.advance(keep_doubt=True, outside_id=None, sent_seq=0, card_to=newest)

    async def _bring_up_to_date(self, steps: "_Steps") -> None:
        handoff = await self._handoff(steps.mirror.handoff_id)
        messages = await self._log.messages(steps.mirror.conversation_id, after=steps.mirror.sent_seq)
        if handoff.ended_at is not None:
            if steps.mirror.card_to is not None:
                await self._withdraw(steps)
                return
            # What came later is said to the bot.
            messages = [m for m in messages if m.created_at is None or m.created_at <= handoff.ended_at]
        if (card_to := steps.mirror.card_to) is not None:
            await self._open(steps, handoff, [m for m in messages if m.seq <= card_to])
            messages = [m for m in messages if m.seq > card_to]
        for message in messages:
            await self._add(steps, self._wording.line(message))
            await steps.advance(sent_seq=message.seq)
        if handoff.ended_at is not None:
            await self._end(steps, handoff)

    async def _open(self, steps: "_Steps", handoff: Row[Any], transcript: Sequence[Message]) -> None:
        conversation_id = steps.mirror.conversation_id
        customer = await self._overview.customer(conversation_id, OUTSIDE)
        name = self._wording.visitor(conversation_id, customer)
        outside_id = await self._desk.open(Visitor(conversation_id, name))
        await steps.advance(keep_doubt=True, outside_id=outside_id)
        reason, note = handoff.reason, handoff.note
        card = self._wording.card(
            handoff.handoff_id, reason=reason, note=note, customer=customer, transcript=transcript
        )
        await self._add(steps, card)
        await self._trace(conversation_id, {"handoff_id": handoff.handoff_id, "messages": len(transcript)})
        await steps.advance(sent_seq=steps.mirror.card_to, card_to=None)

    async def _withdraw(self, steps: "_Steps") -> None:
        """It is over before colleagues could read why; they need not, but a conversation may stand there open."""
        if steps.mirror.in_doubt:
            outside_id = await self._desk.find(steps.mirror.conversation_id)
            if outside_id is not None:
                await self._desk.end(outside_id)
        await steps.advance(handoff_id=None, card_to=None)

    async def _end(self, steps: "_Steps", handoff: Row[Any]) -> None:
        await self._add(steps, self._wording.ending(handoff.handoff_id, handoff.outcome))
        assert steps.mirror.outside_id is not None
        await self._desk.end(steps.mirror.outside_id)
        await steps.advance(handoff_id=None)

    async def _add(self, steps: "_Steps", line: Line | None) -> None:
        if line is None:
            return
        assert steps.mirror.outside_id is not None
        await self._desk.add(steps.mirror.outside_id, line, in_doubt=steps.mirror.in_doubt)
        metrics.OUTSIDE_LINES.labels(outcome="sent").inc()

    async def _put_off(self, mirror: Mirror, error: OutsideDeskError) -> None:
        """A refusal is for people to look into; until they have, the conversation waits like in an outage."""
        away = isinstance(error, OutsideDeskUnavailableError)
        pause = min(_FIRST_PAUSE_S * 2.0 ** min(mirror.failures, 30), _LONGEST_PAUSE_S)
        if isinstance(error, OutsideDeskUnavailableError):
            pause = max(pause, error.retry_after_s or 0)
        tell = _log.warning if away else _log.error
        tell("outside_desk_failed", conversation_id=mirror.conversation_id, cause=str(error), again_in_s=pause)
        metrics.OUTSIDE_LINES.labels(outcome=error.code).inc()
        await self._mirrors.put_off(mirror, pause)

    async def _trace(self, conversation_id: str, detail: dict[str, Any]) -> None:
        who = await self._identity.principal(conversation_id)
        await self._audit.record(
            SYSTEM, "conversation.mirror", who.customer_id, conversation_id, detail, reason="the outside desk serves it"
        )

    async def _handoff(self, handoff_id: int) -> Row[Any]:
        async with self._db.read() as connection:
            return (await connection.execute(select(handoffs).where(handoffs.c.handoff_id == handoff_id))).one()


class _OvertakenError(Exception):
    """It took so long that another worker has begun anew."""


class _Steps:
    """The mirror as it is after each step that the desk has confirmed."""

    def __init__(self, mirror: Mirror, mirrors: Mirrors) -> None:
        self.mirror = mirror
        self._mirrors = mirrors

    async def advance(self, *, keep_doubt: bool = False, **done: Any) -> None:
        """Keep what was done. Raises _OvertakenError."""
        after = await self._mirrors.advance(self.mirror, keep_doubt=keep_doubt, **done)
        if after is None:
            raise _OvertakenError
        self.mirror = after
