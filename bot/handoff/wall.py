"""The wall of the room: how many wait and how long, who is there, which clocks are breached."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select

from bot import metrics
from bot.clock import Clock
from bot.handoff.clocks import Measure, ServiceClocks, Standing
from bot.handoff.tables import handoffs
from bot.handoff.team import Presence, Team
from bot.handoff.tickets import Tickets
from bot.storage.database import Database


@dataclass(frozen=True)
class Wall:
    """The numbers of this moment."""

    waiting: int
    by_skill: dict[str, int]
    """How many wait for which skill."""
    longest_wait_s: int
    served: int
    online: int
    away: int
    room: int
    """How many more conversations those online can take."""
    clocks: dict[str, dict[str, int]]
    """By measure: how many warn, how many are breached."""
    tickets: int
    tickets_late: int


class WallReader:
    """Counts what is open; there are never many."""

    def __init__(self, db: Database, team: Team, tickets: Tickets, clocks: ServiceClocks, clock: Clock) -> None:
        self._db = db
        self._team = team
        self._tickets = tickets
        self._clocks = clocks
        self._clock = clock

    async def read(self) -> Wall:
        """What to show, which `/metrics` shows too."""
        now = self._clock()
        async with self._db.read() as connection:
            rows = (await connection.execute(select(handoffs).where(handoffs.c.ended_at.is_(None)))).mappings().all()
        waiting = [row for row in rows if row["claimed_at"] is None]
        members = await self._team.members()
        tickets = await self._tickets.open()
        stands = Counter(
            (clock.measure, clock.standing) for row in rows for clock in self._clocks.running(dict(row), now)
        )
        told = (Standing.WARNING, Standing.BREACHED)
        wall = Wall(
            waiting=len(waiting),
            by_skill=dict(Counter(row["skill"] for row in waiting)),
            longest_wait_s=max((int((now - row["queued_at"]).total_seconds()) for row in waiting), default=0),
            served=len(rows) - len(waiting),
            online=sum(member.presence is Presence.ONLINE for member in members),
            away=sum(member.presence is Presence.AWAY for member in members),
            room=sum(member.room for member in members),
            clocks={each.value: {stand.value: stands[each, stand] for stand in told} for each in Measure},
            tickets=len(tickets),
            tickets_late=sum(ticket.due_at < now for ticket in tickets),
        )
        _measure(wall)
        return wall


def _measure(wall: Wall) -> None:
    metrics.QUEUED.set(wall.waiting)
    metrics.AGENTS_ONLINE.set(wall.online)
    for measure, stands in wall.clocks.items():
        for standing, number in stands.items():
            metrics.SERVICE_CLOCKS.labels(clock=measure, standing=standing).set(number)
