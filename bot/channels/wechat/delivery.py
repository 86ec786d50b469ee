"""Brings what the log says to the phone: every message once, in order, by reply or by push (docs/wechat.md).

The log is the truth. Each user has a cursor in it, and what lies beyond the cursor is due. A passive reply moves the
cursor when it is made, and every further try of the same request gets the same reply. A push is announced in the
database before it is sent, and moves the cursor when WeChat has taken it.
"""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import metrics
from bot.channels.port import Picture, PictureGoneError, Reach
from bot.channels.wechat.api import WechatApi
from bot.channels.wechat.budget import Budget
from bot.channels.wechat.cursors import Cursor, Cursors
from bot.channels.wechat.due import Due
from bot.channels.wechat.errors import WechatError
from bot.channels.wechat.outgoing import Choices, News, Passive, Text
from bot.channels.wechat.pusher import Pusher
from bot.channels.wechat.render import Chunk
from bot.clock import Clock
from bot.conversations.log import ConversationLog
from bot.conversations.messages import Message
from bot.storage.database import Database

_GRACE = timedelta(seconds=1)


class Delivery:
    """What is due to users of the channel, and how it gets there. An `OutsideChannel` for the desk."""

    def __init__(
        self,
        db: Database,
        log: ConversationLog,
        clock: Clock,
        *,
        api: WechatApi,
        budget: Budget,
        cursors: Cursors,
        due: Due,
        pusher: Pusher,
        passive_s: float,
    ) -> None:
        """`passive_s` is how long a request of WeChat may stay open."""
        self._db = db
        self._log = log
        self._clock = clock
        self._api = api
        self._budget = budget
        self._cursors = cursors
        self._due = due
        self._pusher = pusher
        self._open = timedelta(seconds=passive_s) + _GRACE

    async def expect(self, openid: str, request_key: str) -> None:
        """A request has come that may soon be answered: until `finish`, or its time is over, pushes wait.

        Called before the message is received, so that no push overtakes the reply.
        """
        now = self._clock()
        async with self._db.write() as connection:
            await self._cursors.open_reply(connection, openid, request_key, open_until=now + self._open, created_at=now)

    async def passive(self, openid: str, request_key: str) -> Passive | None:
        """The reply to a request: as much of what is due as one reply carries, or None when nothing is.

        What it carries counts as delivered. The request must be expected; each further try of it gets the same.
        """
        while True:
            cursor = await self._cursors.of(openid)
            messages = await self._log.messages(cursor.conversation_id, after=cursor.delivered_seq) if cursor else []
            async with self._db.write() as connection:
                given, declined = await self._cursors.reply(connection, request_key)
                if given is not None or declined or cursor is None:
                    return _passive_of(given)
                if not await self._cursors.lock(connection, cursor):
                    continue  # something was delivered meanwhile: look again
                chunk = await self._chunk(connection, cursor, messages)
                if chunk is None:
                    await self._cursors.decide_reply(connection, request_key, declined=True)
                    return None
                message = self._due.message(cursor, chunk, tappable=False)
                assert not isinstance(message, Choices)
                if not await self._cursors.decide_reply(connection, request_key, reply=_json_of(message)):
                    continue  # another try of the same request was faster
                await self._cursors.move(connection, cursor, chunk.end)
            metrics.WECHAT_DELIVERED.labels(by="reply").inc()
            return message

    async def decline(self, request_key: str) -> Passive | None:
        """The time to reply is over: no try of this request gets a reply any more, unless one has got it already.

        WeChat heeds the first answer to several tries: if that was none, what a later one carried would be lost.
        """
        async with self._db.write() as connection:
            await self._cursors.decide_reply(connection, request_key, declined=True)
            given, _ = await self._cursors.reply(connection, request_key)
        return _passive_of(given)

    async def finish(self, openid: str, request_key: str) -> None:
        """The answer to a request, with a reply or without, is out: push what is left."""
        async with self._db.write() as connection:
            await self._cursors.close_reply(connection, request_key)
        cursor = await self._cursors.of(openid)
        if cursor is not None:
            await self.push(cursor.conversation_id)

    async def push(self, conversation_id: str) -> None:
        """Push what is due as far as the budget goes, unless a reply is expected. Never raises because of WeChat."""
        await self._pusher.push(conversation_id)

    async def reach(self, conversation_id: str) -> Reach:
        """What can be pushed to the user of this conversation, and what waits."""
        cursor = await self._cursors.of_conversation(conversation_id)
        if cursor is None:
            return Reach(0, None, 0)
        left = await self._budget.allowance(cursor.openid)
        messages = await self._log.messages(conversation_id, after=cursor.delivered_seq)
        return Reach(left.pushes, left.ends_at, self._due.count(messages))

    async def picture(self, picture_id: str) -> Picture:
        """A picture by its MediaId, which WeChat keeps for three days. Raises PictureGoneError."""
        try:
            media = await self._api.media(picture_id)
        except WechatError as error:
            raise PictureGoneError(str(error)) from error
        return Picture(media.content, media.content_type)

    async def _chunk(self, connection: AsyncConnection, cursor: Cursor, messages: list[Message]) -> Chunk | None:
        """What a reply may carry: nothing while a push is on its way, which it might overtake."""
        if cursor.is_sending(self._clock()):
            return None
        left = await self._budget.left(connection, cursor.openid)
        return self._due.next(cursor, messages, at_most=1 + left.pushes)


def _json_of(message: Passive) -> dict[str, Any]:
    return {"kind": type(message).__name__, **asdict(message)}


def _passive_of(reply: dict[str, Any] | None) -> Passive | None:
    if reply is None:
        return None
    fields = {name: value for name, value in reply.items() if name != "kind"}
    return News(**fields) if reply["kind"] == "News" else Text(**fields)
