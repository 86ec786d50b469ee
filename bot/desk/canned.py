"""Replies that agents write again and again, found by words, pinyin initials or a shortcut."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter
from pypinyin import Style, lazy_pinyin
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.desk.errors import ShortcutTakenError, UnknownReplyError
from bot.desk.tables import canned_replies
from bot.staff.models import Agent
from bot.storage.database import Database
from bot.storage.rows import insert_new

_FILE = Path(__file__).with_name("canned_replies.yml")


class Wording(BaseModel):
    """What a reply says.

    The page fills in `{客户称呼}` (王女士; nothing for a stranger), `{坐席姓名}`, `{银行}` and `{热线}`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    shortcut: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,16}$")]
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32)]
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


@dataclass(frozen=True)
class CannedReply:
    """A reply to choose; `initials` are those of its title in pinyin (退款进度: tkjd)."""

    reply_id: str
    shortcut: str
    title: str
    text: str
    initials: str


class CannedReplies:
    """The replies of this installation. An empty table begins with those that ship (`canned_replies.yml`)."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def all(self) -> list[CannedReply]:
        """Every reply, by shortcut."""
        query = select(canned_replies).order_by(canned_replies.c.shortcut)
        async with self._db.read() as connection:
            rows = (await connection.execute(query)).all()
        if not rows:
            await self._ship()
            async with self._db.read() as connection:
                rows = (await connection.execute(query)).all()
        return [CannedReply(row.reply_id, row.shortcut, row.title, row.text, initials(row.title)) for row in rows]

    async def add(self, agent: Agent, wording: Wording) -> str:
        """Keep another reply; its id. Raises ShortcutTakenError."""
        reply_id = uuid4().hex
        row = {**wording.model_dump(), "changed_by": agent.agent_id, "changed_at": self._clock()}
        async with self._db.write() as connection:
            if not await insert_new(connection, canned_replies, reply_id=reply_id, **row):
                raise ShortcutTakenError(wording.shortcut)
        return reply_id

    async def change(self, agent: Agent, reply_id: str, wording: Wording) -> None:
        """Let a reply say something else. Raises ShortcutTakenError and UnknownReplyError."""
        values = {**wording.model_dump(), "changed_by": agent.agent_id, "changed_at": self._clock()}
        statement = update(canned_replies).where(canned_replies.c.reply_id == reply_id).values(values)
        try:
            async with self._db.write() as connection:
                if (await connection.execute(statement)).rowcount == 0:
                    raise UnknownReplyError(reply_id)
        except IntegrityError as error:
            raise ShortcutTakenError(wording.shortcut) from error

    async def remove(self, reply_id: str) -> None:
        """Let nobody choose it any more. Raises UnknownReplyError."""
        statement = delete(canned_replies).where(canned_replies.c.reply_id == reply_id)
        async with self._db.write() as connection:
            if (await connection.execute(statement)).rowcount == 0:
                raise UnknownReplyError(reply_id)

    async def _ship(self) -> None:
        now = self._clock()
        rows = [{"reply_id": uuid4().hex, **each.model_dump(), "changed_at": now} for each in shipped()]
        try:
            async with self._db.write() as connection:
                await connection.execute(insert(canned_replies), rows)
        except IntegrityError:
            return  # another process was faster


def initials(title: str) -> str:
    """`tkjd` for 退款进度: what people type to find it."""
    return "".join(lazy_pinyin(title, style=Style.FIRST_LETTER)).lower()


@lru_cache
def shipped() -> tuple[Wording, ...]:
    """The replies every installation begins with."""
    return tuple(TypeAdapter(list[Wording]).validate_python(yaml.safe_load(_FILE.read_text(encoding="utf-8"))))
