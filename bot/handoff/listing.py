"""What the lists of conversations are read by."""

from typing import Any, Literal

from sqlalchemy import Select, and_, func, select

from bot.conversations.tables import conversations, messages
from bot.desk.tables import note_mentions
from bot.handoff.line import IN_ORDER
from bot.handoff.tables import handoffs
from bot.staff.models import Agent
from bot.staff.tables import agents

View = Literal["mine", "queued", "mentioned", "all"]
_MOST = 200
_LOOKED_AT = 50
"""How many messages of a conversation are looked at for its line."""


def newest(conversation_ids: list[str]) -> Select[Any]:
    """What was said last in each conversation, the newest first."""
    of = messages.c
    place = func.row_number().over(partition_by=of.conversation_id, order_by=of.seq.desc()).label("place")
    numbered = select(of.conversation_id, of.author, of.text, of.seq, place)
    found = numbered.where(of.conversation_id.in_(conversation_ids)).subquery()
    return select(found).where(found.c.place <= _LOOKED_AT).order_by(found.c.conversation_id, found.c.seq.desc())


def listing(view: View, agent: Agent) -> Select[Any]:
    """The conversations of a list, each with its latest handoff: in the order of the line, `all` by the last change."""
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
            handoffs.c.skill,
            handoffs.c.urgency,
            handoffs.c.reserved_for,
            handoffs.c.reserved_until,
            handoffs.c.queued_at,
            handoffs.c.claimed_at,
            handoffs.c.ended_at,
            handoffs.c.first_reply_at,
            handoffs.c.awaiting_since,
            conversations.c.agent_id,
            agents.c.name.label("agent_name"),
        )
        .select_from(conversations)
        .join(handoffs, handoffs.c.handoff_id == newest)
        .outerjoin(agents, agents.c.agent_id == conversations.c.agent_id)
        .limit(_MOST)
    )
    if view == "queued":
        return query.where(conversations.c.state == "queued").order_by(*IN_ORDER)
    if view == "mine":
        mine = and_(conversations.c.state == "agent", conversations.c.agent_id == agent.agent_id)
        return query.where(mine).order_by(handoffs.c.handoff_id)
    if view == "mentioned":
        of = note_mentions.c
        calls = select(of.conversation_id).where(of.agent_id == agent.agent_id, of.seen_at.is_(None))
        return query.where(conversations.c.conversation_id.in_(calls)).order_by(handoffs.c.handoff_id)
    return query.order_by(conversations.c.updated_at.desc())
