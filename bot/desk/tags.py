"""Tags by which agents find conversations again."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path

import yaml
from sqlalchemy import delete, func, select

from bot.clock import Clock
from bot.desk.tables import conversation_tags
from bot.staff.models import Agent
from bot.storage.database import Database
from bot.storage.rows import insert_new

MOST = 8
"""How many one conversation may have."""
_OFFERED = 30
_FILE = Path(__file__).with_name("tags.yml")


class Tags:
    """Which conversation has which tags; any short word may be one."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def put(self, conversation_id: str, agent: Agent, tags: Collection[str]) -> None:
        """Let the conversation have these tags and no others."""
        here = conversation_tags.c.conversation_id == conversation_id
        async with self._db.write() as connection:
            await connection.execute(delete(conversation_tags).where(here, conversation_tags.c.tag.not_in(tags)))
            for tag in tags:
                row = {"conversation_id": conversation_id, "tag": tag, "agent_id": agent.agent_id}
                await insert_new(connection, conversation_tags, **row, tagged_at=self._clock())

    async def of(self, conversation_ids: Sequence[str]) -> dict[str, list[str]]:
        """The tags of those of the conversations that have any, in the order they were given."""
        query = (
            select(conversation_tags.c.conversation_id, conversation_tags.c.tag)
            .where(conversation_tags.c.conversation_id.in_(conversation_ids))
            .order_by(conversation_tags.c.tagged_at, conversation_tags.c.tag)
        )
        found: dict[str, list[str]] = {}
        async with self._db.read() as connection:
            for row in await connection.execute(query):
                found.setdefault(row.conversation_id, []).append(row.tag)
        return found

    async def offered(self) -> list[str]:
        """Tags to choose from: those that ship (`tags.yml`), then the others by how often they are used."""
        used = select(conversation_tags.c.tag).group_by(conversation_tags.c.tag).order_by(func.count().desc())
        async with self._db.read() as connection:
            others = await connection.scalars(used.limit(_OFFERED))
            return list(dict.fromkeys([*_shipped(), *others]))


@lru_cache
def _shipped() -> list[str]:
    return list(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
