"""The line of those who wait for a person: who is before whom, how long it may take, and telling when that changes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import metrics
from bot.clock import Clock
from bot.conversations.change import Change
from bot.conversations.fanout import DESK_TOPIC, Fanout, conversation_topic
from bot.conversations.rasa import HandoffWish
from bot.handoff.records import of_customer, open_of, waiting
from bot.handoff.routing import Route, Skill
from bot.handoff.tables import handoffs
from bot.handoff.team import Member, Presence, Team
from bot.storage.database import Database

_LAST_AGENT_WITHIN = timedelta(hours=24)
_RESERVED = timedelta(seconds=60)
_LEARNS_FROM, _LEARNS_WITHIN = 20, timedelta(hours=24)
_FEWEST = 5
"""Services to learn from; fewer say too little."""

IN_ORDER = (handoffs.c.urgency, handoffs.c.handoff_id)
"""The urgent first, then who has waited longer; who is put back keeps the old place."""


@dataclass(frozen=True)
class Place:
    """Where somebody stands in the line."""

    position: int
    """How many are served before this one, itself included: 1 is next."""
    wait_s: int | None
    """About how long it takes; None where nothing honest can be said: nobody there, or too little to learn from."""
    attended: bool
    """Whether anybody is online to come."""


class Line:
    """Puts conversations into the line and reads it."""

    def __init__(self, db: Database, fanout: Fanout, team: Team, clock: Clock) -> None:
        self._db = db
        self._fanout = fanout
        self._team = team
        self._clock = clock

    async def join(self, change: Change, wish: HandoffWish, route: Route) -> Place:
        """Stand in line behind everybody who is as urgent. Who served this customer last has the first look."""
        before = select(func.count()).where(waiting(), handoffs.c.urgency <= route.urgency)
        place = (await change.connection.scalar(before) or 0) + 1
        members = await self._team.within(change.connection)
        last = await self._last_agent(change, route, members)
        await change.connection.execute(
            insert(handoffs).values(
                conversation_id=change.conversation.conversation_id,
                reason=route.reason,
                note=wish.note,
                intents=list(wish.intents),
                collected=wish.collected,
                queued_at=change.now,
                skill=route.skill.value,
                urgency=route.urgency.value,
                reserved_for=last,
                reserved_until=change.now + _RESERVED if last else None,
            )
        )
        return await self._place(change.connection, place, members)

    async def _last_agent(self, change: Change, route: Route, members: Sequence[Member]) -> str | None:
        """Who served this customer within a day, in this conversation or another, and has room now."""
        theirs = of_customer(change.conversation.conversation_id, route.customer_id)
        query = (
            select(handoffs.c.agent_id)
            .where(theirs, handoffs.c.agent_id.is_not(None), handoffs.c.ended_at > change.now - _LAST_AGENT_WITHIN)
            .order_by(handoffs.c.ended_at.desc())
            .limit(1)
        )
        last = await change.connection.scalar(query)
        return last if any(member.agent_id == last and member.room for member in members) else None

    async def place(self, conversation_id: str) -> Place | None:
        """None where the conversation does not wait."""
        async with self._db.read() as connection:
            query = select(handoffs.c.urgency, handoffs.c.handoff_id).where(waiting(), open_of(conversation_id))
            mine = (await connection.execute(query)).first()
            if mine is None:
                return None
            as_urgent = (handoffs.c.urgency == mine.urgency) & (handoffs.c.handoff_id < mine.handoff_id)
            before = select(func.count()).where(waiting(), or_(handoffs.c.urgency < mine.urgency, as_urgent))
            position = (await connection.scalar(before) or 0) + 1
            return await self._place(connection, position, await self._team.within(connection))

    async def _place(self, connection: AsyncConnection, position: int, members: Sequence[Member]) -> Place:
        there = [member for member in members if member.presence is Presence.ONLINE]
        return Place(position, await self._wait(connection, position, there), attended=bool(there))

    async def _wait(self, connection: AsyncConnection, position: int, there: Sequence[Member]) -> int | None:
        """Those there have `hands`, which come free one after another in the usual time of a service."""
        hands, free = sum(member.capacity for member in there), sum(member.room for member in there)
        lasted = await self._lasted(connection)
        if not hands or len(lasted) < _FEWEST:
            return None
        return math.ceil(max(0, position - free) * sum(lasted) / len(lasted) / hands)

    async def _lasted(self, connection: AsyncConnection) -> list[float]:
        """How many seconds the last services took."""
        of = handoffs.c
        query = (
            select(of.claimed_at, of.ended_at)
            .where(of.claimed_at.is_not(None), of.ended_at > self._clock() - _LEARNS_WITHIN)
            .order_by(of.ended_at.desc())
            .limit(_LEARNS_FROM)
        )
        return [(row.ended_at - row.claimed_at).total_seconds() for row in await connection.execute(query)]

    async def best_for(self, member: Member) -> list[str]:
        """The conversations to offer to this person, best first: the own customers, the own skills, then the line."""
        skills = [skill.value for skill in member.skills if skill is not Skill.GENERAL]
        fits = case((handoffs.c.skill.in_([*skills, Skill.GENERAL.value]), 0), else_=1)
        own = case((handoffs.c.reserved_for == member.agent_id, 0), else_=1)
        query = _for(member.agent_id, self._clock()).order_by(own, fits, *IN_ORDER)
        async with self._db.read() as connection:
            return list(await connection.scalars(query))

    async def announce(self) -> None:
        """Places have moved: tell the desk and everybody who waits."""
        async with self._db.read() as connection:
            ids = list(await connection.scalars(select(handoffs.c.conversation_id).where(waiting())))
        metrics.QUEUED.set(len(ids))
        await self._fanout.publish(DESK_TOPIC, {"type": "queue"})
        for conversation_id in ids:
            signal = {"type": "queue", "conversation_id": conversation_id}
            await self._fanout.publish(conversation_topic(conversation_id), signal)


def _for(agent_id: str, now: datetime) -> Select[Any]:
    """Those who wait and are not reserved for somebody else just now."""
    of = handoffs.c
    free = or_(of.reserved_until.is_(None), of.reserved_until <= now, of.reserved_for == agent_id)
    return select(of.conversation_id).where(waiting(), free)
