"""What a supervisor says to the agent alone while the agent serves. It never enters the customer's log."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from bot.clock import Clock
from bot.conversations.fanout import DESK_TOPIC, Fanout
from bot.handoff.tables import handoff_whispers
from bot.staff.models import Agent
from bot.staff.tables import agents
from bot.storage.database import Database


@dataclass(frozen=True)
class Whisper:
    """One remark."""

    author: str
    text: str
    said_at: datetime


class Whispers:
    """Kept beside the conversation, in order."""

    def __init__(self, db: Database, fanout: Fanout, clock: Clock) -> None:
        self._db = db
        self._fanout = fanout
        self._clock = clock

    async def say(self, conversation_id: str, author: Agent, text: str) -> None:
        """Tell whoever serves the conversation."""
        row = {"conversation_id": conversation_id, "author_id": author.agent_id, "text": text}
        async with self._db.write() as connection:
            await connection.execute(insert(handoff_whispers).values(**row, said_at=self._clock()))
        await self._fanout.publish(DESK_TOPIC, {"type": "whisper", "conversation_id": conversation_id})

    async def of(self, conversation_id: str) -> list[Whisper]:
        """Everything that was whispered, in order."""
        query = (
            select(agents.c.name, handoff_whispers.c.text, handoff_whispers.c.said_at)
            .join(agents, agents.c.agent_id == handoff_whispers.c.author_id)
            .where(handoff_whispers.c.conversation_id == conversation_id)
            .order_by(handoff_whispers.c.whisper_id)
        )
        async with self._db.read() as connection:
            return [Whisper(row.name, row.text, row.said_at) for row in await connection.execute(query)]
