"""How satisfied customers were with a service segment: 1 (very bad) to 5 (very good)."""

import re
import secrets
from enum import Enum

from sqlalchemy import ColumnElement, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.conversations.log import ConversationLog
from bot.handoff.tables import ratings
from bot.storage.database import Database

_DIGIT = re.compile(r"(?<!\d)([1-5一二两三四五])\s*(?:分|颗?星|$|[，。！!,.])")
_CHINESE = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_WORDS = (
    (1, "非常不满|很不满|太差|很差|极差|差评|垃圾"),
    (2, "不满意|不太满意|不好|不怎么样"),
    (5, "非常满意|很满意|特别满意|十分满意|满分|好评|非常好|很好|太好了|特别好"),
    (4, "满意|不错|挺好|还好"),
    (3, "一般|还行|凑合|马马虎虎"),
)


class Reason(str, Enum):
    """Why a customer was not satisfied."""

    UNSOLVED = "unsolved"
    SLOW = "slow"
    MISUNDERSTOOD = "misunderstood"
    ATTITUDE = "attitude"


class Ratings:
    """Keeps one rating a segment; a second one replaces the first, since customers change their minds."""

    def __init__(self, db: Database, log: ConversationLog, clock: Clock) -> None:
        self._db = db
        self._log = log
        self._clock = clock

    async def rate(self, conversation_id: str, score: int) -> None:
        """Keep `score` (1–5) for the present segment. Raises ValueError outside that range."""
        check(score)
        segment = (await self._log.get(conversation_id)).segment
        async with self._db.write() as connection:
            await self.record(connection, conversation_id, segment, score)

    async def record(
        self,
        connection: AsyncConnection,
        conversation_id: str,
        segment: int,
        score: int,
        agent_id: str | None = None,
    ) -> None:
        """Keep `score` (1–5) for a segment, that agent's if one served it, within the caller's transaction."""
        check(score)
        rated = {"score": score, "reason": None, "agent_id": agent_id, "rated_at": self._clock()}
        if (await connection.execute(update(ratings).where(_of(conversation_id, segment)).values(**rated))).rowcount:
            return
        await connection.execute(
            insert(ratings).values(
                rating_id=secrets.token_hex(16), conversation_id=conversation_id, segment=segment, **rated
            )
        )

    async def explain(self, conversation_id: str, reason: Reason) -> None:
        """Keep why the present segment was rated as it was; nothing where it has not been rated."""
        segment = (await self._log.get(conversation_id)).segment
        async with self._db.write() as connection:
            await self.record_reason(connection, conversation_id, segment, reason)

    async def record_reason(
        self, connection: AsyncConnection, conversation_id: str, segment: int, reason: Reason
    ) -> None:
        """The same for any segment, within the caller's transaction."""
        rated = update(ratings).where(_of(conversation_id, segment))
        await connection.execute(rated.values(reason=reason.value))


def _of(conversation_id: str, segment: int) -> ColumnElement[bool]:
    return (ratings.c.conversation_id == conversation_id) & (ratings.c.segment == segment)


def check(score: int) -> None:
    """Raises ValueError unless `score` is a rating."""
    if not 1 <= score <= 5:
        raise ValueError(f"a rating is 1 to 5, not {score}")


def score_of(text: str | None) -> int | None:
    """The rating from 1 to 5 that `text` gives in digits, stars or words, if it gives one."""
    if not text:
        return None
    digit = _DIGIT.search(text)
    if digit:
        return _CHINESE.get(digit[1]) or int(digit[1])
    return next((score for score, words in _WORDS if re.search(words, text)), None)
