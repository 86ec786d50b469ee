"""How far each conversation has got to the desk outside, and who is bringing it there just now."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.conversations.tables import conversations
from bot.handoff.outside.agent import OUTSIDE
from bot.handoff.outside.tables import outside_conversations as table
from bot.handoff.tables import handoffs
from bot.storage.database import Database
from bot.storage.rows import insert_new

_HELD = timedelta(seconds=90)
"""Longer than any one step takes with all its requests: a sender that has not reported back by then is dead."""


@dataclass(frozen=True)
class Mirror:
    """One conversation's row, held by whoever has taken it."""

    conversation_id: str
    outside_id: str | None
    handoff_id: int
    card_to: int | None
    sent_seq: int
    in_doubt: bool
    failures: int
    holder: str


class Mirrors:
    """The rows. The log and a row's `sent_seq` are the outbox: what lies beyond it is due."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def due(self) -> list[str]:
        """Conversations about which the desk is to be told something now."""
        async with self._db.read() as connection:
            return list(await connection.scalars(_due(self._clock())))

    async def conversation_of(self, outside_id: str) -> tuple[str, int | None] | None:
        """Which conversation it is out there, and the handoff that its colleagues know of; None: none of ours."""
        handoff_id = table.c.handoff_id
        query = select(table.c.conversation_id, handoff_id, table.c.card_to).where(table.c.outside_id == outside_id)
        async with self._db.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return row and (row.conversation_id, row.handoff_id if row.card_to is None else None)

    async def served(self) -> list[tuple[str, int]]:
        """The ids out there of all conversations that wait or are served there, and their handoffs'."""
        query = (
            select(table.c.outside_id, table.c.handoff_id)
            .join(handoffs, handoffs.c.handoff_id == table.c.handoff_id)
            .where(table.c.outside_id.is_not(None), table.c.card_to.is_(None), handoffs.c.ended_at.is_(None))
            .where(or_(handoffs.c.agent_id.is_(None), handoffs.c.agent_id == OUTSIDE.agent_id))
        )
        async with self._db.read() as connection:
            return [(row.outside_id, row.handoff_id) for row in await connection.execute(query)]

    async def take(self, conversation_id: str) -> Mirror | None:
        """Hold the row of a conversation about which something is due; None when nothing is, or somebody else has it.

        The first time in a handoff it is settled up to which message the handoff card carries the transcript: a card
        that is sent again is the same card.
        """
        now, holder = self._clock(), secrets.token_hex(8)
        async with self._db.write() as connection:
            if await connection.scalar(_due(now, conversation_id)) is None:
                return None
            await insert_new(connection, table, conversation_id=conversation_id)
            mine = select(table).where(table.c.conversation_id == conversation_id).with_for_update()
            row = (await connection.execute(mine)).one()
            if row.held_until is not None and row.held_until > now:  # somebody else was faster since `_due` looked
                return None
            begun = {} if row.handoff_id is not None else await _begin(connection, conversation_id)
            if begun is None:
                return None
            mirror = replace(_mirror(row, holder), **begun)
            await self._write(connection, conversation_id, held_by=holder, held_until=now + _HELD, **begun)
            return mirror

    async def advance(self, mirror: Mirror, *, keep_doubt: bool = False, **done: Any) -> Mirror | None:
        """The desk has taken something; `done` are the columns that change. None: another holder has begun anew.

        `keep_doubt` where it says nothing about whether the next line is there already.
        """
        if not keep_doubt:
            done |= {"in_doubt": False, "failures": 0}
        kept = await self._held(mirror, held_until=self._clock() + _HELD, retry_at=None, **done)
        return replace(mirror, **done) if kept else None

    async def release(self, mirror: Mirror) -> None:
        """Let others have the row at once."""
        await self._held(mirror, held_by=None, held_until=None)

    async def put_off(self, mirror: Mirror, seconds: float) -> None:
        """Try again later, when the desk is asked first whether it has taken what was asked of it."""
        later = {"failures": mirror.failures + 1, "retry_at": self._clock() + timedelta(seconds=seconds)}
        await self._held(mirror, held_by=None, held_until=None, in_doubt=True, **later)

    async def _held(self, mirror: Mirror, **values: Any) -> bool:
        mine = (table.c.conversation_id == mirror.conversation_id) & (table.c.held_by == mirror.holder)
        async with self._db.write() as connection:
            return (await connection.execute(update(table).where(mine).values(**values))).rowcount == 1

    async def _write(self, connection: AsyncConnection, conversation_id: str, **values: Any) -> None:
        mine = table.c.conversation_id == conversation_id
        await connection.execute(update(table).where(mine).values(**values))


async def _begin(connection: AsyncConnection, conversation_id: str) -> dict[str, Any] | None:
    """The columns with which a handoff begins out there; None when the customer waits for nobody."""
    query = (
        select(handoffs.c.handoff_id, conversations.c.last_seq)
        .select_from(handoffs)
        .join(conversations)
        .where(handoffs.c.conversation_id == conversation_id, handoffs.c.ended_at.is_(None))
    )
    row = (await connection.execute(query)).one_or_none()
    return row and {"handoff_id": row.handoff_id, "card_to": row.last_seq}


def _due(now: datetime, conversation_id: str | None = None) -> Select[Any]:
    """Handoffs that wait and that the desk has not heard of, and those of which it has not heard all."""
    free = or_(table.c.retry_at.is_(None), table.c.retry_at <= now) & (
        or_(table.c.held_until.is_(None), table.c.held_until <= now)
    )
    unheard = (
        select(handoffs.c.conversation_id)
        .outerjoin(table, table.c.conversation_id == handoffs.c.conversation_id)
        .where(handoffs.c.claimed_at.is_(None), handoffs.c.ended_at.is_(None), table.c.handoff_id.is_(None), free)
    )
    more: ColumnElement[bool] = or_(
        table.c.card_to.is_not(None), conversations.c.last_seq > table.c.sent_seq, handoffs.c.ended_at.is_not(None)
    )
    behind = (
        select(table.c.conversation_id)
        .join(conversations, conversations.c.conversation_id == table.c.conversation_id)
        .join(handoffs, handoffs.c.handoff_id == table.c.handoff_id)
        .where(free, more)
    )
    both = union(unheard, behind).subquery()
    query = select(both.c.conversation_id)
    return query if conversation_id is None else query.where(both.c.conversation_id == conversation_id)


def _mirror(row: Any, holder: str) -> Mirror:
    return Mirror(
        conversation_id=row.conversation_id,
        outside_id=row.outside_id,
        handoff_id=row.handoff_id,
        card_to=row.card_to,
        sent_seq=row.sent_seq,
        in_doubt=row.in_doubt or row.held_by is not None,  # whoever held it before has died
        failures=row.failures,
        holder=holder,
    )
