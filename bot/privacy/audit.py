"""Who read or changed what of which customer, and why: written once, never changed, bound to the row before."""

import json
from dataclasses import replace
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.privacy.chain import Chain, Head
from bot.privacy.detect import find
from bot.privacy.head import lock_head, rebuild_head, save_head
from bot.privacy.tables import audit_log
from bot.storage.database import Database

HEAD_FORGED = "audit.head_forged"
"""The action of the row that is written when the head turned out not to be ours; `verify` reports it for good."""

CUSTOMER = "customer"
SYSTEM = "system"
_CUSTOMER_REQUEST = "customer request"


class Audit:
    """The append-only log of every access to customer data."""

    def __init__(self, db: Database, clock: Clock, secret: str) -> None:
        """`secret` is the installation's secret key."""
        self._db = db
        self._clock = clock
        self._chain = Chain(secret)

    async def record(
        self,
        actor: str,
        action: str,
        customer_id: str | None,
        conversation_id: str | None,
        detail: dict[str, Any],
        *,
        reason: str | None = None,
        connection: AsyncConnection | None = None,
    ) -> None:
        """Append one row, within the caller's transaction where its `connection` is given.

        `actor` is `customer`, `system`, `agent:<id>` or `admin:<user>`; `detail` is JSON without personal data.
        `reason` says what for, in words of people's own where they were asked (numbers and the like are taken out);
        what customers do themselves is its own reason. With a `connection` this must be the
        last thing the transaction does: everybody who appends waits for its end, and must hold nothing it may want.
        """
        row = {
            "at": self._clock(),
            "actor": actor,
            "action": action,
            "customer_id": customer_id,
            "conversation_id": conversation_id,
            "reason": _without_personal_data(reason) or (_CUSTOMER_REQUEST if actor == CUSTOMER else None),
            "detail": json.loads(json.dumps(detail)),  # as it will be read: enumerations are strings there
        }
        if connection is not None:
            await self._append(connection, row)
            return
        async with self._db.write() as own:
            await self._append(own, row)

    async def _append(self, connection: AsyncConnection, row: dict[str, Any]) -> None:
        head, genuine = await lock_head(connection, self._chain)
        if not genuine:
            # The service goes on, and so does the log; what was found stands in it from now on.
            head = await self._link(connection, await rebuild_head(connection), _forged(row))
        await save_head(connection, self._chain, await self._link(connection, head, row))

    async def _link(self, connection: AsyncConnection, head: Head, row: dict[str, Any]) -> Head:
        linked = self._chain.hash(head.last_hash, row)
        values = {**row, "id": head.last_id + 1, "previous": head.last_hash, "hash": linked}
        await connection.execute(insert(audit_log).values(values))
        return replace(head, last_id=head.last_id + 1, last_hash=linked)


def _without_personal_data(reason: str | None) -> str | None:
    """The reason with what is sealed elsewhere named only by its kind: here nobody could erase it."""
    for finding in reversed(find(reason or "")):
        reason = f"{(reason or '')[: finding.start]}[{finding.kind.label}]{(reason or '')[finding.end :]}"
    return reason


def _forged(row: dict[str, Any]) -> dict[str, Any]:
    found = {"actor": SYSTEM, "action": HEAD_FORGED, "reason": "the head does not carry our signature"}
    return {**row, **found, "customer_id": None, "conversation_id": None, "detail": {}}
