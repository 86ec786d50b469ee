"""From the bot to a person and back: what customers and agents do, each atomic with the log."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert

from bot import metrics
from bot.conversations import states
from bot.conversations.change import Change
from bot.conversations.conversation import Conversation
from bot.conversations.errors import ForbiddenMoveError
from bot.conversations.log import ConversationLog
from bot.conversations.messages import Author, Draft, Message, State
from bot.conversations.rasa import HandoffWish
from bot.conversations.states import Event
from bot.handoff import records
from bot.handoff.clocks import Measure
from bot.handoff.errors import AlreadyClaimedError, ReservedError, TicketTakenError
from bot.handoff.guards import require, require_serving
from bot.handoff.hours import BusinessHours
from bot.handoff.line import Line
from bot.handoff.notice import CrmNotice
from bot.handoff.records import Handoff
from bot.handoff.routing import EMERGENCIES, Route, route
from bot.handoff.sayings import Sayings
from bot.handoff.survey import Survey
from bot.handoff.tables import handoffs
from bot.handoff.team import Team
from bot.handoff.tickets import Tickets
from bot.staff.models import Agent
from bot.storage.database import Database


class HandoffService:
    """Queues conversations, lets one agent claim each, and gives them back. Moves are atomic with the log."""

    def __init__(
        self,
        db: Database,
        log: ConversationLog,
        line: Line,
        team: Team,
        hours: BusinessHours,
        tickets: Tickets,
        survey: Survey,
        sayings: Sayings,
        notice: CrmNotice,
    ) -> None:
        self._db = db
        self._log = log
        self._line = line
        self._team = team
        self._hours = hours
        self._tickets = tickets
        self._survey = survey
        self._sayings = sayings
        self._notice = notice

    # What the conversation asks for, within its own change

    async def queue(
        self, change: Change, wish: HandoffWish, *, reply_to: int | None = None, by_route: Route | None = None
    ) -> None:
        """Put the conversation into the line and tell the customer the position; `by_route` is what `Routing` found.

        After hours only emergencies wait, for whoever is on duty; others are offered to leave a message.
        """
        states.move(change.conversation.state, Event.HAND_OFF)
        found = by_route or route(wish)
        metrics.HANDOFFS.labels(reason=found.reason).inc()
        if not self._comes_at(wish, change.now):
            await self._tickets.offer(change, wish, reply_to=reply_to)
            return
        change.move(Event.HAND_OFF)
        place = await self._line.join(change, wish, found)
        await change.append(
            self._sayings.queued(place, change.now, urgent=wish.reason in EMERGENCIES), reply_to=reply_to
        )
        change.after_commit(self._line.announce)

    def sayable(self, drafts: list[Draft], wish: HandoffWish, now: datetime) -> list[Draft]:
        """What may be said before `queue`: nothing that promises a person while none will come."""
        return drafts if self._comes_at(wish, now) else self._sayings.without_promises(drafts)

    def _comes_at(self, wish: HandoffWish, now: datetime) -> bool:
        return wish.reason in EMERGENCIES or self._hours.is_open(now)

    def is_cancellation(self, conversation: Conversation, text: str) -> bool:
        """Whether a waiting customer says what the button 取消排队 says, or as much in other words."""
        return conversation.state is State.QUEUED and self._sayings.calls_off(text)

    async def cancel(self, change: Change, *, reply_to: int | None = None) -> None:
        """The customer no longer wants to wait; the bot is back."""
        change.move(Event.CANCEL)
        await records.end(change, Event.CANCEL)
        await change.append(self._sayings.cancelled(), reply_to=reply_to)
        change.after_commit(self._line.announce)

    def is_finish(self, conversation: Conversation, text: str) -> bool:
        """Whether a customer whom an agent serves ends the service."""
        return conversation.state is State.AGENT and self._sayings.is_finish(text)

    async def finish(self, change: Change, *, reply_to: int | None = None) -> None:
        """The customer has no more to ask, and is asked for a rating."""
        agent_id, segment = str(change.conversation.agent_id), change.conversation.segment
        change.move(Event.FINISH)
        row = await self._ended(change, Event.FINISH)
        await change.append(self._survey.question(segment=segment, agent_id=agent_id), reply_to=reply_to)
        await self._notice.served(change, row)

    async def heard(self, change: Change) -> None:
        """The customer has spoken; if people serve, their clocks start."""
        if change.conversation.state in (State.QUEUED, State.AGENT):
            await records.heard(change)

    async def leave(self, change: Change) -> None:
        """The customer has left the channel for good (unfollowed): nobody waits and nobody serves any more."""
        state = change.conversation.state
        if state is State.CLOSED:
            return
        change.move(Event.LEAVE)
        if state is not State.BOT:
            await records.end(change, Event.LEAVE)
            change.after_commit(self._line.announce)

    # What agents do

    async def claim(self, conversation_id: str, agent: Agent) -> None:
        """Take a waiting conversation. Of several who try, one succeeds; AlreadyClaimedError for the others.

        Raises ReservedError while it is for the agent who served this customer last (supervisors do not wait for
        that), and NoRoomError.
        """
        async with self._log.change(conversation_id) as change:
            await self._begin(change, Event.CLAIM, agent)
            row = await records.take(change, agent.agent_id)
            others = row.reserved_until is not None and row.reserved_for != agent.agent_id
            if others and row.reserved_until > change.now and not agent.is_supervisor:
                raise ReservedError(row.reserved_for)
            await self._tickets.settle(change, agent)
            await self._join(change, agent)

    async def claim_next(self, agent: Agent) -> str | None:
        """Take the conversation this agent should have next; None where nobody waits. Raises NoRoomError."""
        for conversation_id in await self._line.best_for(await self._team.member(agent.agent_id)):
            with suppress(AlreadyClaimedError, ReservedError):
                await self.claim(conversation_id, agent)
                return conversation_id
        return None

    async def pick_up(self, conversation_id: str, agent: Agent) -> None:
        """Serve a customer who has left a message. Raises AlreadyClaimedError, TicketTakenError, NoRoomError."""
        async with self._log.change(conversation_id) as change:
            await self._begin(change, Event.PICK_UP, agent)
            reason = await self._tickets.settle(change, agent)
            if reason is None:
                raise TicketTakenError(conversation_id)
            row = {"conversation_id": conversation_id, "reason": reason, "intents": [], "queued_at": change.now}
            await change.connection.execute(insert(handoffs).values(row))
            await records.take(change, agent.agent_id)
            await self._join(change, agent)

    async def _begin(self, change: Change, event: Event, agent: Agent) -> None:
        try:
            change.move(event, agent_id=agent.agent_id)
        except ForbiddenMoveError:
            raise AlreadyClaimedError(change.conversation.conversation_id) from None
        await self._team.require_room(change.connection, agent.agent_id)

    async def _join(self, change: Change, agent: Agent) -> None:
        await change.append(self._sayings.joined(agent))
        change.after_commit(self._line.announce)

    async def reply(self, conversation_id: str, agent: Agent, client_message_id: str, text: str) -> Message:
        """Say something to the customer; the same `client_message_id` again says it once."""
        async with self._log.change(conversation_id) as change:
            before = await change.sent_before(Author.AGENT, client_message_id)
            if before is not None:
                return before
            require_serving(change.conversation, agent)
            draft = Draft(Author.AGENT, text, metadata={"agent": agent.name})
            row = await records.replied(change)
            if row.first_reply_at == change.now:
                self._measure(Measure.FIRST_REPLY, row, change.now)
            return await change.append(draft, client_message_id=client_message_id)

    async def give_back(
        self, conversation_id: str, agent: Agent, *, note: str | None = None, suggestion: str | None = None
    ) -> None:
        """Return the conversation to the bot, which starts afresh; `note` is kept for colleagues.

        A `suggestion` is what the customer may want of the bot next, offered as a button.
        """
        said = self._sayings.returned(suggestion)
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
            require(change.conversation, event, agent)
            said = saying(change.conversation.segment)
            change.move(event)
            row = await self._ended(change, event, note)
            await change.append(said)
            await self._notice.served(change, row, agent.name)

    async def _ended(self, change: Change, event: Event, note: str | None = None) -> Row[Any]:
        row = await records.end(change, event, note)
        self._measure(Measure.RESOLUTION, row, change.now)
        change.after_commit(self._line.announce)
        return row

    def _measure(self, measure: Measure, row: Row[Any], now: datetime) -> None:
        seconds = self._hours.between(row.queued_at, now)
        metrics.SERVICE_SECONDS.labels(clock=measure.value).observe(seconds)

    # What time does

    async def requeue(self, conversation_id: str, agent_id: str) -> None:
        """Put a conversation back where it stood, if its agent is still the one who has vanished."""
        async with self._log.change(conversation_id) as change:
            conversation = change.conversation
            if (conversation.state, conversation.agent_id) != (State.AGENT, agent_id):
                return
            if not await self._team.vanished(change.connection, agent_id):
                return
            change.move(Event.REQUEUE)
            await records.release(change)
            await change.append(self._sayings.requeued())
            change.after_commit(self._line.announce)

    # What everybody may know

    async def position(self, conversation_id: str) -> int | None:
        """How many are served before this one, itself included (1 is next); None when it does not wait."""
        place = await self._line.place(conversation_id)
        return place.position if place else None

    async def latest(self, conversation_id: str) -> Handoff | None:
        """The last handoff of a conversation, open or ended."""
        return await records.latest(self._db, conversation_id)
