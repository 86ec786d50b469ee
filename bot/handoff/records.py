"""What is kept of each handoff: rows of the table `handoffs`, changed within one change of the conversation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, literal, or_, select, update

from bot.conversations.change import Change
from bot.conversations.states import Event
from bot.handoff.tables import handoffs
from bot.identity.tables import identity_bindings
from bot.storage.database import Database
from bot.storage.metadata import UtcDateTime


@dataclass(frozen=True)
class Handoff:
    """Why a conversation came to people, and what became of it."""

    reason: str
    note: str | None
    intents: list[dict[str, Any]]
    collected: dict[str, str]
    """What the dialogue had collected, by slot."""
    skill: str
    urgency: int
    queued_at: datetime
    claimed_at: datetime | None
    agent_id: str | None


def waiting() -> Any:
    """The handoffs nobody has taken yet."""
    return handoffs.c.claimed_at.is_(None) & handoffs.c.ended_at.is_(None)


def of_customer(conversation_id: str, customer_id: str | None) -> ColumnElement[bool]:
    """The handoffs of this conversation, and of all others of its customer, if it is somebody's."""
    here = handoffs.c.conversation_id == conversation_id
    if customer_id is None:
        return here
    theirs = select(identity_bindings.c.conversation_id).where(identity_bindings.c.customer_id == customer_id)
    return or_(here, handoffs.c.conversation_id.in_(theirs))


def open_of(conversation_id: str) -> Any:
    """The open handoff of a conversation; there is at most one."""
    return (handoffs.c.conversation_id == conversation_id) & handoffs.c.ended_at.is_(None)


async def latest(db: Database, conversation_id: str) -> Handoff | None:
    """The last handoff of a conversation, open or ended."""
    mine = handoffs.c.conversation_id == conversation_id
    query = select(handoffs).where(mine).order_by(handoffs.c.handoff_id.desc()).limit(1)
    async with db.read() as connection:
        row = (await connection.execute(query)).first()
    if row is None:
        return None
    return Handoff(
        reason=row.reason,
        note=row.note,
        intents=row.intents,
        collected=row.collected,
        skill=row.skill,
        urgency=row.urgency,
        queued_at=row.queued_at,
        claimed_at=row.claimed_at,
        agent_id=row.agent_id,
    )


async def take(change: Change, agent_id: str) -> Row[Any]:
    """The agent serves from now on; the row as it is then. Who took it first stays noted."""
    claimed = func.coalesce(handoffs.c.claimed_at, literal(change.now, UtcDateTime))
    return await _update(change, agent_id=agent_id, claimed_at=claimed, active_at=change.now, idle_warned_at=None)


async def release(change: Change, **also: Any) -> Row[Any]:
    """Nobody serves any more: the conversation waits where it stood. `also` is what else changes."""
    nobody = {"agent_id": None, "claimed_at": None, "reserved_for": None, "reserved_until": None}
    return await _update(change, **{**nobody, **also})


async def note(change: Change, **values: Any) -> Row[Any]:
    """Change the open handoff; the row as it is then."""
    return await _update(change, **values)


async def heard(change: Change) -> None:
    """The customer has spoken while people serve or are about to."""
    since = func.coalesce(handoffs.c.awaiting_since, literal(change.now, UtcDateTime))
    await _update(change, awaiting_since=since, active_at=change.now, idle_warned_at=None)


async def replied(change: Change) -> Row[Any]:
    """An agent has spoken."""
    first = func.coalesce(handoffs.c.first_reply_at, literal(change.now, UtcDateTime))
    return await _update(change, first_reply_at=first, awaiting_since=None, active_at=change.now, idle_warned_at=None)


async def end(change: Change, event: Event, note: str | None = None) -> Row[Any]:
    """It is over, by `event`; `note` is for colleagues."""
    return await _update(change, ended_at=change.now, outcome=event.value, agent_note=note)


async def _update(change: Change, **values: Any) -> Row[Any]:
    mine = open_of(change.conversation.conversation_id)
    statement = update(handoffs).where(mine).values(values).returning(handoffs)
    row: Row[Any] = (await change.connection.execute(statement)).one()
    return row
