"""The head of the audit log's chain in its table: read, locked, saved; and what is done when it was forged."""

from typing import Any

import structlog
from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.privacy.chain import START, Chain, Head
from bot.privacy.tables import audit_head, audit_log
from bot.storage.rows import insert_new

_ONE = 1
_FIELDS = ("last_id", "last_hash", "base_id", "base_hash", "base_at")
_log = structlog.get_logger(__name__)


async def read_head(connection: AsyncConnection, chain: Chain) -> tuple[Head, bool]:
    """The head, and whether it is ours. Without one an empty log is new, and any other has been tampered with."""
    return await _examined(connection, chain, await _find(connection))


async def lock_head(connection: AsyncConnection, chain: Chain) -> tuple[Head, bool]:
    """As `read_head`, and nobody else appends until the transaction ends.

    Lock nothing else afterwards: writers who take their other locks first never wait for each other in a circle.
    """
    row = await _find(connection, lock=True)
    if row is None:
        head, genuine = await _examined(connection, chain, None)
        signature = chain.sign(head) if genuine else START  # nobody's
        await insert_new(connection, audit_head, id=_ONE, **_values(head), signature=signature)
        row = await _find(connection, lock=True)
    return await _examined(connection, chain, row)


async def save_head(connection: AsyncConnection, chain: Chain, head: Head) -> None:
    """Sign and keep the head, which this transaction has locked."""
    values = {**_values(head), "signature": chain.sign(head)}
    await connection.execute(update(audit_head).where(audit_head.c.id == _ONE).values(values))


async def rebuild_head(connection: AsyncConnection) -> Head:
    """A head that fits the rows that are there, to go on from when the one that was there is not ours."""
    _log.error("audit_head_forged")
    first = (await connection.execute(select(audit_log).order_by(audit_log.c.id).limit(1))).one_or_none()
    last = (await connection.execute(select(audit_log).order_by(audit_log.c.id.desc()).limit(1))).one_or_none()
    if first is None or last is None:
        return Head()
    return Head(last.id, last.hash, first.id - 1, first.previous)


async def _find(connection: AsyncConnection, *, lock: bool = False) -> Row[Any] | None:
    query = select(audit_head).where(audit_head.c.id == _ONE)
    return (await connection.execute(query.with_for_update() if lock else query)).one_or_none()


async def _examined(connection: AsyncConnection, chain: Chain, row: Row[Any] | None) -> tuple[Head, bool]:
    if row is None:
        return Head(), await connection.scalar(select(audit_log.c.id).limit(1)) is None
    head = Head(**{name: row._mapping[name] for name in _FIELDS})
    return head, chain.is_signed(head, row.signature)


def _values(head: Head) -> dict[str, Any]:
    return {name: getattr(head, name) for name in _FIELDS}
