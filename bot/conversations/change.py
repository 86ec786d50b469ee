"""One transaction on one conversation."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from itertools import takewhile

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations import states
from bot.conversations.conversation import Conversation
from bot.conversations.messages import Author, Draft, Message
from bot.conversations.rows import message_of, row_of
from bot.conversations.states import Event
from bot.conversations.tables import conversations, messages

_BEGIN_SEGMENTS = {Event.CLAIM, Event.PICK_UP, Event.TRANSFER, Event.TAKE_OVER, Event.RETURN, Event.REOPEN}


class Change:
    """One transaction on one conversation, whose row is locked until it ends. Made by `ConversationLog.change`."""

    def __init__(self, connection: AsyncConnection, conversation: Conversation, now: datetime) -> None:
        self.connection = connection
        self.conversation = conversation
        """The conversation with what this change has done to it so far."""
        self.now = now
        self.afterwards: list[Callable[[], Awaitable[None]]] = []

    def after_commit(self, announce: Callable[[], Awaitable[None]]) -> None:
        """Have `announce` awaited once the change is committed."""
        self.afterwards.append(announce)

    def move(self, event: Event, *, agent_id: str | None = None) -> None:
        """Change the state by `event`; raises ForbiddenMoveError.

        Each stretch of service by one agent, and each of the bot after it, is a segment of its own: a rating
        belongs to a segment.
        """
        state = states.after(self.conversation.state, event)
        self.conversation = replace(self.conversation, state=state, agent_id=agent_id)
        if event in _BEGIN_SEGMENTS:
            self.start_segment()

    def start_segment(self) -> None:
        """Let the next message begin a fresh dialogue."""
        self.conversation = replace(self.conversation, segment=self.conversation.segment + 1)

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
        self.conversation = replace(self.conversation, last_seq=seq)
        if draft.author is Author.CUSTOMER:
            self.conversation = replace(self.conversation, customer_spoke_at=self.now)
        await self.connection.execute(
            insert(messages).values(
                conversation_id=self.conversation.conversation_id,
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
        row = await self.connection.execute(
            select(messages).where(
                messages.c.conversation_id == self.conversation.conversation_id,
                messages.c.author == author.value,
                messages.c.client_message_id == client_message_id,
            )
        )
        found = row.mappings().first()
        return message_of(found) if found else None

    async def since_customer(self) -> list[Message]:
        """What was said since the customer last spoke, newest first; 20 at most."""
        mine = messages.c.conversation_id == self.conversation.conversation_id
        query = select(messages).where(mine).order_by(messages.c.seq.desc()).limit(20)
        said = map(message_of, (await self.connection.execute(query)).mappings())
        return list(takewhile(lambda message: message.author is not Author.CUSTOMER, said))

    async def mark_handled(self, seq: int) -> bool:
        """Claim the customer message `seq` as dealt with; False when it was already."""
        result = await self.connection.execute(
            update(messages)
            .where(
                messages.c.conversation_id == self.conversation.conversation_id,
                messages.c.seq == seq,
                messages.c.handled.is_(False),
            )
            .values(handled=True)
        )
        return result.rowcount == 1

    async def save(self) -> None:
        """Write what changed; called once by `ConversationLog.change`."""
        changed = replace(self.conversation, updated_at=self.now)
        await self.connection.execute(
            update(conversations)
            .where(conversations.c.conversation_id == changed.conversation_id)
            .values(**row_of(changed))
        )
