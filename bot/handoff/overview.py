"""What the desk shows: the lists of conversations and the card of one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Select, and_, func, select

from bot.clock import Clock
from bot.complaints.service import ComplaintService
from bot.conversations.messages import Author
from bot.conversations.tables import conversations, messages
from bot.crm.port import Crm
from bot.handoff.agents import Agent
from bot.handoff.tables import agents, handoffs
from bot.identity.service import IdentityService
from bot.privacy.audit import Audit
from bot.storage.database import Database
from bot.wording import mask_name, mask_phone

View = Literal["mine", "queued", "all"]
_MOST = 200


@dataclass(frozen=True)
class Listed:
    """One line of a list."""

    conversation_id: str
    state: str
    channel: str
    customer_name: str | None
    """Masked; None for an anonymous customer."""
    reason: str | None
    queued_at: datetime | None
    waiting_s: int | None
    """Seconds since queuing while nobody has claimed it."""
    last_text: str
    agent_id: str | None
    agent_name: str | None
    unread: int
    """Customer messages after the last one of an agent."""


class Overview:
    """Reads across conversations, handoffs and customers for the desk."""

    def __init__(
        self,
        db: Database,
        identity: IdentityService,
        crm: Crm,
        complaints: ComplaintService,
        audit: Audit,
        clock: Clock,
    ) -> None:
        self._db = db
        self._identity = identity
        self._crm = crm
        self._complaints = complaints
        self._audit = audit
        self._clock = clock

    async def conversations(self, view: View, agent: Agent) -> list[Listed]:
        """Conversations that have been handed off, those that wait longest first, then the latest ones."""
        async with self._db.read() as connection:
            rows = (await connection.execute(_listing(view, agent))).mappings().all()
            listed = []
            for row in rows:
                said = await connection.execute(
                    select(messages.c.author, messages.c.text)
                    .where(messages.c.conversation_id == row["conversation_id"])
                    .order_by(messages.c.seq.desc())
                    .limit(50)
                )
                listed.append(self._line(row, list(said.all()), await self._name(row["conversation_id"])))
        return listed

    def _line(self, row: Any, said: list[Any], name: str | None) -> Listed:
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
            queued_at=row["queued_at"],
            waiting_s=int((self._clock() - row["queued_at"]).total_seconds()) if waits else None,
            last_text=people[0].text[:80] if people else "",
            agent_id=row["agent_id"],
            agent_name=row["agent_name"],
            unread=unread,
        )

    async def _name(self, conversation_id: str) -> str | None:
        who = await self._identity.principal(conversation_id)
        profile = await self._crm.profile(who.customer_id) if who.customer_id else None
        return mask_name(profile.name) if profile else None

    async def customer(self, conversation_id: str, agent: Agent) -> dict[str, Any] | None:
        """The customer card, masked; reading it is audited. None for an anonymous customer."""
        who = await self._identity.principal(conversation_id)
        profile = await self._crm.profile(who.customer_id) if who.customer_id else None
        if profile is None:
            return None
        await self._audit.record(f"agent:{agent.agent_id}", "customer_card.read", who.customer_id, conversation_id, {})
        return {
            "name": mask_name(profile.name),
            "title": profile.title,
            "segment": profile.segment,
            "risk_level": profile.risk_level,
            "phone": mask_phone(profile.phone),
            "manager": profile.manager,
            "level": int(who.level),
            "complaints": [
                {"number": case.number, "state": case.state, "due_on": case.due_on, "what": case.what}
                for case in await self._complaints.mine(who)
            ],
        }


def _listing(view: View, agent: Agent) -> Select[Any]:
    each = handoffs.alias()
    newest = (
        select(func.max(each.c.handoff_id))
        .where(each.c.conversation_id == conversations.c.conversation_id)
        .scalar_subquery()
    )
    query = (
        select(
            conversations.c.conversation_id,
            conversations.c.state,
            conversations.c.channel,
            handoffs.c.reason,
            handoffs.c.queued_at,
            handoffs.c.claimed_at,
            handoffs.c.ended_at,
            conversations.c.agent_id,
            agents.c.name.label("agent_name"),
        )
        .select_from(conversations)
        .join(handoffs, handoffs.c.handoff_id == newest)
        .outerjoin(agents, agents.c.agent_id == conversations.c.agent_id)
        .limit(_MOST)
    )
    if view == "queued":
        return query.where(conversations.c.state == "queued").order_by(handoffs.c.handoff_id)
    if view == "mine":
        mine = and_(conversations.c.state == "agent", conversations.c.agent_id == agent.agent_id)
        return query.where(mine).order_by(handoffs.c.handoff_id)
    return query.order_by(conversations.c.updated_at.desc())
