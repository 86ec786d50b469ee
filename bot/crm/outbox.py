"""Writes to the CRM that wait until it has taken them. A row leaves only when the CRM has confirmed it.

A process that dies between the confirmation and the removal leaves the row behind; it is then delivered again with
the same idempotency key, which the port makes harmless. So every write arrives once, in the order of its subject.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Row, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.crm.errors import UnknownWriteError
from bot.crm.tables import crm_outbox
from bot.crm.writes import CrmWrite, from_json, to_json
from bot.privacy.audit import Audit
from bot.privacy.keys import derive_key
from bot.storage.database import Database
from bot.storage.rows import insert_new


@dataclass(frozen=True)
class Waiting:
    """A write that the CRM has not taken yet, without its content. `parked_at`: refused, and waits for a person."""

    write_id: int
    kind: str
    subject: str
    created_at: datetime
    attempts: int
    next_at: datetime
    parked_at: datetime | None
    error: str | None


@dataclass(frozen=True)
class Due:
    """The write to deliver next, and how often that was tried."""

    write_id: int
    write: CrmWrite
    attempts: int


class CrmOutbox:
    """Keeps writes, encrypted, in the order in which they were made."""

    def __init__(self, db: Database, clock: Clock, audit: Audit, secret: str) -> None:
        """`secret` is the installation's secret key."""
        self._db = db
        self._clock = clock
        self._audit = audit
        self._cipher = AESGCM(derive_key(secret, "crm.outbox"))
        self._news = asyncio.Event()

    async def add(self, connection: AsyncConnection, write: CrmWrite) -> None:
        """Keep `write` within the caller's transaction; with a key that waits already nothing happens.

        Call `nudge` after the commit, or it will wait for the deliverer's next look.
        """
        nonce = secrets.token_bytes(12)
        now = self._clock()
        await insert_new(
            connection,
            crm_outbox,
            kind=write.kind,
            subject=write.subject,
            idempotency_key=write.idempotency_key,
            sealed=nonce + self._cipher.encrypt(nonce, to_json(write), write.idempotency_key.encode()),
            created_at=now,
            attempts=0,
            next_at=now,
        )

    def nudge(self) -> None:
        """Something was committed: let this process's deliverer look at once."""
        self._news.set()

    async def news(self, timeout_s: float) -> None:
        """Returns after a nudge, or when `timeout_s` have passed without one."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), timeout_s)
        self._news.clear()

    async def due(self) -> Due | None:
        """The oldest write that may be tried now; one behind an earlier one of its subject has to wait."""
        earlier = crm_outbox.alias()
        first = ~exists().where(earlier.c.subject == crm_outbox.c.subject, earlier.c.write_id < crm_outbox.c.write_id)
        statement = (
            select(crm_outbox)
            .where(crm_outbox.c.parked_at.is_(None), crm_outbox.c.next_at <= self._clock(), first)
            .order_by(crm_outbox.c.write_id)
            .limit(1)
        )
        while True:
            async with self._db.read() as connection:
                row = (await connection.execute(statement)).one_or_none()
            if row is None:
                return None
            try:
                return Due(row.write_id, self._opened(row), row.attempts)
            except (InvalidTag, ValueError):
                await self._park(row.write_id, row.attempts, "it does not open: kept under another SECRET_KEY?")

    async def about(self, subjects: Collection[str]) -> list[CrmWrite]:
        """The writes of these subjects with their content, oldest first; those that do not open are left out."""
        mine = select(crm_outbox).where(crm_outbox.c.subject.in_(subjects)).order_by(crm_outbox.c.write_id)
        async with self._db.read() as connection:
            rows = (await connection.execute(mine)).all()
        writes = []
        for row in rows:
            with contextlib.suppress(InvalidTag, ValueError):
                writes.append(self._opened(row))
        return writes

    async def delivered(self, write_id: int) -> None:
        """The CRM has confirmed it."""
        async with self._db.write() as connection:
            await connection.execute(delete(crm_outbox).where(crm_outbox.c.write_id == write_id))

    async def failed(self, due: Due, error: str, *, again_in_s: float) -> None:
        """Try it again later; what comes after it in its subject waits too."""
        next_at = self._clock() + timedelta(seconds=again_in_s)
        await self._set(due.write_id, attempts=due.attempts + 1, next_at=next_at, error=error)

    async def park(self, due: Due, error: str) -> None:
        """Leave it to a person: as it is, the CRM will never take it."""
        await self._park(due.write_id, due.attempts, error)

    async def waiting(self) -> list[Waiting]:
        """Everything the CRM has not taken, oldest first."""
        async with self._db.read() as connection:
            return [_waiting(row) for row in await connection.execute(select(crm_outbox).order_by("write_id"))]

    async def counts(self) -> tuple[int, int]:
        """How many writes wait, and how many are parked."""
        parked = func.count(crm_outbox.c.parked_at)
        async with self._db.read() as connection:
            total, stuck = (await connection.execute(select(func.count(), parked).select_from(crm_outbox))).one()
        return total - stuck, stuck

    async def retry(self, write_id: int, actor: str) -> None:
        """Try it again at once. `actor` as in the audit log. Raises UnknownWriteError."""
        async with self._db.write() as connection:
            await _update(connection, write_id, parked_at=None, next_at=self._clock())
            detail, reason = {"write_id": write_id}, "the CRM is to get it"
            await self._audit.record(
                actor, "crm_outbox.retry", None, None, detail, reason=reason, connection=connection
            )
        self.nudge()

    async def discard(self, write_id: int, actor: str, reason: str) -> None:
        """Give it up, for a reason that is kept; what waits behind it goes on. Raises UnknownWriteError."""
        removal = delete(crm_outbox).where(crm_outbox.c.write_id == write_id)
        async with self._db.write() as connection:
            removed = await connection.execute(removal.returning(crm_outbox.c.kind, crm_outbox.c.subject))
            row = removed.one_or_none()
            if row is None:
                raise UnknownWriteError(write_id)
            detail = {"write_id": write_id, "kind": row.kind, "subject": row.subject}
            await self._audit.record(
                actor, "crm_outbox.discard", None, None, detail, reason=reason, connection=connection
            )
        self.nudge()

    def _opened(self, row: Row[Any]) -> CrmWrite:
        """Raises InvalidTag and ValueError."""
        return from_json(self._cipher.decrypt(row.sealed[:12], row.sealed[12:], row.idempotency_key.encode()))

    async def _park(self, write_id: int, attempts: int, error: str) -> None:
        await self._set(write_id, attempts=attempts + 1, parked_at=self._clock(), error=error)

    async def _set(self, write_id: int, **values: object) -> None:
        async with self._db.write() as connection:
            await _update(connection, write_id, **values)


async def _update(connection: AsyncConnection, write_id: int, **values: object) -> None:
    changed = await connection.execute(update(crm_outbox).where(crm_outbox.c.write_id == write_id).values(**values))
    if changed.rowcount == 0:
        raise UnknownWriteError(write_id)


def _waiting(row: Row[tuple[object, ...]]) -> Waiting:
    kept = row._mapping
    return Waiting(**{name: kept[name] for name in Waiting.__dataclass_fields__})
