"""Who read or changed what of which customer: written once, never changed."""

from typing import Any

from sqlalchemy import insert

from bot.clock import Clock
from bot.privacy.tables import audit_log
from bot.storage.database import Database


class Audit:
    """The append-only log of every access to customer data."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def record(
        self,
        actor: str,
        action: str,
        customer_id: str | None,
        conversation_id: str | None,
        detail: dict[str, Any],
    ) -> None:
        """Append one row. `actor` is `customer`, `system` or `agent:<id>`; `detail` is JSON without personal data."""
        row = {
            "at": self._clock(),
            "actor": actor,
            "action": action,
            "customer_id": customer_id,
            "conversation_id": conversation_id,
            "detail": detail,
        }
        async with self._db.write() as connection:
            await connection.execute(insert(audit_log).values(row))
