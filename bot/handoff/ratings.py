"""How satisfied customers were with a service segment: 1 (very bad) to 5 (very good)."""

import secrets

from sqlalchemy import insert, update

from bot.clock import Clock
from bot.conversations.log import ConversationLog
from bot.handoff.tables import ratings
from bot.storage.database import Database


class Ratings:
    """Keeps one rating a segment; a second one replaces the first, since customers change their minds."""

    def __init__(self, db: Database, log: ConversationLog, clock: Clock) -> None:
        self._db = db
        self._log = log
        self._clock = clock

    async def rate(self, conversation_id: str, score: int) -> None:
        """Keep `score` (1–5) for the present segment. Raises ValueError outside that range."""
        if not 1 <= score <= 5:
            raise ValueError(f"a rating is 1 to 5, not {score}")
        segment = (await self._log.get(conversation_id)).segment
        rated = {"score": score, "rated_at": self._clock()}
        key = (ratings.c.conversation_id == conversation_id) & (ratings.c.segment == segment)
        async with self._db.write() as connection:
            if (await connection.execute(update(ratings).where(key).values(**rated))).rowcount:
                return
            await connection.execute(
                insert(ratings).values(
                    rating_id=secrets.token_hex(16), conversation_id=conversation_id, segment=segment, **rated
                )
            )
