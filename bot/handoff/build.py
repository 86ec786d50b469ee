"""Puts this subject's parts together."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.handoff.clocks import Measure, ServiceClocks
from bot.handoff.day import DayReader
from bot.handoff.hours import BusinessHours
from bot.handoff.idleness import Idleness
from bot.handoff.line import Line
from bot.handoff.notice import CrmNotice
from bot.handoff.ratings import Ratings
from bot.handoff.routing import Routing
from bot.handoff.sayings import Sayings
from bot.handoff.service import HandoffService
from bot.handoff.survey import Survey
from bot.handoff.team import Team
from bot.handoff.tickets import Tickets
from bot.handoff.transfers import Transfers
from bot.handoff.wall import WallReader
from bot.handoff.watch import Watch
from bot.handoff.whispers import Whispers
from bot.settings import Settings
from bot.storage.leases import Lease

if TYPE_CHECKING:
    from bot.application import Foundation

_LEASE_S = 30
"""Longer than one look of the watch takes."""


@dataclass
class People:
    """Everything between asking for a person and the end of the service."""

    handoff: HandoffService
    routing: Routing
    survey: Survey
    tickets: Tickets
    line: Line
    team: Team
    transfers: Transfers
    whispers: Whispers
    clocks: ServiceClocks
    wall: WallReader
    day: DayReader
    watch: Watch


def build_people(base: "Foundation") -> People:
    """For the gateway."""
    settings, db, log, clock = base.settings, base.db, base.log, base.clock
    hours = BusinessHours.load(settings.service_hours_file)
    sayings, notice = Sayings(base.texts, hours), CrmNotice(base.identity, base.outbox, base.texts)
    survey = Survey(log, Ratings(db, log, clock), base.texts)
    team = Team(db, base.fanout, clock, capacity=settings.agent_capacity)
    line = Line(db, base.fanout, team, clock)
    tickets = Tickets(db, hours, base.texts, reply_s=settings.ticket_reply_s)
    handoff = HandoffService(db, log, line, team, hours, tickets, survey, sayings, notice)
    transfers = Transfers(db, log, line, team, sayings, clock)
    silence = {"warning_s": settings.idle_warning_s, "close_s": settings.idle_close_s}
    idleness = Idleness(db, log, line, sayings, notice, clock, **silence)
    clocks = ServiceClocks(hours, _targets(settings))
    wall = WallReader(db, team, tickets, clocks, clock)
    return People(
        handoff=handoff,
        routing=Routing(log, base.identity, base.crm, vip_segments=settings.vip_segments),
        survey=survey,
        tickets=tickets,
        line=line,
        team=team,
        transfers=transfers,
        whispers=Whispers(db, base.fanout, clock),
        clocks=clocks,
        wall=wall,
        day=DayReader(db, team, clock),
        watch=Watch(db, handoff, transfers, idleness, team, Lease(db, clock, "handoff_watch", seconds=_LEASE_S)),
    )


def _targets(settings: Settings) -> dict[Measure, int]:
    return {
        Measure.FIRST_REPLY: settings.first_reply_s,
        Measure.NEXT_REPLY: settings.next_reply_s,
        Measure.RESOLUTION: settings.resolution_s,
    }
