"""Keeps questions without a useful answer, so that the knowledge base grows by what customers really ask."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from bot.clock import Clock
from bot.knowledge.tables import knowledge_misses
from bot.storage.database import Database
from bot.storage.rows import insert_new


@dataclass(frozen=True)
class Miss:
    """A question without a useful answer; `score` is the best probability found, None when nothing was."""

    miss_id: str
    text: str
    score: float | None
    conversation_id: str
    missed_at: datetime
    answered_by: str | None = None
    """The entry whose answer the customer found of no use; None when nothing was answered."""


class Misses:
    """The knowledge editor's list of gaps."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def record(
        self,
        text: str,
        score: float | None,
        conversation_id: str,
        *,
        answered_by: str | None = None,
        key: str | None = None,
    ) -> None:
        """Keep `text`, in which personal data has been sealed already; the same `key` (32 characters) once."""
        async with self._db.write() as connection:
            await insert_new(
                connection,
                knowledge_misses,
                miss_id=key or secrets.token_hex(16),
                conversation_id=conversation_id,
                text=text,
                score=score,
                answered_by=answered_by,
                missed_at=self._clock(),
            )

    async def latest(self, limit: int) -> list[Miss]:
        """The newest `limit` that nobody has settled, newest first."""
        newest = (
            select(knowledge_misses)
            .where(knowledge_misses.c.settled_at.is_(None))
            .order_by(knowledge_misses.c.missed_at.desc())
            .limit(limit)
        )
        async with self._db.read() as connection:
            return [_miss(row) for row in await connection.execute(newest)]

    async def settle(self, miss_ids: Sequence[str], *, by: str, how: str) -> int:
        """Take questions off the list, saying who did and how; how many there were that nobody had settled."""
        open_ones = knowledge_misses.c.miss_id.in_(miss_ids) & knowledge_misses.c.settled_at.is_(None)
        values = {"settled_at": self._clock(), "settled_by": by, "settled_with": how}
        async with self._db.write() as connection:
            return (await connection.execute(update(knowledge_misses).where(open_ones).values(**values))).rowcount

    async def reopen(self, how: str) -> None:
        """Put questions that were settled like this back on the list."""
        values = dict.fromkeys(("settled_at", "settled_by", "settled_with"))
        async with self._db.write() as connection:
            await connection.execute(
                update(knowledge_misses).where(knowledge_misses.c.settled_with == how).values(values)
            )


def _miss(row: Row[Any]) -> Miss:
    return Miss(row.miss_id, row.text, row.score, row.conversation_id, row.missed_at, row.answered_by)
