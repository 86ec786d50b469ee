"""Wrong passwords and codes are counted for each login; too many lock it for a while."""

import hmac
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, select, update

from bot.clock import Clock
from bot.privacy.keys import derive_key
from bot.staff.errors import LoginLockedError
from bot.staff.tables import sign_in_failures as table
from bot.storage.database import Database
from bot.storage.rows import insert_new


class Failures:
    """Counts tries of logins that exist and of those that do not alike."""

    def __init__(self, db: Database, clock: Clock, secret: str, *, tries: int, lock_s: int) -> None:
        """After `tries` wrong ones a login is locked for `lock_s` seconds."""
        self._db = db
        self._clock = clock
        self._key = derive_key(secret, "staff.failures")
        self._tries = tries
        self._lock = timedelta(seconds=lock_s)

    async def count(self, login: str) -> None:
        """Count a try before it is judged, so that tries side by side all count. Raises LoginLockedError."""
        now, login_hash = self._clock(), self._hash(login)
        async with self._db.write() as connection:
            await connection.execute(delete(table).where(table.c.last_at < now - self._lock))
            await insert_new(connection, table, login_hash=login_hash, failures=0, last_at=now)
            mine = table.c.login_hash == login_hash
            row = (await connection.execute(select(table).where(mine).with_for_update())).one()
            if row.locked_until is not None and row.locked_until > now:
                raise LoginLockedError("too many wrong tries")
            failures = row.failures + 1 if row.locked_until is None else 1
            locked_until = now + self._lock if failures >= self._tries else None
            values = {"failures": failures, "last_at": now, "locked_until": locked_until}
            await connection.execute(update(table).where(mine).values(values))

    async def take_back(self, login: str) -> None:
        """The try was right, but is only half of a sign-in: what was counted before stays."""
        mine = table.c.login_hash == self._hash(login)
        async with self._db.write() as connection:
            values = {"failures": table.c.failures - 1, "locked_until": None}
            await connection.execute(update(table).where(mine, table.c.failures > 0).values(values))

    async def forget(self, login: str) -> None:
        """The owner has signed in."""
        async with self._db.write() as connection:
            await connection.execute(delete(table).where(table.c.login_hash == self._hash(login)))

    def _hash(self, login: str) -> str:
        return hmac.new(self._key, login.casefold().encode(), sha256).hexdigest()
