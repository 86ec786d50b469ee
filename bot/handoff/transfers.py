"""From one agent to another: offered and accepted, passed on to a skill, or taken over by a supervisor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update

from bot.clock import Clock
from bot.conversations.change import Change
from bot.conversations.errors import ForbiddenMoveError
from bot.conversations.log import ConversationLog
from bot.conversations.messages import State
from bot.conversations.states import Event
from bot.handoff import records
from bot.handoff.errors import NotOfferedError, NotThereError, NotYoursError
from bot.handoff.guards import require, require_serving
from bot.handoff.line import Line
from bot.handoff.routing import Skill
from bot.handoff.sayings import Sayings
from bot.handoff.tables import handoff_transfers
from bot.handoff.team import Team
from bot.staff.models import Agent
from bot.storage.database import Database

HOLDS = timedelta(seconds=30)
"""How long an offer holds."""
_of = handoff_transfers.c


@dataclass(frozen=True)
class Transfer:
    """An offer to a colleague or to whoever has a skill, and what became of it."""

    conversation_id: str
    from_agent: str
    to_agent: str | None
    to_skill: str | None
    note: str | None
    offered_at: datetime
    outcome: str | None
    """accepted, declined, withdrawn, expired; queued where it was passed on; None while the offer is open."""


class Transfers:
    """Each step is one change of the conversation."""

    def __init__(
        self, db: Database, log: ConversationLog, line: Line, team: Team, sayings: Sayings, clock: Clock
    ) -> None:
        self._db = db
        self._log = log
        self._line = line
        self._team = team
        self._sayings = sayings
        self._clock = clock

    async def offer(self, conversation_id: str, agent: Agent, to_agent: str, note: str | None = None) -> None:
        """Ask a colleague to take it over; until that happens the agent serves on. A later offer replaces it.

        Raises NotYoursError, UnknownMemberError, NotThereError.
        """
        member = await self._team.member(to_agent)
        if not member.room or to_agent == agent.agent_id:
            raise NotThereError(to_agent)
        async with self._log.change(conversation_id) as change:
            require_serving(change.conversation, agent)
            await self._end(change, "withdrawn")
            await self._note(change, agent, to_agent=to_agent, note=note, offered_at=change.now)
        await self._line.announce()

    async def accept(self, conversation_id: str, agent: Agent) -> None:
        """Serve it from now on. Raises NotOfferedError, also once the offer has run out, and NoRoomError."""
        async with self._log.change(conversation_id) as change:
            sender = change.conversation.agent_id
            if not await self._end(change, "accepted", _of.to_agent == agent.agent_id, _of.from_agent == sender):
                raise NotOfferedError(conversation_id)
            await self._team.require_room(change.connection, agent.agent_id)
            await self._hand_to(change, Event.TRANSFER, agent)

    async def decline(self, conversation_id: str, agent: Agent) -> None:
        """It stays with the sender; who has sent it withdraws it so. Raises NotOfferedError."""
        async with self._log.change(conversation_id) as change:
            withdrawn = await self._end(change, "withdrawn", _of.from_agent == agent.agent_id)
            if not withdrawn and not await self._end(change, "declined", _of.to_agent == agent.agent_id):
                raise NotOfferedError(conversation_id)
        await self._line.announce()

    async def refer(self, conversation_id: str, agent: Agent, skill: Skill, note: str | None = None) -> None:
        """Let it wait at its old place for whoever has the skill. Raises NotYoursError."""
        async with self._log.change(conversation_id) as change:
            require(change.conversation, Event.REFER, agent)
            change.move(Event.REFER)
            await self._end(change, "withdrawn")
            done = {"offered_at": change.now, "ended_at": change.now, "outcome": "queued"}
            await self._note(change, agent, to_skill=skill.value, note=note, **done)
            await records.release(change, skill=skill.value)
            await change.append(self._sayings.referred(skill))
            change.after_commit(self._line.announce)

    async def take_over(self, conversation_id: str, supervisor: Agent) -> None:
        """Serve in place of the agent. Raises SupervisorsOnlyError, and NotYoursError where nobody else serves."""
        async with self._log.change(conversation_id) as change:
            require(change.conversation, Event.TAKE_OVER, supervisor)
            if change.conversation.agent_id == supervisor.agent_id:
                raise NotYoursError(conversation_id)
            await self._end(change, "withdrawn")
            await self._hand_to(change, Event.TAKE_OVER, supervisor)

    async def _hand_to(self, change: Change, event: Event, agent: Agent) -> None:
        try:
            change.move(event, agent_id=agent.agent_id)
        except ForbiddenMoveError:
            raise NotYoursError(change.conversation.conversation_id) from None
        await records.take(change, agent.agent_id)
        await change.append(self._sayings.joined(agent))
        change.after_commit(self._line.announce)

    async def expire(self) -> None:
        """End the offers that hold no longer: time has passed, or the sender does not serve any more."""
        query = select(_of.conversation_id, _of.from_agent, _of.offered_at).where(_of.ended_at.is_(None))
        async with self._db.read() as connection:
            offers = (await connection.execute(query)).all()
        for offer in offers:
            conversation = await self._log.get(offer.conversation_id)
            serves = conversation.state is State.AGENT and conversation.agent_id == offer.from_agent
            if serves and offer.offered_at > self._clock() - HOLDS:
                continue
            async with self._db.write() as connection:
                mine = (_of.conversation_id == offer.conversation_id, _of.offered_at == offer.offered_at)
                ended = {"ended_at": self._clock(), "outcome": "expired"}
                await connection.execute(update(handoff_transfers).where(*mine, _of.ended_at.is_(None)).values(ended))
            await self._line.announce()

    async def offers(self, agent: Agent) -> list[Transfer]:
        """The open offers to this agent and from this agent."""
        mine = (_of.to_agent == agent.agent_id) | (_of.from_agent == agent.agent_id)
        return await self._select(mine, _of.ended_at.is_(None), _of.offered_at > self._clock() - HOLDS)

    async def of(self, conversation_id: str) -> list[Transfer]:
        """Every transfer of a conversation, in order."""
        return await self._select(_of.conversation_id == conversation_id)

    async def _select(self, *conditions: ColumnElement[bool]) -> list[Transfer]:
        query = select(handoff_transfers).where(*conditions).order_by(_of.transfer_id)
        async with self._db.read() as connection:
            return [_transfer(row) for row in await connection.execute(query)]

    async def _end(self, change: Change, outcome: str, *conditions: ColumnElement[bool]) -> bool:
        """End the open offer of the conversation, if it holds and meets the conditions; says whether there was one."""
        still = () if outcome == "withdrawn" else (_of.offered_at > change.now - HOLDS,)
        mine = (_of.conversation_id == change.conversation.conversation_id, _of.ended_at.is_(None))
        ended = update(handoff_transfers).where(*mine, *still, *conditions)
        result = await change.connection.execute(ended.values(ended_at=change.now, outcome=outcome))
        return result.rowcount > 0

    async def _note(self, change: Change, agent: Agent, **values: Any) -> None:
        row = {"conversation_id": change.conversation.conversation_id, "from_agent": agent.agent_id, **values}
        await change.connection.execute(insert(handoff_transfers).values(row))


def _transfer(row: Row[Any]) -> Transfer:
    return Transfer(
        row.conversation_id, row.from_agent, row.to_agent, row.to_skill, row.note, row.offered_at, row.outcome
    )


def named(transfers: Sequence[Transfer], names: dict[str, str]) -> list[dict[str, Any]]:
    """Transfers as the desk shows them, people by `names`."""
    return [
        {
            **transfer.__dict__,
            "from_name": names.get(transfer.from_agent),
            "to_name": names.get(transfer.to_agent or ""),
            "expires_at": transfer.offered_at + HOLDS,
        }
        for transfer in transfers
    ]
