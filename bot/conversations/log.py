"""The truth about a conversation: its append-only message log and its state, changed in one transaction at a time."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import takewhile
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.conversations import tables
from bot.conversations.change import Change
from bot.conversations.conversation import Conversation
from bot.conversations.errors import UnknownConversationError
from bot.conversations.fanout import Fanout, channel_topic, conversation_topic
from bot.conversations.messages import Author, Button, Message, State
from bot.conversations.rows import conversation_of, message_of, row_of
from bot.storage.database import Database


class ConversationLog:
    """Opens, reads and changes conversations; every change is announced on the fan-out after its commit."""

    def __init__(self, db: Database, fanout: Fanout, clock: Clock) -> None:
        self._db = db
        self._fanout = fanout
        self._clock = clock

    async def open(self, channel: str) -> Conversation:
        """Start a conversation with the bot."""
        async with self._db.write() as connection:
            return await self.open_within(connection, channel)

    async def open_within(self, connection: AsyncConnection, channel: str) -> Conversation:
        """Start a conversation in the caller's transaction."""
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
        await connection.execute(insert(tables.conversations).values(**row_of(conversation)))
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

    async def since_customer(self, conversation_id: str, *, before: int | None = None) -> list[Message]:
        """What was said since the customer last spoke (before the message `before`), newest first; 20 at most."""
        table = tables.messages
        end = (await self.get(conversation_id)).last_seq + 1 if before is None else before
        recent = table.c.seq.between(end - 20, end - 1)
        said = reversed(await self._select(table.c.conversation_id == conversation_id, recent))
        return list(takewhile(lambda message: message.author is not Author.CUSTOMER, said))

    async def offered_buttons(self, conversation_id: str, *, before: int) -> list[Button]:
        """The buttons offered since the customer last spoke before the message `before`."""
        said = await self.since_customer(conversation_id, before=before)
        return [button for message in said for button in message.buttons]

    @asynccontextmanager
    async def change(self, conversation_id: str) -> AsyncIterator[Change]:
        """One atomic change. Nothing of it stays when the body raises; one that changes nothing is not announced."""
        async with self._db.write() as connection:
            conversation = await _load(connection, conversation_id, lock=True)
            change = Change(connection, conversation, self._clock())
            yield change
            if change.conversation == conversation:
                return  # a retry, say: readers have nothing to read
            await change.save()
        signal = {"type": "changed", "conversation_id": conversation_id}
        await self._fanout.publish(conversation_topic(conversation_id), signal)
        await self._fanout.publish(channel_topic(conversation.channel), signal)
        for announce in change.afterwards:
            await announce()

    async def _select(self, *conditions: Any) -> list[Message]:
        async with self._db.read() as connection:
            rows = await connection.execute(select(tables.messages).where(*conditions).order_by(tables.messages.c.seq))
            return [message_of(row) for row in rows.mappings()]


async def _load(connection: AsyncConnection, conversation_id: str, *, lock: bool = False) -> Conversation:
    query = select(tables.conversations).where(tables.conversations.c.conversation_id == conversation_id)
    row = (await connection.execute(query.with_for_update() if lock else query)).mappings().first()
    if row is None:
        raise UnknownConversationError(conversation_id)
    return conversation_of(row)
