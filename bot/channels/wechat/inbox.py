"""Which pushes were taken in, and whether they are dealt with: one row each, shared by all workers."""

import json
import secrets
from datetime import timedelta

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, func, select, update

from bot.channels.wechat.inbound import Push, push_of
from bot.channels.wechat.tables import wechat_inbound
from bot.clock import Clock
from bot.privacy.keys import derive_key
from bot.storage.database import Database
from bot.storage.rows import insert_new

_KEPT = timedelta(days=1)
"""Far longer than WeChat repeats itself."""
_NONCE_BYTES = 12


class Inbox:
    """Keeps each push, encrypted, until somebody has dealt with it. Whoever claims one has it for `lease_s` seconds."""

    def __init__(self, db: Database, clock: Clock, secret: str, *, lease_s: float) -> None:
        """`secret` is the installation's secret key; `lease_s` is longer than dealing with a push takes."""
        self._db = db
        self._clock = clock
        self._lease = timedelta(seconds=lease_s)
        self._cipher = AESGCM(derive_key(secret, "wechat.inbox"))

    async def claim(self, push: Push) -> bool:
        """Whether the caller is to deal with it: nobody has, and nobody who claimed it can still be at work.

        Each claim but the first lasts as long as the push is old: what fails again and again is tried ever more rarely.
        """
        key, now = push.request_key, self._clock()
        row = {"request_key": key, "openid": push.openid, "sealed": self._sealed(push), "received_at": now}
        mine = wechat_inbound.c.request_key == key
        async with self._db.write() as connection:
            if await insert_new(connection, wechat_inbound, **row, lease_until=now + self._lease):
                return True
            before = (await connection.execute(select(wechat_inbound).where(mine).with_for_update())).one_or_none()
            if before is None or before.sealed is None or before.lease_until > now:
                return False
            lease = max(self._lease, now - before.received_at)
            await connection.execute(update(wechat_inbound).where(mine).values(lease_until=now + lease))
        return True

    async def done(self, push: Push) -> None:
        """It is dealt with; only the knowledge of that is kept."""
        mine = wechat_inbound.c.request_key == push.request_key
        async with self._db.write() as connection:
            await connection.execute(update(wechat_inbound).where(mine).values(sealed=None))

    async def is_done(self, push: Push) -> bool:
        """Whether somebody has dealt with it."""
        done = wechat_inbound.c.request_key == push.request_key, wechat_inbound.c.sealed.is_(None)
        async with self._db.read() as connection:
            return bool(await connection.scalar(select(func.count()).where(*done)))

    async def abandoned(self) -> list[Push]:
        """What was claimed by somebody who has died or failed, oldest first. What is a day old is forgotten."""
        table, now = wechat_inbound, self._clock()
        async with self._db.write() as connection:
            await connection.execute(delete(table).where(table.c.received_at < now - _KEPT))
        query = select(table.c.request_key, table.c.sealed).where(
            table.c.sealed.is_not(None), table.c.lease_until <= now
        )
        async with self._db.read() as connection:
            rows = await connection.execute(query.order_by(table.c.received_at).limit(100))
            return [self._opened(row.request_key, row.sealed) for row in rows]

    def _sealed(self, push: Push) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        content = push.model_dump_json(by_alias=True).encode()
        return nonce + self._cipher.encrypt(nonce, content, push.request_key.encode())

    def _opened(self, request_key: str, sealed: bytes) -> Push:
        nonce, content = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        return push_of(json.loads(self._cipher.decrypt(nonce, content, request_key.encode())))
