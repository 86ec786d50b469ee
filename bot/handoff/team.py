"""The people who serve: skills, how many conversations each takes at once, and who is there now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.conversations.fanout import DESK_TOPIC, Fanout
from bot.handoff.errors import NoRoomError, UnknownMemberError
from bot.handoff.routing import Skill
from bot.handoff.tables import desk_agents, handoffs
from bot.staff.roles import PERMISSIONS, Operation
from bot.staff.tables import agents
from bot.storage.database import Database
from bot.storage.rows import insert_new

GRACE = timedelta(seconds=10)
"""How long after the last heartbeat somebody still counts as there: a page that is loaded again, a short dead spot."""


class Presence(str, Enum):
    """Whether somebody can be given work."""

    ONLINE = "online"
    AWAY = "away"
    """At the desk, but wants no new conversations."""
    OFFLINE = "offline"


@dataclass(frozen=True)
class Member:
    """Somebody who serves customers."""

    agent_id: str
    name: str
    role: str
    skills: tuple[Skill, ...]
    capacity: int
    load: int
    """Conversations in hand."""
    presence: Presence

    @property
    def room(self) -> int:
        """How many more may be given now."""
        return max(0, self.capacity - self.load) if self.presence is Presence.ONLINE else 0


class Team:
    """Keeps who is there; a person without an entry knows everything and has the usual capacity."""

    def __init__(self, db: Database, fanout: Fanout, clock: Clock, *, capacity: int) -> None:
        """`capacity` is for whom nobody has said otherwise."""
        self._db = db
        self._fanout = fanout
        self._clock = clock
        self._capacity = capacity

    async def members(self) -> list[Member]:
        """Everybody who may serve, by login."""
        async with self._db.read() as connection:
            return await self.within(connection)

    async def within(self, connection: AsyncConnection) -> list[Member]:
        """The same in the caller's transaction."""
        load = (
            select(func.count())
            .where(handoffs.c.agent_id == agents.c.agent_id, handoffs.c.ended_at.is_(None))
            .scalar_subquery()
        )
        query = (
            select(agents.c.agent_id, agents.c.name, agents.c.role, desk_agents, load.label("load"))
            .select_from(agents.outerjoin(desk_agents, desk_agents.c.agent_id == agents.c.agent_id))
            .where(agents.c.role.in_(PERMISSIONS[Operation.CONVERSATIONS_SERVE]), agents.c.disabled_at.is_(None))
            .order_by(agents.c.login)
        )
        now = self._clock()
        return [self._member(row, now) for row in await connection.execute(query)]

    async def member(self, agent_id: str) -> Member:
        """Raises UnknownMemberError for whoever does not serve customers."""
        for member in await self.members():
            if member.agent_id == agent_id:
                return member
        raise UnknownMemberError(agent_id)

    async def beat(self, agent_id: str) -> None:
        """A page of this person's desk is open just now. Who comes, comes online."""
        now = self._clock()
        async with self._db.write() as connection:
            seen = await self._locked(connection, agent_id)
            came = seen is None or seen <= now - GRACE
            values = {"seen_at": now, **({"away": False} if came else {})}
            await self._update(connection, agent_id, values)
        if came:
            await self._tell()

    async def set_away(self, agent_id: str, *, away: bool) -> None:
        """Take no new conversations, or take them again."""
        async with self._db.write() as connection:
            await self._locked(connection, agent_id)
            await self._update(connection, agent_id, {"away": away})
        await self._tell()

    async def set_profile(self, agent_id: str, skills: list[Skill], capacity: int) -> None:
        """What a supervisor says of somebody. Raises UnknownMemberError."""
        await self.member(agent_id)
        async with self._db.write() as connection:
            await self._locked(connection, agent_id)
            values = {"skills": [skill.value for skill in skills], "capacity": capacity}
            await self._update(connection, agent_id, values)
        await self._tell()

    async def require_room(self, connection: AsyncConnection, agent_id: str) -> None:
        """Raises NoRoomError where the hands are full. Until the transaction ends nobody else can fill them."""
        await self._locked(connection, agent_id)
        query = select(desk_agents.c.capacity, agents.c.disabled_at).join(agents).where(agents.c.agent_id == agent_id)
        row = (await connection.execute(query)).one()
        if row.disabled_at is not None:
            return  # no person signs in with it: it stands for a desk elsewhere, which counts its own hands
        mine = select(func.count()).where(handoffs.c.agent_id == agent_id, handoffs.c.ended_at.is_(None))
        if (await connection.scalar(mine) or 0) >= (row.capacity or self._capacity):
            raise NoRoomError(agent_id)

    async def vanished(self, connection: AsyncConnection, agent_id: str | None = None) -> list[str]:
        """Who was at the desk, has conversations in hand, and is not there any more; of one person or of all."""
        query = (
            select(desk_agents.c.agent_id)
            .distinct()
            .join(handoffs, handoffs.c.agent_id == desk_agents.c.agent_id)
            .where(handoffs.c.ended_at.is_(None), desk_agents.c.seen_at <= self._clock() - GRACE)
        )
        if agent_id is not None:
            query = query.where(desk_agents.c.agent_id == agent_id)
        return list(await connection.scalars(query))

    async def _locked(self, connection: AsyncConnection, agent_id: str) -> datetime | None:
        """Make sure of the row and hold it; when the person was last seen."""
        await insert_new(connection, desk_agents, agent_id=agent_id, away=False)
        seen = select(desk_agents.c.seen_at).where(desk_agents.c.agent_id == agent_id).with_for_update()
        return await connection.scalar(seen)

    async def _update(self, connection: AsyncConnection, agent_id: str, values: dict[str, Any]) -> None:
        await connection.execute(update(desk_agents).where(desk_agents.c.agent_id == agent_id).values(values))

    async def _tell(self) -> None:
        await self._fanout.publish(DESK_TOPIC, {"type": "queue"})

    def _member(self, row: Row[Any], now: datetime) -> Member:
        there = row.seen_at is not None and row.seen_at > now - GRACE
        return Member(
            agent_id=row[0],
            name=row.name,
            role=row.role,
            skills=tuple(Skill(skill) for skill in row.skills) if row.skills is not None else tuple(Skill),
            capacity=row.capacity or self._capacity,
            load=row.load,
            presence=(Presence.AWAY if row.away else Presence.ONLINE) if there else Presence.OFFLINE,
        )
