"""Pushes what is due, within the budget: announced in the database, sent, then told whether it arrived."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import metrics
from bot.channels.wechat.api import WechatApi
from bot.channels.wechat.budget import Budget, Occasion
from bot.channels.wechat.cursors import Cursor, Cursors
from bot.channels.wechat.due import Due
from bot.channels.wechat.errors import (
    InDoubtError,
    NoMenuError,
    PausedError,
    QuotaSpentError,
    TooLongError,
    UnknownUserError,
    WechatError,
    WindowClosedError,
)
from bot.channels.wechat.outgoing import Outgoing
from bot.channels.wechat.render import Chunk, Position
from bot.clock import Clock
from bot.conversations.fanout import Fanout, conversation_topic
from bot.conversations.log import ConversationLog
from bot.storage.database import Database

_LEASE = timedelta(seconds=90)
"""Longer than a push takes with all its tries: a sender that has not reported back by then is dead."""
_FIRST_RETRY_S, _LAST_RETRY_S = 5, 600
_SMALLEST_PIECE = 256
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Push:
    """A push that was announced and is about to be sent."""

    cursor: Cursor
    chunk: Chunk
    message: Outgoing
    occasion: Occasion
    sender: str


class Pusher:
    """One push at a time to each user, by whichever worker announced it first."""

    def __init__(
        self,
        db: Database,
        log: ConversationLog,
        fanout: Fanout,
        clock: Clock,
        *,
        api: WechatApi,
        budget: Budget,
        cursors: Cursors,
        due: Due,
        unbind: Callable[[str], Awaitable[object]],
        verified: bool,
    ) -> None:
        """`unbind` takes a conversation whose user WeChat no longer knows; `verified` accounts may send msgmenu."""
        self._db = db
        self._log = log
        self._fanout = fanout
        self._clock = clock
        self._api = api
        self._budget = budget
        self._cursors = cursors
        self._due = due
        self._unbind = unbind
        self._tappable = verified

    async def push(self, conversation_id: str) -> None:
        """Push until nothing is due, the budget is spent, or WeChat wants no more; what is left stays due.

        Never raises because of WeChat.
        """
        while (push := await self._announce(conversation_id)) is not None:
            try:
                await self._api.send(push.cursor.openid, push.message)
            except WechatError as error:
                again = await self._failed(push, error)
            else:
                again = await self._arrived(push)
            await self._fanout.publish(
                conversation_topic(conversation_id), {"type": "delivery", "conversation_id": conversation_id}
            )
            if not again:
                return

    async def _announce(self, conversation_id: str) -> _Push | None:
        while True:
            cursor = await self._cursors.of_conversation(conversation_id)
            now = self._clock()
            if cursor is None or cursor.is_sending(now) or (cursor.retry_at is not None and cursor.retry_at > now):
                return None
            messages = await self._log.messages(conversation_id, after=cursor.delivered_seq)
            if not messages:
                return None
            async with self._db.write() as connection:
                if not await self._cursors.lock(connection, cursor):
                    continue  # somebody else was at it: look again
                if await self._cursors.expects_reply(connection, cursor.openid, now):
                    return None
                left = (await self._budget.left(connection, cursor.openid)).pushes
                chunk = self._due.next(cursor, messages, at_most=left)
                if chunk is None:  # the customer spoke last
                    await self._cursors.move(connection, cursor, Position(messages[-1].seq))
                    return None
                occasion = await self._budget.take(connection, cursor.openid)
                if occasion is None:
                    return None
                sender = secrets.token_hex(8)
                announced = {"sending_by": sender, "sending_until": now + _LEASE, "in_doubt": cursor.may_repeat}
                await self._cursors.write(connection, cursor, **announced)
            message = self._due.message(cursor, chunk, tappable=self._tappable)
            return _Push(cursor, chunk, message, occasion, sender)

    async def _arrived(self, push: _Push) -> bool:
        end = push.chunk.end
        reached = {"delivered_seq": end.seq, "delivered_chars": end.chars, "in_doubt": False}
        metrics.WECHAT_DELIVERED.labels(by="push").inc()
        async with self._db.write() as connection:
            return await self._report(connection, push, failures=0, retry_at=None, **reached)

    async def _failed(self, push: _Push, error: WechatError) -> bool:
        """Keep what is due for later, in the way the error asks for; says whether to go on at once."""
        openid, conversation_id = push.cursor.openid, push.cursor.conversation_id
        _log.warning("wechat_push_failed", conversation_id=conversation_id, cause=str(error))
        async with self._db.write() as connection:
            if not await self._report(connection, push, **self._remedy(push.cursor, error)):
                return False
            if not isinstance(error, InDoubtError):
                await self._budget.give_back(connection, openid, push.occasion)
            if isinstance(error, QuotaSpentError):
                await self._budget.exhaust(connection, openid)
            elif isinstance(error, WindowClosedError | UnknownUserError):
                await self._budget.close(connection, openid)
        if isinstance(error, UnknownUserError):
            await self._unbind(conversation_id)
        if isinstance(error, NoMenuError):
            self._tappable = False
        return isinstance(error, TooLongError | NoMenuError)

    def _remedy(self, cursor: Cursor, error: WechatError) -> dict[str, Any]:
        """What the error changes for the next push to this user."""
        if isinstance(error, NoMenuError | QuotaSpentError | WindowClosedError | UnknownUserError):
            return {}
        if isinstance(error, TooLongError) and cursor.limit > _SMALLEST_PIECE:
            return {"piece_bytes": max(_SMALLEST_PIECE, cursor.limit // 2)}
        wait = min(_FIRST_RETRY_S * 2 ** min(cursor.failures, 10), _LAST_RETRY_S)
        seconds = error.seconds if isinstance(error, PausedError) else wait
        return {
            "failures": cursor.failures + 1,
            "retry_at": self._clock() + timedelta(seconds=seconds),
            "in_doubt": cursor.may_repeat or isinstance(error, InDoubtError),
        }

    async def _report(self, connection: AsyncConnection, push: _Push, **values: Any) -> bool:
        """End the push that was announced; False when it took so long that somebody else has begun anew."""
        if await self._cursors.end_push(connection, push.cursor, push.sender, **values):
            return True
        _log.error("wechat_push_overtaken", conversation_id=push.cursor.conversation_id)
        return False
