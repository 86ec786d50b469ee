"""How far each user's phone has got, who is pushing to it, and which passive replies are still expected."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.wechat.render import PIECE_BYTES, Position
from bot.channels.wechat.tables import wechat_replies, wechat_users, wechat_windows
from bot.conversations.tables import conversations
from bot.storage.database import Database
from bot.storage.rows import insert_new

_KEPT = timedelta(days=1)
_COLUMNS = (
    "openid",
    "conversation_id",
    "delivered_seq",
    "delivered_chars",
    "sending_by",
    "sending_until",
    "in_doubt",
    "failures",
    "retry_at",
    "piece_bytes",
)
_AT_REST = {"sending_by": None, "sending_until": None, "in_doubt": False, "failures": 0, "retry_at": None}
Json = dict[str, Any]


@dataclass(frozen=True)
class Cursor:
    """One user's row, as far as delivery is concerned."""

    openid: str
    conversation_id: str
    delivered_seq: int
    delivered_chars: int
    sending_by: str | None
    sending_until: datetime | None
    in_doubt: bool
    failures: int
    retry_at: datetime | None
    piece_bytes: int | None

    @property
    def position(self) -> Position:
        return Position(self.delivered_seq, self.delivered_chars)

    @property
    def limit(self) -> int:
        """Bytes of one text; WeChat may have asked for less than usual."""
        return self.piece_bytes or PIECE_BYTES

    @property
    def may_repeat(self) -> bool:
        """Whether what is due may have arrived: a push of it ended in doubt, or its sender died."""
        return self.in_doubt or self.sending_by is not None

    def is_sending(self, now: datetime) -> bool:
        """Whether somebody who is alive is pushing to this user."""
        return self.sending_until is not None and self.sending_until > now


class Cursors:
    """Reads and writes the rows; whoever decides something from one locks it first."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def of(self, openid: str) -> Cursor | None:
        """The cursor of a user; None for one who never wrote."""
        return await self._one(wechat_users.c.openid == openid)

    async def of_conversation(self, conversation_id: str) -> Cursor | None:
        """The cursor of the user of a conversation."""
        return await self._one(wechat_users.c.conversation_id == conversation_id)

    async def behind(self, now: datetime) -> list[str]:
        """Conversations whose log goes on beyond what was delivered, with something left to push now."""
        open_window = (
            select(wechat_windows.c.openid)
            .where(
                wechat_windows.c.openid == wechat_users.c.openid,
                wechat_windows.c.ends_at > now,
                wechat_windows.c.pushes_left > 0,
            )
            .exists()
        )
        query = (
            select(wechat_users.c.conversation_id)
            .join(conversations)
            .where(
                conversations.c.last_seq > wechat_users.c.delivered_seq,
                or_(wechat_users.c.retry_at.is_(None), wechat_users.c.retry_at <= now),
                or_(wechat_users.c.sending_until.is_(None), wechat_users.c.sending_until <= now),
                open_window,
            )
        )
        async with self._db.read() as connection:
            return list(await connection.scalars(query))

    async def shows_typing(self, conversation_id: str, now: datetime, *, again_after: timedelta) -> str | None:
        """The openid to whom typing is to be shown, unless it was just now, by whichever worker."""
        due = or_(wechat_users.c.typing_at.is_(None), wechat_users.c.typing_at <= now - again_after)
        row = update(wechat_users).where(wechat_users.c.conversation_id == conversation_id, due)
        async with self._db.write() as connection:
            openid: str | None = await connection.scalar(row.values(typing_at=now).returning(wechat_users.c.openid))
        return openid

    # Within the change of whoever delivers

    async def lock(self, connection: AsyncConnection, seen: Cursor) -> bool:
        """Keep the row as it was `seen` until the change ends; False when it is no longer so."""
        row = await connection.execute(_select(wechat_users.c.openid == seen.openid).with_for_update())
        return Cursor(*row.one()) == seen

    async def write(self, connection: AsyncConnection, cursor: Cursor, **values: Any) -> None:
        """Change columns of the row."""
        mine = wechat_users.c.openid == cursor.openid
        await connection.execute(update(wechat_users).where(mine).values(**values))

    async def move(self, connection: AsyncConnection, cursor: Cursor, position: Position) -> None:
        """The phone has got everything up to `position`."""
        moved = {"delivered_seq": position.seq, "delivered_chars": position.chars}
        await self.write(connection, cursor, **moved, **_AT_REST)

    async def end_push(self, connection: AsyncConnection, cursor: Cursor, sender: str, **values: Any) -> bool:
        """Change columns of the row and free it, if `sender` still holds it."""
        held = (wechat_users.c.openid == cursor.openid) & (wechat_users.c.sending_by == sender)
        freed = update(wechat_users).where(held).values(sending_by=None, sending_until=None, **values)
        return (await connection.execute(freed)).rowcount == 1

    async def expects_reply(self, connection: AsyncConnection, openid: str, now: datetime) -> bool:
        """Whether a passive reply to this user may still come."""
        waiting = select(wechat_replies.c.request_key).where(
            wechat_replies.c.openid == openid, wechat_replies.c.open_until > now
        )
        return await connection.scalar(waiting.limit(1)) is not None

    async def open_reply(self, connection: AsyncConnection, openid: str, request_key: str, **times: datetime) -> None:
        """A request has come that may be answered within `open_until`; old ones are forgotten."""
        old = wechat_replies.c.created_at < times["created_at"] - _KEPT
        await connection.execute(delete(wechat_replies).where(wechat_replies.c.openid == openid, old))
        if not await insert_new(connection, wechat_replies, request_key=request_key, openid=openid, **times):
            await self.decide_reply(connection, request_key, open_until=times["open_until"])

    async def reply(self, connection: AsyncConnection, request_key: str) -> tuple[Json | None, bool]:
        """The reply that a request was given, and whether it is settled that it gets none."""
        query = select(wechat_replies.c.reply, wechat_replies.c.declined)
        row = (await connection.execute(query.where(wechat_replies.c.request_key == request_key))).one_or_none()
        return (row.reply, row.declined) if row else (None, True)

    async def decide_reply(self, connection: AsyncConnection, request_key: str, **values: Any) -> bool:
        """Change columns of a request's row; False when its reply was given or declined before."""
        undecided = (
            (wechat_replies.c.request_key == request_key)
            & wechat_replies.c.reply.is_(null())
            & wechat_replies.c.declined.is_(False)
        )
        return (await connection.execute(update(wechat_replies).where(undecided).values(**values))).rowcount == 1

    async def close_reply(self, connection: AsyncConnection, request_key: str) -> None:
        """Pushes need not wait for this request any longer."""
        mine = wechat_replies.c.request_key == request_key
        await connection.execute(update(wechat_replies).where(mine).values(open_until=None))

    async def _one(self, condition: Any) -> Cursor | None:
        async with self._db.read() as connection:
            row = (await connection.execute(_select(condition))).one_or_none()
        return Cursor(*row) if row else None


def _select(condition: Any) -> Any:
    return select(*(wechat_users.c[name] for name in _COLUMNS)).where(condition)
