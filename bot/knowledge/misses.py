"""Keeps unanswered questions, so that the knowledge base grows by what customers really ask."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from bot.clock import Clock
from bot.knowledge.tables import knowledge_misses
from bot.storage.database import Database


@dataclass(frozen=True)
class Miss:
    """A question without an answer; `score` is the best probability found, None when nothing was."""

    text: str
    score: float | None
    conversation_id: str
    missed_at: datetime


class Misses:
    """The knowledge editor's list of gaps."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def record(self, text: str, score: float | None, conversation_id: str) -> None:
        """Keep `text`, in which personal data has been sealed already."""
        async with self._db.write() as connection:
            await connection.execute(
                insert(knowledge_misses).values(
                    miss_id=secrets.token_hex(16),
                    conversation_id=conversation_id,
                    text=text,
                    score=score,
                    missed_at=self._clock(),
                )
            )

    async def latest(self, limit: int) -> list[Miss]:
        """The newest `limit` misses, newest first."""
        newest = select(knowledge_misses).order_by(knowledge_misses.c.missed_at.desc()).limit(limit)
        async with self._db.read() as connection:
            rows = (await connection.execute(newest)).mappings()
            return [Miss(row["text"], row["score"], row["conversation_id"], row["missed_at"]) for row in rows]
