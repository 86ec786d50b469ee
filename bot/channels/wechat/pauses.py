"""Calls that WeChat has refused for being too many, or altogether: every worker leaves them alone for a while."""

from datetime import timedelta

from sqlalchemy import select, update

from bot.channels.wechat.errors import PausedError
from bot.channels.wechat.tables import wechat_pauses
from bot.clock import Clock
from bot.storage.database import Database
from bot.storage.rows import insert_new


class Pauses:
    """A circuit breaker for each kind of call, kept in the database: one refusal opens it, time closes it."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def check(self, api: str) -> None:
        """Raises PausedError while `api` rests."""
        async with self._db.read() as connection:
            until = await connection.scalar(select(wechat_pauses.c.until).where(wechat_pauses.c.api == api))
        now = self._clock()
        if until is not None and until > now:
            raise PausedError(api, (until - now).total_seconds())

    async def begin(self, api: str, pause: timedelta) -> None:
        """Let `api` rest from now on."""
        until = self._clock() + pause
        async with self._db.write() as connection:
            if not await insert_new(connection, wechat_pauses, api=api, until=until):
                await connection.execute(update(wechat_pauses).where(wechat_pauses.c.api == api).values(until=until))
