"""Rasa's own memory of dialogues: the SQLite file of its tracker store, from which old and erased ones are removed.

Rasa has no call for it. It reads a tracker anew for each message, so that rows may go at any time.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path

_WAIT_S = 10.0
_OLD = "SELECT sender_id FROM events GROUP BY sender_id HAVING max(timestamp) < ?"


class Trackers:
    """The events of all dialogues, kept per sender `<conversation>.<segment>`."""

    def __init__(self, file: Path) -> None:
        """`file` need not be there: then there are no trackers."""
        self._file = file

    async def erase(self, conversation_ids: Iterable[str]) -> int:
        """Remove every segment of these conversations; how many events there were."""
        ids = list(conversation_ids)

        def erase(connection: sqlite3.Connection) -> int:
            # From `<id>.` up to, not including, the character after the dot.
            query = "DELETE FROM events WHERE sender_id >= ? AND sender_id < ?"
            return sum(connection.execute(query, (f"{each}.", f"{each}/")).rowcount for each in ids)

        return await self._with(erase)

    async def count_before(self, moment: datetime) -> int:
        """How many events belong to dialogues in which nothing has happened since."""
        query = f"SELECT count(*) FROM events WHERE sender_id IN ({_OLD})"  # noqa: S608 - a constant
        return await self._with(lambda connection: int(connection.execute(query, (moment.timestamp(),)).fetchone()[0]))

    async def remove_before(self, moment: datetime, *, limit: int) -> int:
        """Remove `limit` such dialogues at most; how many events there were."""
        query = f"DELETE FROM events WHERE sender_id IN ({_OLD} LIMIT ?)"  # noqa: S608
        return await self._with(lambda connection: connection.execute(query, (moment.timestamp(), limit)).rowcount)

    async def _with(self, work: Callable[[sqlite3.Connection], int]) -> int:
        return await asyncio.to_thread(self._run, work)

    def _run(self, work: Callable[[sqlite3.Connection], int]) -> int:
        if not self._file.exists():
            return 0
        with closing(sqlite3.connect(self._file, timeout=_WAIT_S)) as connection, connection:
            connection.execute("PRAGMA secure_delete=ON")  # overwritten, not only forgotten
            there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchone()
            return work(connection) if there else 0
