"""What the desk shows: the lists of conversations and the card of one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.clock import Clock
from bot.complaints.filters import ComplaintFilter
from bot.complaints.overview import ComplaintOverview
from bot.conversations.messages import Author
from bot.crm.errors import CrmUnavailableError
from bot.crm.models import CustomerProfile
from bot.crm.service import CrmService
from bot.desk.build import Aids
from bot.handoff.clocks import Running, ServiceClocks
from bot.handoff.customers import NAME_UNKNOWN, CustomerNames
from bot.handoff.listing import View, listing, newest
from bot.handoff.tables import handoffs
from bot.identity.principal import StaffPrincipal
from bot.identity.service import IdentityService
from bot.staff.models import Agent
from bot.storage.database import Database
from bot.wording import mask_name, mask_phone


@dataclass(frozen=True)
class Listed:
    """One line of a list."""

    conversation_id: str
    state: str
    channel: str
    customer_name: str | None
    """Masked; None for an anonymous customer."""
    reason: str | None
    skill: str
    urgency: int
    """1 (emergency) to 4 (normal)."""
    reserved_for: str | None
    """Who served this customer last, while the conversation is kept for that person."""
    queued_at: datetime | None
    clocks: list[Running]
    """Those that run."""
    waiting_s: int | None
    """Seconds since queuing while nobody has claimed it."""
    last_text: str
    agent_id: str | None
    agent_name: str | None
    unread: int
    """Customer messages after the last one of an agent."""
    mentions: int
    """Notes that call for whoever looks, and that they have not read."""
    tags: tuple[str, ...]


class Overview:
    """Reads across conversations, handoffs and customers for the desk."""

    def __init__(
        self,
        db: Database,
        identity: IdentityService,
        crm: CrmService,
        complaints: ComplaintOverview,
        clocks: ServiceClocks,
        aids: Aids,
        clock: Clock,
        *,
        names_within_s: float,
    ) -> None:
        self._db = db
        self._identity = identity
        self._crm = crm
        self._complaints = complaints
        self._clocks = clocks
        self._aids = aids
        self._clock = clock
        self._names = CustomerNames(crm, clock, within_s=names_within_s)

    async def conversations(self, view: View, agent: Agent) -> list[Listed]:
        """Conversations that have been handed off: those that wait in the order of the line, then the latest ones."""
        async with self._db.read() as connection:
            rows = (await connection.execute(listing(view, agent))).mappings().all()
            ids = [row["conversation_id"] for row in rows]
            said: dict[str, list[Any]] = {each: [] for each in ids}
            for message in await connection.execute(newest(ids)):
                said[message.conversation_id].append(message)
        customers = await self._identity.customers(ids)
        names = await self._names.of(customers.values(), StaffPrincipal(agent.agent_id))
        mentions, tags = await self._aids.notes.unseen(agent), await self._aids.tags.of(ids)
        return [
            self._line(
                row,
                said[each],
                names.get(customers.get(each, "")),
                (mentions.get(each, 0), tuple(tags.get(each, ()))),
            )
            for each, row in zip(ids, rows, strict=True)
        ]

    def _line(self, row: Any, said: list[Any], name: str | None, beside: tuple[int, tuple[str, ...]]) -> Listed:
        waits = row["queued_at"] is not None and row["claimed_at"] is None and row["ended_at"] is None
        people = [entry for entry in said if entry.author != Author.SYSTEM.value]
        unread = 0
        for entry in people:
            if entry.author == Author.AGENT.value:
                break
            unread += entry.author == Author.CUSTOMER.value
        return Listed(
            conversation_id=row["conversation_id"],
            state=row["state"],
            channel=row["channel"],
            customer_name=name,
            reason=row["reason"],
            skill=row["skill"],
            urgency=row["urgency"],
            reserved_for=row["reserved_for"] if waits and _holds(row["reserved_until"], self._clock()) else None,
            queued_at=row["queued_at"],
            clocks=self._clocks.running(row, self._clock()),
            waiting_s=int((self._clock() - row["queued_at"]).total_seconds()) if waits else None,
            last_text=people[0].text[:80] if people else "",
            agent_id=row["agent_id"],
            agent_name=row["agent_name"],
            unread=unread,
            mentions=beside[0],
            tags=beside[1],
        )

    async def is_open(self, conversation_id: str) -> bool:
        """Whether the desk may see it: it came to people, or a complaint was filed in it, which they look into."""
        query = select(handoffs.c.handoff_id).where(handoffs.c.conversation_id == conversation_id).limit(1)
        async with self._db.read() as connection:
            if await connection.scalar(query) is not None:
                return True
        return await self._complaints.count(ComplaintFilter(conversation_id=conversation_id)) > 0

    async def customer(self, conversation_id: str, agent: Agent) -> dict[str, Any] | None:
        """The customer card, masked; reading it is audited. None for an anonymous customer.

        While the CRM is away the card holds what we know ourselves.
        """
        who = await self._identity.principal(conversation_id)
        if who.customer_id is None:
            return None
        try:
            profile = await self._crm.profile_of(
                who.customer_id,
                StaffPrincipal(agent.agent_id),
                "customer_card.read",
                reason="desk: opened the conversation",
                conversation_id=conversation_id,
            )
        except CrmUnavailableError:
            known: dict[str, Any] = {"name": NAME_UNKNOWN}
        else:
            if profile is None:
                return None
            known = _masked(profile)
        listed = await self._complaints.list(ComplaintFilter(customer_id=who.customer_id))
        complaints = [each.complaint for each in listed]
        return {
            **known,
            "level": int(who.level),
            "complaints": [
                {"number": each.number, "state": each.state, "due_on": each.due_on, "what": each.what}
                for each in complaints
            ],
        }


def _holds(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now


def _masked(profile: CustomerProfile) -> dict[str, Any]:
    return {
        "name": mask_name(profile.name),
        "title": profile.title,
        "segment": profile.segment,
        "risk_level": profile.risk_level,
        "phone": mask_phone(profile.phone),
        "manager": profile.manager,
        "products": profile.products,
    }
