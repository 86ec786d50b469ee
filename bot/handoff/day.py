"""The day so far, for supervisors: what each agent has in hand and has done, how long customers waited, and why."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Column, RowMapping, ScalarSelect, Select, func, or_, select

from bot.clock import BANK_ZONE, Clock, bank_date
from bot.conversations.states import Event
from bot.conversations.tables import conversations
from bot.handoff.tables import handoffs, ratings
from bot.handoff.team import Member, Presence, Team
from bot.staff.tables import agents
from bot.storage.database import Database

LONG_WAIT_S = 180
"""A wait beyond this is marked, as it is in the lists (desk/lists.js)."""
_THERE = (Presence.ONLINE, Presence.AWAY, Presence.OFFLINE)


@dataclass(frozen=True)
class Load:
    """One agent: what they serve now, and what they did today."""

    agent_id: str
    name: str
    presence: Presence
    serving: int
    capacity: int
    closed: int
    ratings: int
    score: float | None
    """The mean of today's ratings, 1 to 5."""


@dataclass(frozen=True)
class Day:
    """The bank's calendar day so far, by when customers were queued."""

    queued: int
    claimed: int
    given_up: int
    """Cancelled or left before anybody claimed."""
    long_waits: int
    """Longer than LONG_WAIT_S, whether it has ended or not."""
    mean_wait_s: int | None
    ratings: int
    score: float | None
    reasons: dict[str, int]


class DayReader:
    """Counts over handoffs and ratings; it names no customer."""

    def __init__(self, db: Database, team: Team, clock: Clock) -> None:
        self._db = db
        self._team = team
        self._clock = clock

    async def read(self) -> tuple[list[Load], Day]:
        """The load of everybody who serves, those who are there first, and the day so far."""
        now = self._clock()
        began = start_of(bank_date(now))
        open_or_today = or_(handoffs.c.ended_at.is_(None), handoffs.c.queued_at >= began, handoffs.c.ended_at >= began)
        rated = select(ratings.c.agent_id, ratings.c.score).where(ratings.c.rated_at >= began)
        async with self._db.read() as connection:
            rows = list((await connection.execute(select(handoffs).where(open_or_today))).mappings())
            scores = [(row.agent_id, row.score) for row in await connection.execute(rated) if row.agent_id]
        loads = [_load(member, rows, scores, began) for member in await self._team.members()]
        loads.sort(key=lambda load: (_THERE.index(load.presence), -load.serving, load.name))
        return loads, _day([row for row in rows if row["queued_at"] >= began], scores, now)

    async def services(self, since: date, until: date) -> list[RowMapping]:
        """Every handoff queued from `since` to `until`, both days included, oldest first, with its rating if any."""
        async with self._db.read() as connection:
            found = await connection.execute(_services(start_of(since), start_of(until + timedelta(days=1))))
            return list(found.mappings())


def start_of(day: date) -> datetime:
    """Midnight at the bank."""
    return datetime.combine(day, time(), BANK_ZONE)


def _services(since: datetime, until: datetime) -> Select[Any]:
    return (
        select(
            handoffs,
            conversations.c.channel,
            agents.c.name,
            _rated(ratings.c.score).label("score"),
            _rated(ratings.c.reason).label("why"),
        )
        .join(conversations, conversations.c.conversation_id == handoffs.c.conversation_id)
        .outerjoin(agents, agents.c.agent_id == handoffs.c.agent_id)
        .where(handoffs.c.queued_at >= since, handoffs.c.queued_at < until)
        .order_by(handoffs.c.handoff_id)
    )


def _rated(column: Column[Any]) -> ScalarSelect[Any]:
    """`column` of the last rating of the handoff's agent before the conversation was handed off again."""
    following = handoffs.alias()
    again = (
        select(func.min(following.c.queued_at))
        .where(following.c.conversation_id == handoffs.c.conversation_id)
        .where(following.c.handoff_id > handoffs.c.handoff_id)
        .correlate(handoffs)
        .scalar_subquery()
    )
    return (
        select(column)
        .where(ratings.c.conversation_id == handoffs.c.conversation_id, ratings.c.agent_id == handoffs.c.agent_id)
        .where(ratings.c.rated_at >= handoffs.c.claimed_at, or_(again.is_(None), ratings.c.rated_at < again))
        .order_by(ratings.c.rated_at.desc())
        .limit(1)
        .correlate(handoffs)
        .scalar_subquery()
    )


def _waited(row: RowMapping, now: datetime) -> int:
    return int(((row["claimed_at"] or row["ended_at"] or now) - row["queued_at"]).total_seconds())


def _load(member: Member, rows: list[RowMapping], scores: list[tuple[str, int]], began: datetime) -> Load:
    mine = [row for row in rows if row["agent_id"] == member.agent_id]
    own = [score for whose, score in scores if whose == member.agent_id]
    return Load(
        agent_id=member.agent_id,
        name=member.name,
        presence=member.presence,
        serving=member.load,
        capacity=member.capacity,
        closed=sum(row["ended_at"] is not None and row["ended_at"] >= began for row in mine),
        ratings=len(own),
        score=_mean(own),
    )


def _day(rows: list[RowMapping], scores: list[tuple[str, int]], now: datetime) -> Day:
    claimed = [row for row in rows if row["claimed_at"] is not None]
    mean = _mean([_waited(row, now) for row in claimed])
    return Day(
        queued=len(rows),
        claimed=len(claimed),
        given_up=sum(
            row["claimed_at"] is None and row["outcome"] in (Event.CANCEL.value, Event.LEAVE.value) for row in rows
        ),
        long_waits=sum(_waited(row, now) > LONG_WAIT_S for row in rows),
        mean_wait_s=None if mean is None else round(mean),
        ratings=len(scores),
        score=_mean([score for _, score in scores]),
        reasons=dict(Counter(row["reason"] for row in rows).most_common()),
    )


def _mean(values: list[int]) -> float | None:
    return round(sum(values) / len(values), 2) if values else None
