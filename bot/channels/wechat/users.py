"""WeChat users, known by their openid, each with one conversation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.channels.wechat.tables import wechat_users
from bot.clock import Clock
from bot.conversations.log import ConversationLog
from bot.storage.database import Database


@dataclass(frozen=True)
class WechatUser:
    """A user and the conversation that is this user's for good."""

    openid: str
    conversation_id: str
    unfollowed_at: datetime | None
    """None while the user follows the account."""


class Users:
    """Meets users and remembers them."""

    def __init__(self, db: Database, log: ConversationLog, clock: Clock) -> None:
        self._db = db
        self._log = log
        self._clock = clock

    async def of(self, openid: str) -> WechatUser:
        """The user with this openid, whose conversation is opened at the first meeting."""
        return await self._find(wechat_users.c.openid == openid) or await self._meet(openid)

    async def in_conversation(self, conversation_id: str) -> WechatUser | None:
        """Whose conversation it is; None when it is no WeChat user's."""
        return await self._find(wechat_users.c.conversation_id == conversation_id)

    async def follow(self, openid: str) -> None:
        """The user follows (again)."""
        await self._note(openid, unfollowed_at=None)

    async def unfollow(self, openid: str) -> None:
        """The user has left; nothing can be sent there any more."""
        await self._note(openid, unfollowed_at=self._clock())

    async def unfollowed_before(self, moment: datetime) -> list[WechatUser]:
        """Who left before `moment` and has not come back."""
        async with self._db.read() as connection:
            rows = await connection.execute(_SELECT.where(wechat_users.c.unfollowed_at < moment))
            return [WechatUser(**row) for row in rows.mappings()]

    async def _find(self, condition: ColumnElement[bool]) -> WechatUser | None:
        async with self._db.read() as connection:
            row = (await connection.execute(_SELECT.where(condition))).mappings().first()
        return WechatUser(**row) if row else None

    async def _meet(self, openid: str) -> WechatUser:
        try:
            async with self._db.write() as connection:
                conversation = await self._log.open_within(connection, "wechat")
                row = {"openid": openid, "conversation_id": conversation.conversation_id}
                await connection.execute(insert(wechat_users).values(**row))
        except IntegrityError:
            pass  # another push of theirs was faster: that one's conversation it is
        return await self.of(openid)

    async def _note(self, openid: str, **values: Any) -> None:
        async with self._db.write() as connection:
            await connection.execute(update(wechat_users).where(wechat_users.c.openid == openid).values(**values))


_SELECT = select(wechat_users.c.openid, wechat_users.c.conversation_id, wechat_users.c.unfollowed_at)
