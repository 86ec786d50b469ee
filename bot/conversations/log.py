"""The truth about a conversation: its append-only message log and its state, changed in one transaction at a time."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.conversations import states, tables
from bot.conversations.errors import UnknownConversationError
from bot.conversations.fanout import Fanout, conversation_topic
from bot.conversations.messages import Author, Button, Draft, Message, State
from bot.conversations.states import Event
from bot.storage.database import Database


@dataclass(frozen=True)
class Conversation:
    """The state of one conversation as it was read."""

    conversation_id: str
    channel: str
    state: State
    segment: int
    last_seq: int
    agent_id: str | None
    created_at: datetime
    updated_at: datetime
    customer_spoke_at: datetime | None

    @property
    def sender_id(self) -> str:
        """The name under which Rasa knows the present segment of this conversation."""
        return f"{self.conversation_id}.{self.segment}"


def conversation_of(sender_id: str) -> str:
    """The conversation id within a Rasa sender id."""
    return sender_id.rpartition(".")[0]


class Change:
    """One transaction on one conversation, whose row is locked until it ends. Made by `ConversationLog.change`."""

    def __init__(self, connection: AsyncConnection, conversation: Conversation, now: datetime) -> None:
        self.connection = connection
        self.now = now
        self._read = conversation
        self._values: dict[str, Any] = {}
        self.afterwards: list[Callable[[], Awaitable[None]]] = []

    def after_commit(self, announce: Callable[[], Awaitable[None]]) -> None:
        """Have `announce` awaited once the change is committed."""
        self.afterwards.append(announce)

    @property
    def conversation(self) -> Conversation:
        """The conversation with what this change has done to it so far."""
        return Conversation(**{**self._read.__dict__, **self._values})

    def move(self, event: Event, *, agent_id: str | None = None) -> None:
        """Change the state by `event`; raises ForbiddenMoveError. A return to the bot starts a new segment."""
        self._values["state"] = states.after(self.conversation.state, event)
        self._values["agent_id"] = agent_id
        if event in (Event.RETURN, Event.REOPEN):
            self.start_segment()

    def start_segment(self) -> None:
        """Let the next message begin a fresh dialogue."""
        self._values["segment"] = self.conversation.segment + 1

    async def append(
        self,
        draft: Draft,
        *,
        client_message_id: str | None = None,
        reply_to: int | None = None,
        handled: bool = True,
    ) -> Message:
        """Add a message at the end of the log."""
        seq = self.conversation.last_seq + 1
        self._values["last_seq"] = seq
        if draft.author is Author.CUSTOMER:
            self._values["customer_spoke_at"] = self.now
        await self.connection.execute(
            insert(tables.messages).values(
                conversation_id=self._read.conversation_id,
                seq=seq,
                author=draft.author.value,
                text=draft.text,
                buttons=[button.__dict__ for button in draft.buttons],
                cards=list(draft.cards),
                metadata=draft.metadata,
                client_message_id=client_message_id,
                reply_to=reply_to,
                handled=handled,
                created_at=self.now,
            )
        )
        return Message(
            **draft.__dict__, seq=seq, client_message_id=client_message_id, reply_to=reply_to, created_at=self.now
        )

    async def sent_before(self, author: Author, client_message_id: str) -> Message | None:
        """The message that came with this id already: what makes an append idempotent."""
        table = tables.messages
        row = await self.connection.execute(
            select(table).where(
                table.c.conversation_id == self._read.conversation_id,
                table.c.author == author.value,
                table.c.client_message_id == client_message_id,
            )
        )
        found = row.mappings().first()
        return _message(found) if found else None

    async def mark_handled(self, seq: int) -> bool:
        """Claim the customer message `seq` as dealt with; False when it was already."""
        table = tables.messages
        result = await self.connection.execute(
            update(table)
            .where(
                table.c.conversation_id == self._read.conversation_id, table.c.seq == seq, table.c.handled.is_(False)
            )
            .values(handled=True)
        )
        return result.rowcount == 1

    async def save(self) -> None:
        """Write what changed; called once by `ConversationLog.change`."""
        await self.connection.execute(
            update(tables.conversations)
            .where(tables.conversations.c.conversation_id == self._read.conversation_id)
            .values(**_plain({**self._values, "updated_at": self.now}))
        )


class ConversationLog:
    """Opens, reads and changes conversations; every change is announced on the fan-out after its commit."""

    def __init__(self, db: Database, fanout: Fanout, clock: Clock) -> None:
        self._db = db
        self._fanout = fanout
        self._clock = clock

    async def open(self, channel: str) -> Conversation:
        """Start a conversation with the bot."""
        now = self._clock()
        conversation = Conversation(
            secrets.token_hex(16),
            channel,
            State.BOT,
            1,
            0,
            None,
            created_at=now,
            updated_at=now,
            customer_spoke_at=None,
        )
        async with self._db.write() as connection:
            await connection.execute(insert(tables.conversations).values(**_plain(conversation.__dict__)))
        return conversation

    async def get(self, conversation_id: str) -> Conversation:
        """Raises UnknownConversationError."""
        async with self._db.read() as connection:
            return await _load(connection, conversation_id)

    async def messages(self, conversation_id: str, *, after: int = 0) -> list[Message]:
        """Everything with a sequence number above `after`, in order."""
        table = tables.messages
        return await self._select(table.c.conversation_id == conversation_id, table.c.seq > after)

    async def replies(self, conversation_id: str, seq: int) -> list[Message]:
        """What was said in answer to the customer message `seq`."""
        table = tables.messages
        return await self._select(table.c.conversation_id == conversation_id, table.c.reply_to == seq)

    async def unhandled(self, conversation_id: str) -> list[Message]:
        """Customer messages nobody has dealt with yet, in order."""
        table = tables.messages
        return await self._select(table.c.conversation_id == conversation_id, table.c.handled.is_(False))

    async def offered_buttons(self, conversation_id: str, *, before: int) -> list[Button]:
        """The buttons offered since the customer last spoke before the message `before`."""
        buttons: list[Button] = []
        table = tables.messages
        recent = table.c.seq.between(before - 20, before - 1)
        for message in reversed(await self._select(table.c.conversation_id == conversation_id, recent)):
            if message.author is Author.CUSTOMER:
                break
            buttons.extend(message.buttons)
        return buttons

    @asynccontextmanager
    async def change(self, conversation_id: str) -> AsyncIterator[Change]:
        """One atomic change. Nothing of it stays when the body raises."""
        async with self._db.write() as connection:
            conversation = await _load(connection, conversation_id, lock=True)
            change = Change(connection, conversation, self._clock())
            yield change
            await change.save()
        await self._fanout.publish(
            conversation_topic(conversation_id), {"type": "changed", "conversation_id": conversation_id}
        )
        for announce in change.afterwards:
            await announce()

    async def _select(self, *conditions: Any) -> list[Message]:
        async with self._db.read() as connection:
            rows = await connection.execute(select(tables.messages).where(*conditions).order_by(tables.messages.c.seq))
            return [_message(row) for row in rows.mappings()]


async def _load(connection: AsyncConnection, conversation_id: str, *, lock: bool = False) -> Conversation:
    query = select(tables.conversations).where(tables.conversations.c.conversation_id == conversation_id)
    row = (await connection.execute(query.with_for_update() if lock else query)).mappings().first()
    if row is None:
        raise UnknownConversationError(conversation_id)
    return Conversation(**{**row, "state": State(row["state"])})


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.value if isinstance(value, State) else value for name, value in values.items()}


def _message(row: Any) -> Message:
    return Message(
        author=Author(row["author"]),
        text=row["text"],
        buttons=tuple(Button(**button) for button in row["buttons"]),
        cards=tuple(row["cards"]),
        metadata=row["metadata"],
        seq=row["seq"],
        client_message_id=row["client_message_id"],
        reply_to=row["reply_to"],
        created_at=row["created_at"],
    )
