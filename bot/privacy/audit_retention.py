"""Letting go of the oldest part of the audit log: a signed checkpoint stands for it, and the rest stays provable."""

from dataclasses import replace
from datetime import datetime
from itertools import takewhile

import structlog
from sqlalchemy import delete, func, select

from bot.privacy.chain import Chain
from bot.privacy.head import lock_head, save_head
from bot.privacy.tables import audit_log
from bot.storage.database import Database

_log = structlog.get_logger(__name__)


class AuditRetention:
    """Removes rows from the beginning of the chain, never from its midst."""

    def __init__(self, db: Database, secret: str) -> None:
        """`secret` is the installation's secret key."""
        self._db = db
        self._chain = Chain(secret)

    async def count_before(self, moment: datetime) -> int:
        """How many rows are older."""
        async with self._db.read() as connection:
            return await connection.scalar(select(func.count()).where(audit_log.c.at < moment)) or 0

    async def remove_before(self, moment: datetime, *, limit: int) -> int:
        """Remove older rows, `limit` at most; how many. None is removed while the head is not ours."""
        log = audit_log.c
        async with self._db.write() as connection:
            head, genuine = await lock_head(connection, self._chain)
            if not genuine:
                _log.error("audit_head_forged", hint="nothing is removed; run: python -m bot audit verify")
                return 0
            oldest = select(log.id, log.hash, log.at).where(log.id > head.base_id).order_by(log.id).limit(limit)
            old = list(takewhile(lambda row: row.at < moment, await connection.execute(oldest)))
            if not old:
                return 0
            last = old[-1]
            checkpoint = replace(head, base_id=last.id, base_hash=last.hash, base_at=last.at)
            await save_head(connection, self._chain, checkpoint)  # first: the triggers look at it
            await connection.execute(delete(audit_log).where(log.id > head.base_id, log.id <= last.id))
            return len(old)
