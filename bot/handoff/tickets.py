"""Messages left while nobody serves: offered, taken down as tickets with a promised time, answered by agents."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from bot import wording
from bot.conversations.change import Change
from bot.conversations.messages import Author, Message
from bot.conversations.rasa import HandoffWish
from bot.conversations.responses import respond
from bot.conversations.tables import messages
from bot.handoff.errors import TicketTakenError
from bot.handoff.hours import BusinessHours
from bot.handoff.tables import handoff_tickets
from bot.staff.models import Agent
from bot.storage.database import Database
from bot.texts import Texts

_WANTED = "message_wanted"
"""In the metadata of what is said to the customer: why a person was asked for."""


@dataclass(frozen=True)
class Ticket:
    """A message that was left and is not answered yet."""

    ticket_id: int
    conversation_id: str
    reason: str
    text: str
    """Sealed, as the log keeps it."""
    left_at: datetime
    due_at: datetime


class Tickets:
    """What is said between customer and gateway about a message to be left, and the list of those messages."""

    def __init__(self, db: Database, hours: BusinessHours, texts: Texts, *, reply_s: int) -> None:
        """`reply_s` is the business time within which an answer is promised."""
        self._db = db
        self._hours = hours
        self._texts = texts
        self._reply_s = reply_s

    # With the customer

    async def offer(self, change: Change, wish: HandoffWish, *, reply_to: int | None) -> None:
        """Say when people are back, and that a message may be left."""
        opens = wording.moment(self._hours.opens_at(change.now), change.now)
        name = "utter_after_hours" if wish.reason == "asked" else "utter_after_hours_sorry"
        noted = {_WANTED: wish.reason}
        draft = respond(self._texts, Author.SYSTEM, name, noted, opens=opens, promised=self._promised(change.now))
        await change.append(draft, reply_to=reply_to)

    async def step_in(self, change: Change, text: str) -> dict[str, Any] | None:
        """What `text` is, where it answers an offer or our question: `{"step": ask|decline|leave, "reason"}`."""
        for message in await change.since_customer():
            if _WANTED in message.metadata:
                step = self._step(message, text)
                return {"step": step, "reason": message.metadata[_WANTED]} if step else None
        return None

    def _step(self, asked: Message, text: str) -> str | None:
        pressed = text in {button.title for button in asked.buttons}
        if asked.metadata.get("step") == "ask":
            return "decline" if pressed else "leave"
        return "ask" if pressed else None

    async def answer(self, change: Change, message: Message) -> None:
        """Say what follows from a message in whose metadata `step_in` was noted."""
        step = message.metadata["ticket"]
        if step["step"] == "ask":
            noted = {_WANTED: step["reason"], "step": "ask"}
            draft = respond(self._texts, Author.SYSTEM, "utter_leave_message", noted)
        elif step["step"] == "decline":
            draft = respond(self._texts, Author.SYSTEM, "utter_message_not_left")
        else:
            await self._take_down(change, message, step["reason"])
            draft = respond(self._texts, Author.SYSTEM, "utter_message_left", promised=self._promised(change.now))
        await change.append(draft, reply_to=message.seq)

    def _promised(self, now: datetime) -> str:
        return wording.moment(self._hours.after(now, self._reply_s), now)

    async def _take_down(self, change: Change, message: Message, reason: str) -> None:
        await change.connection.execute(
            insert(handoff_tickets).values(
                conversation_id=change.conversation.conversation_id,
                seq=message.seq,
                reason=reason,
                left_at=change.now,
                due_at=self._hours.after(change.now, self._reply_s),
            )
        )

    # With agents

    async def open(self) -> list[Ticket]:
        """What waits for an answer, by promised time."""
        of_message = (messages.c.conversation_id == handoff_tickets.c.conversation_id) & (
            messages.c.seq == handoff_tickets.c.seq
        )
        query = (
            select(handoff_tickets, messages.c.text)
            .join(messages, of_message)
            .where(handoff_tickets.c.taken_at.is_(None))
            .order_by(handoff_tickets.c.due_at, handoff_tickets.c.ticket_id)
            .limit(200)
        )
        async with self._db.read() as connection:
            return [_ticket(row) for row in await connection.execute(query)]

    async def conversation_of(self, ticket_id: int) -> str:
        """Raises TicketTakenError where there is no such ticket."""
        query = select(handoff_tickets.c.conversation_id).where(handoff_tickets.c.ticket_id == ticket_id)
        async with self._db.read() as connection:
            conversation_id = await connection.scalar(query)
        if conversation_id is None:
            raise TicketTakenError(str(ticket_id))
        return str(conversation_id)

    async def settle(self, change: Change, agent: Agent) -> str | None:
        """The agent serves the customer: all that was left is in good hands. The reason of the newest, if any was."""
        of = handoff_tickets.c
        taken = await change.connection.execute(
            update(handoff_tickets)
            .where(of.conversation_id == change.conversation.conversation_id, of.taken_at.is_(None))
            .values(taken_at=change.now, agent_id=agent.agent_id)
            .returning(of.seq, of.reason)
        )
        return max(((row.seq, row.reason) for row in taken), default=(0, None))[1]


def _ticket(row: Row[Any]) -> Ticket:
    return Ticket(row.ticket_id, row.conversation_id, row.reason, row.text, row.left_at, row.due_at)
