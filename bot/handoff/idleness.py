"""Customers who no longer answer: warned first, then the service ends without a survey."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from bot.clock import Clock
from bot.conversations.log import ConversationLog
from bot.conversations.messages import State
from bot.conversations.states import Event
from bot.handoff import records
from bot.handoff.line import Line
from bot.handoff.notice import CrmNotice
from bot.handoff.sayings import Sayings
from bot.handoff.tables import handoffs
from bot.storage.database import Database

_of = handoffs.c


class Idleness:
    """Only where the agent has spoken last: a customer who waits for an answer is not idle."""

    def __init__(
        self,
        db: Database,
        log: ConversationLog,
        line: Line,
        sayings: Sayings,
        notice: CrmNotice,
        clock: Clock,
        *,
        warning_s: int,
        close_s: int,
    ) -> None:
        """Seconds of silence until the warning, and from the warning until the end."""
        self._db = db
        self._log = log
        self._line = line
        self._sayings = sayings
        self._notice = notice
        self._clock = clock
        self._warning = timedelta(seconds=warning_s)
        self._close = timedelta(seconds=close_s)

    async def look(self) -> None:
        """Warn and close what is due."""
        query = select(_of.conversation_id).where(_of.agent_id.is_not(None), _of.ended_at.is_(None), self._due())
        async with self._db.read() as connection:
            silent = list(await connection.scalars(query))
        for conversation_id in silent:
            await self._act(conversation_id)

    async def _act(self, conversation_id: str) -> None:
        """Whatever is due by the row as it is once it is locked."""
        async with self._log.change(conversation_id) as change:
            if change.conversation.state is not State.AGENT:
                return
            still = select(_of.idle_warned_at).where(records.open_of(conversation_id), self._due())
            row = (await change.connection.execute(still)).first()
            if row is None:
                return
            if row.idle_warned_at is None:
                await records.note(change, idle_warned_at=change.now)
                await change.append(self._sayings.idle(self._close))
                return
            change.move(Event.IDLE)
            ended = await records.end(change, Event.IDLE)
            await change.append(self._sayings.closed_idle())
            await self._notice.served(change, ended)
            change.after_commit(self._line.announce)

    def _due(self) -> ColumnElement[bool]:
        now = self._clock()
        to_warn = and_(_of.idle_warned_at.is_(None), _of.active_at <= now - self._warning)
        to_close = _of.idle_warned_at <= now - self._close
        answered: Any = _of.first_reply_at.is_not(None) & _of.awaiting_since.is_(None)
        return and_(answered, or_(to_warn, to_close))
