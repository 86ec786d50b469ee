"""From the bot to a person and back: the queue, the claim, and what the customer is told about it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from bot import metrics
from bot.clock import Clock
from bot.conversations.change import Change
from bot.conversations.conversation import Conversation
from bot.conversations.errors import ForbiddenMoveError
from bot.conversations.fanout import DESK_TOPIC, Fanout, conversation_topic
from bot.conversations.log import ConversationLog
from bot.conversations.messages import Author, Button, Draft, Message, State
from bot.conversations.rasa import HandoffWish
from bot.conversations.states import Event
from bot.crm.outbox import CrmOutbox
from bot.crm.writes import WriteInteraction
from bot.handoff.calling_off import calls_off
from bot.handoff.errors import AlreadyClaimedError, NotYoursError
from bot.handoff.survey import Survey
from bot.handoff.tables import handoffs
from bot.identity.service import IdentityService
from bot.staff.models import Agent
from bot.storage.database import Database
from bot.texts import Texts


@dataclass(frozen=True)
class Handoff:
    """Why a conversation came to people, and what became of it."""

    reason: str
    note: str | None
    intents: list[dict[str, Any]]
    collected: dict[str, str]
    queued_at: datetime
    claimed_at: datetime | None
    agent_id: str | None


class HandoffService:
    """Queues conversations, lets one agent claim each, and gives them back. Moves are atomic with the log."""

    def __init__(
        self,
        db: Database,
        log: ConversationLog,
        fanout: Fanout,
        survey: Survey,
        identity: IdentityService,
        outbox: CrmOutbox,
        texts: Texts,
        clock: Clock,
    ) -> None:
        self._db = db
        self._identity = identity
        self._outbox = outbox
        self._log = log
        self._survey = survey
        self._fanout = fanout
        self._texts = texts
        self._clock = clock

    # What the conversation asks for, within its own change

    async def queue(self, change: Change, wish: HandoffWish, *, reply_to: int | None = None) -> None:
        """Put the conversation at the end of the queue and tell the customer the position."""
        change.move(Event.HAND_OFF)
        ahead = await change.connection.scalar(select(func.count()).where(_waiting()))
        await change.connection.execute(
            insert(handoffs).values(
                conversation_id=change.conversation.conversation_id,
                reason=wish.reason,
                note=wish.note,
                intents=list(wish.intents),
                collected=wish.collected,
                queued_at=change.now,
            )
        )
        name = "utter_queued" if ahead else "utter_queued_next"
        buttons = tuple(Button(**button) for button in self._texts.buttons(name))
        text = self._texts(name, position=(ahead or 0) + 1)
        await change.append(Draft(Author.SYSTEM, text, buttons=buttons), reply_to=reply_to)
        metrics.HANDOFFS.labels(reason=wish.reason).inc()
        change.after_commit(self._announce_queue)

    def is_cancellation(self, conversation: Conversation, text: str) -> bool:
        """Whether a waiting customer says what the button 取消排队 says, or as much in other words."""
        offered = {button["title"] for name in _QUEUE_TEXTS for button in self._texts.buttons(name)}
        return conversation.state is State.QUEUED and (text in offered or calls_off(text))

    async def cancel(self, change: Change, *, reply_to: int | None = None) -> None:
        """The customer no longer wants to wait; the bot is back."""
        change.move(Event.CANCEL)
        await self._end(change, Event.CANCEL)
        await change.append(Draft(Author.SYSTEM, self._texts("utter_queue_cancelled")), reply_to=reply_to)
        change.after_commit(self._announce_queue)

    async def leave(self, change: Change) -> None:
        """The customer has left the channel for good (unfollowed): nobody waits and nobody serves any more."""
        state = change.conversation.state
        if state is State.CLOSED:
            return
        change.move(Event.LEAVE)
        if state is not State.BOT:
            await self._end(change, Event.LEAVE)
            change.after_commit(self._announce_queue)

    # What agents do

    async def claim(self, conversation_id: str, agent: Agent) -> None:
        """Take a waiting conversation. Of several who try, one succeeds; AlreadyClaimedError for the others."""
        async with self._log.change(conversation_id) as change:
            try:
                change.move(Event.CLAIM, agent_id=agent.agent_id)
            except ForbiddenMoveError:
                raise AlreadyClaimedError(conversation_id) from None
            await change.connection.execute(
                update(handoffs).where(_open_of(conversation_id)).values(agent_id=agent.agent_id, claimed_at=change.now)
            )
            joined = self._texts("utter_agent_joined", agent=agent.name)
            await change.append(Draft(Author.SYSTEM, joined, metadata={"agent": agent.name}))
            change.after_commit(self._announce_queue)

    async def reply(self, conversation_id: str, agent: Agent, client_message_id: str, text: str) -> Message:
        """Say something to the customer; the same `client_message_id` again says it once."""
        async with self._log.change(conversation_id) as change:
            before = await change.sent_before(Author.AGENT, client_message_id)
            if before is not None:
                return before
            _require_mine(change.conversation, agent)
            draft = Draft(Author.AGENT, text, metadata={"agent": agent.name})
            return await change.append(draft, client_message_id=client_message_id)

    async def give_back(self, conversation_id: str, agent: Agent, *, note: str | None = None) -> None:
        """Return the conversation to the bot, which starts afresh; `note` is kept for colleagues."""
        said = Draft(Author.SYSTEM, self._texts("utter_agent_returned"))
        await self._finish(conversation_id, agent, Event.RETURN, lambda _segment: said, note=note)

    async def close(self, conversation_id: str, agent: Agent, *, summary: str | None = None) -> None:
        """The matter is settled, and the customer asked for a rating; any other message begins with the bot again.

        `summary` is the agent's, for colleagues and the CRM.
        """
        await self._finish(
            conversation_id,
            agent,
            Event.CLOSE,
            lambda segment: self._survey.question(segment=segment, agent_id=agent.agent_id),
            note=summary,
        )

    async def _finish(
        self,
        conversation_id: str,
        agent: Agent,
        event: Event,
        saying: Callable[[int], Draft],
        *,
        note: str | None = None,
    ) -> None:
        async with self._log.change(conversation_id) as change:
            _require_mine(change.conversation, agent)
            said = saying(change.conversation.segment)
            change.move(event)
            handoff_id, reason = await self._end(change, event, note)
            await change.append(said)
            await self._note_in_crm(change, agent, handoff_id, reason, note)
            change.after_commit(self._announce_queue)
        self._outbox.nudge()

    async def _note_in_crm(self, change: Change, agent: Agent, handoff_id: int, reason: str, note: str | None) -> None:
        """That somebody served the customer, why, and what the agent made of it; what was said stays here."""
        conversation_id = change.conversation.conversation_id
        customer_id = (await self._identity.principal(conversation_id)).customer_id
        why = self._texts(f"utter_reason_{reason}")
        served = self._texts("utter_note_interaction", reason=why, agent=agent.name)
        summary = "\n".join(filter(None, (served, note)))
        key = f"{conversation_id}:handoff:{handoff_id}"
        await self._outbox.add(change.connection, WriteInteraction(customer_id, conversation_id, summary, key))

    async def _end(self, change: Change, event: Event, agent_note: str | None = None) -> tuple[int, str]:
        """Ends the open handoff; its id and reason."""
        ended = await change.connection.execute(
            update(handoffs)
            .where(_open_of(change.conversation.conversation_id))
            .values(ended_at=change.now, outcome=event.value, agent_note=agent_note)
            .returning(handoffs.c.handoff_id, handoffs.c.reason)
        )
        row = ended.one()
        return row.handoff_id, row.reason

    # What everybody may know

    async def position(self, conversation_id: str) -> int | None:
        """How many are served before this one, itself included (1 is next); None when it does not wait."""
        async with self._db.read() as connection:
            query = select(handoffs.c.handoff_id).where(_waiting(), _open_of(conversation_id))
            mine = await connection.scalar(query)
            if mine is None:
                return None
            before = select(func.count()).where(_waiting(), handoffs.c.handoff_id < mine)
            return (await connection.scalar(before) or 0) + 1

    async def latest(self, conversation_id: str) -> Handoff | None:
        """The last handoff of a conversation, open or ended."""
        query = (
            select(handoffs)
            .where(handoffs.c.conversation_id == conversation_id)
            .order_by(handoffs.c.handoff_id.desc())
            .limit(1)
        )
        async with self._db.read() as connection:
            row = (await connection.execute(query)).first()
        return _handoff(row) if row else None

    async def _announce_queue(self) -> None:
        """Positions have moved: tell the desk and everybody who waits."""
        async with self._db.read() as connection:
            waiting = list(await connection.scalars(select(handoffs.c.conversation_id).where(_waiting())))
        metrics.QUEUED.set(len(waiting))
        await self._fanout.publish(DESK_TOPIC, {"type": "queue"})
        for conversation_id in waiting:
            await self._fanout.publish(
                conversation_topic(conversation_id), {"type": "queue", "conversation_id": conversation_id}
            )


_QUEUE_TEXTS = ("utter_queued", "utter_queued_next")


def _waiting() -> Any:
    return handoffs.c.claimed_at.is_(None) & handoffs.c.ended_at.is_(None)


def _open_of(conversation_id: str) -> Any:
    return (handoffs.c.conversation_id == conversation_id) & handoffs.c.ended_at.is_(None)


def _require_mine(conversation: Conversation, agent: Agent) -> None:
    if conversation.state is not State.AGENT or conversation.agent_id != agent.agent_id:
        raise NotYoursError(conversation.conversation_id)


def _handoff(row: Row[Any]) -> Handoff:
    return Handoff(row.reason, row.note, row.intents, row.collected, row.queued_at, row.claimed_at, row.agent_id)
