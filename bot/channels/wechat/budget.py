"""How much we may still push to one user: WeChat counts, so we count too, and never ask for more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.wechat.tables import wechat_windows
from bot.clock import Clock
from bot.storage.database import Database
from bot.storage.rows import insert_new


class Occasion(str, Enum):
    """What a user did that lets us push."""

    MESSAGE = "message"
    EVENT = "event"


_GRANTS = {Occasion.MESSAGE: (5, timedelta(hours=48)), Occasion.EVENT: (3, timedelta(minutes=1))}
"""Pushes and time of each occasion, as WeChat publishes them; a new occasion replaces what was left of the last."""


@dataclass(frozen=True)
class Allowance:
    """What may still be pushed at this moment."""

    pushes: int
    ends_at: datetime | None
    """When the last open window closes; None when none is open."""


class Budget:
    """Opens windows when users act, and takes from them what is pushed. Counted per openid."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def opened_by_message(self, openid: str) -> None:
        """The user wrote: five pushes in 48 hours."""
        await self._open(openid, Occasion.MESSAGE)

    async def opened_by_event(self, openid: str) -> None:
        """The user followed, scanned, or tapped the menu or an item of a msgmenu: three pushes in one minute."""
        await self._open(openid, Occasion.EVENT)

    async def closed(self, openid: str) -> None:
        """The user unfollowed, or WeChat says that nothing can be sent."""
        async with self._db.write() as connection:
            await self.close(connection, openid)

    async def allowance(self, openid: str) -> Allowance:
        """What is left now."""
        async with self._db.read() as connection:
            return await self.left(connection, openid)

    # Within the change of whoever delivers

    async def left(self, connection: AsyncConnection, openid: str) -> Allowance:
        """What is left now."""
        windows = await self._open_windows(connection, openid)
        ends_at = max((window.ends_at for window in windows), default=None)
        return Allowance(sum(window.pushes_left for window in windows), ends_at)

    async def take(self, connection: AsyncConnection, openid: str) -> Occasion | None:
        """Count one push against the window that closes first; None when nothing is left."""
        usable = [window for window in await self._open_windows(connection, openid) if window.pushes_left > 0]
        if not usable:
            return None
        occasion = Occasion(min(usable, key=lambda window: window.ends_at).occasion)
        await self._add(connection, openid, occasion, -1)
        return occasion

    async def give_back(self, connection: AsyncConnection, openid: str, occasion: Occasion) -> None:
        """The push that was counted did not happen."""
        await self._add(connection, openid, occasion, 1)

    async def exhaust(self, connection: AsyncConnection, openid: str) -> None:
        """WeChat says that everything is spent: it knows better."""
        mine = wechat_windows.c.openid == openid
        await connection.execute(update(wechat_windows).where(mine).values(pushes_left=0))

    async def close(self, connection: AsyncConnection, openid: str) -> None:
        """No window is open any more."""
        await connection.execute(delete(wechat_windows).where(wechat_windows.c.openid == openid))

    async def _open(self, openid: str, occasion: Occasion) -> None:
        pushes, lasting = _GRANTS[occasion]
        granted = {"pushes_left": pushes, "ends_at": self._clock() + lasting}
        async with self._db.write() as connection:
            if not await insert_new(connection, wechat_windows, openid=openid, occasion=occasion.value, **granted):
                await connection.execute(update(wechat_windows).where(_of(openid, occasion)).values(**granted))

    async def _open_windows(self, connection: AsyncConnection, openid: str) -> list[Row[Any]]:
        query = select(wechat_windows).where(
            wechat_windows.c.openid == openid, wechat_windows.c.ends_at > self._clock()
        )
        return list(await connection.execute(query))

    async def _add(self, connection: AsyncConnection, openid: str, occasion: Occasion, pushes: int) -> None:
        left = wechat_windows.c.pushes_left + pushes
        await connection.execute(update(wechat_windows).where(_of(openid, occasion)).values(pushes_left=left))


def _of(openid: str, occasion: Occasion) -> ColumnElement[bool]:
    return (wechat_windows.c.openid == openid) & (wechat_windows.c.occasion == occasion.value)
