"""Notes that agents write on a conversation for each other; no customer ever sees them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from bot.clock import Clock
from bot.conversations.fanout import DESK_TOPIC, Fanout
from bot.conversations.log import ConversationLog
from bot.desk.tables import conversation_notes, note_mentions
from bot.privacy.vault import Vault
from bot.staff.models import Agent
from bot.staff.tables import agents
from bot.storage.database import Database
from bot.storage.rows import insert_new


@dataclass(frozen=True)
class Note:
    """`text` is sealed; it stands after the message `after_seq`, and calls for the people in `mentions`."""

    note_id: str
    agent_id: str
    author: str
    text: str
    after_seq: int
    written_at: datetime
    mentions: tuple[str, ...]


class Notes:
    """Writes notes beside the log, which customers read; the desk's pages hear of each."""

    def __init__(self, db: Database, log: ConversationLog, vault: Vault, fanout: Fanout, clock: Clock) -> None:
        self._db = db
        self._log = log
        self._vault = vault
        self._fanout = fanout
        self._clock = clock

    async def write(
        self, conversation_id: str, agent: Agent, note_id: str, text: str, *, mentions: Collection[str] = ()
    ) -> None:
        """Add a note that calls for the agents `mentions`; with a known `note_id`, nothing.

        Raises UnknownConversationError.
        """
        after_seq = (await self._log.get(conversation_id)).last_seq
        sealed = await self._vault.seal(conversation_id, text)
        note = {"note_id": note_id, "conversation_id": conversation_id, "agent_id": agent.agent_id}
        async with self._db.write() as connection:
            new = await insert_new(
                connection, conversation_notes, **note, text=sealed, after_seq=after_seq, written_at=self._clock()
            )
            if not new:
                return
            for mentioned in {*mentions} - {agent.agent_id}:
                row = {"note_id": note_id, "agent_id": mentioned, "conversation_id": conversation_id}
                await insert_new(connection, note_mentions, **row)
        await self._fanout.publish(DESK_TOPIC, {"type": "note", "conversation_id": conversation_id})

    async def of(self, conversation_id: str) -> list[Note]:
        """The notes on a conversation, oldest first."""
        of = conversation_notes.c
        query = (
            select(conversation_notes, agents.c.name)
            .join(agents, agents.c.agent_id == of.agent_id)
            .where(of.conversation_id == conversation_id)
            .order_by(of.written_at, of.note_id)
        )
        called = select(note_mentions).where(note_mentions.c.conversation_id == conversation_id)
        async with self._db.read() as connection:
            rows = (await connection.execute(query)).all()
            mentions = (await connection.execute(called)).all()
        return [
            Note(
                row.note_id,
                row.agent_id,
                row.name,
                row.text,
                row.after_seq,
                row.written_at,
                tuple(sorted(each.agent_id for each in mentions if each.note_id == row.note_id)),
            )
            for row in rows
        ]

    async def seen(self, conversation_id: str, agent: Agent) -> None:
        """The agent has read what called for them here."""
        mine = (note_mentions.c.conversation_id == conversation_id) & (note_mentions.c.agent_id == agent.agent_id)
        async with self._db.write() as connection:
            await connection.execute(
                update(note_mentions).where(mine, note_mentions.c.seen_at.is_(None)).values(seen_at=self._clock())
            )
        await self._fanout.publish(DESK_TOPIC, {"type": "queue"})

    async def unseen(self, agent: Agent) -> dict[str, int]:
        """Conversation → how many notes there call for the agent, unread."""
        of = note_mentions.c
        query = (
            select(of.conversation_id, func.count())
            .where(of.agent_id == agent.agent_id, of.seen_at.is_(None))
            .group_by(of.conversation_id)
        )
        async with self._db.read() as connection:
            return {row[0]: row[1] for row in await connection.execute(query)}
