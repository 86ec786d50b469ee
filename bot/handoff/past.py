"""What people have done for a customer before."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.conversations.tables import conversations
from bot.handoff.records import of_customer
from bot.handoff.tables import handoffs
from bot.staff.tables import agents
from bot.storage.database import Database

_MOST = 5


@dataclass(frozen=True)
class PastService:
    """One ended handoff; `summary` is what the agent noted at its end."""

    conversation_id: str
    channel: str
    reason: str
    queued_at: datetime
    outcome: str
    agent_name: str | None
    summary: str | None


async def past_services(db: Database, conversation_id: str, customer_id: str | None) -> list[PastService]:
    """The ended handoffs of the customer, and of this conversation whoever it is, newest first."""
    query = (
        select(handoffs, conversations.c.channel, agents.c.name)
        .join(conversations, conversations.c.conversation_id == handoffs.c.conversation_id)
        .outerjoin(agents, agents.c.agent_id == handoffs.c.agent_id)
        .where(of_customer(conversation_id, customer_id), handoffs.c.ended_at.is_not(None))
        .order_by(handoffs.c.handoff_id.desc())
        .limit(_MOST)
    )
    async with db.read() as connection:
        return [
            PastService(
                row.conversation_id, row.channel, row.reason, row.queued_at, row.outcome, row.name, row.agent_note
            )
            for row in await connection.execute(query)
        ]
