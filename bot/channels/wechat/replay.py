"""A signature is good for a short time and for one message.

In plain mode it covers only the token, the timestamp and the nonce: whoever saw one push could sign another with it.
"""

import re
from datetime import datetime, timedelta, timezone
from hashlib import sha256

from sqlalchemy import delete, select

from bot.channels.wechat.errors import ReplayError, SignatureError
from bot.channels.wechat.tables import wechat_nonces
from bot.clock import Clock
from bot.storage.database import Database
from bot.storage.rows import insert_new

_TIMESTAMP = re.compile(r"[0-9]{1,11}")


class ReplayGuard:
    """Refuses old timestamps, and nonces that came with other content; WeChat's own repetitions pass."""

    def __init__(self, db: Database, clock: Clock, *, window_s: int) -> None:
        """`window_s` is how far a timestamp may be from our clock, in either direction."""
        self._db = db
        self._clock = clock
        self._window = timedelta(seconds=window_s)

    def check_time(self, timestamp: str) -> None:
        """Raises SignatureError when it is not seconds since 1970, or too far from now."""
        if not _TIMESTAMP.fullmatch(timestamp):
            raise SignatureError("no timestamp")
        sent_at = datetime.fromtimestamp(int(timestamp), timezone.utc)
        if abs(self._clock() - sent_at) > self._window:
            raise SignatureError("timestamp too far from now")

    async def check_nonce(self, timestamp: str, nonce: str, content: str) -> None:
        """Raises ReplayError when the nonce came with other content within the time in which it would be accepted."""
        nonce_hash, content_hash = _hash(f"{timestamp} {nonce}"), _hash(content)
        table, now = wechat_nonces, self._clock()
        async with self._db.write() as connection:
            await connection.execute(delete(table).where(table.c.expires_at < now))
            row = {"nonce_hash": nonce_hash, "content_hash": content_hash, "expires_at": now + 2 * self._window}
            if await insert_new(connection, table, **row):
                return
            before = await connection.scalar(select(table.c.content_hash).where(table.c.nonce_hash == nonce_hash))
        if before != content_hash:
            raise ReplayError("nonce used before, for something else")


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
