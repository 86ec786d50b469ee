"""Is the audit log as it was written? Every row is recomputed, in pages, whatever the length of the log."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.privacy.audit import HEAD_FORGED
from bot.privacy.chain import Chain, Head
from bot.privacy.head import read_head
from bot.privacy.tables import audit_log
from bot.storage.database import Database

_PAGE = 1000
_MOST_BREAKS = 100
_EXPECTED_ELSEWHERE = "the log was set back, or the fingerprint is another installation's"


@dataclass(frozen=True)
class Break:
    """A place where the log is not what was written. `row_id`: the first row concerned; None: the head."""

    row_id: int | None
    what: str

    def __str__(self) -> str:
        return f"head: {self.what}" if self.row_id is None else f"row {self.row_id}: {self.what}"


@dataclass(frozen=True)
class Verification:
    """What was found; intact without `breaks`, of which 100 are told at most, in the order of the rows."""

    rows: int
    breaks: tuple[Break, ...]
    head: Head

    @property
    def since(self) -> datetime | None:
        """Retention has removed rows up to this moment; None: the log is complete."""
        return self.head.base_at


class AuditVerifier:
    """Finds edited, removed, inserted and reordered rows, a tail that was cut off, and a head that was forged.

    An audit log set back as a whole, with the head it had then, is not to be told from one that ended there:
    against that a fingerprint is kept elsewhere and given as `expect`.
    """

    def __init__(self, db: Database, secret: str) -> None:
        """`secret` is the installation's secret key."""
        self._db = db
        self._chain = Chain(secret)

    async def head(self) -> tuple[Head, bool]:
        """Where the log ends, and whether we have signed it; tells nothing about the rows."""
        async with self._db.read() as connection:
            return await read_head(connection, self._chain)

    async def verify(self, *, expect: str | None = None) -> Verification:
        """Go through the whole log. `expect`: a fingerprint (`<row id>:<hash>`) that was the head's once."""
        async with self._db.snapshot() as connection:
            head, genuine = await read_head(connection, self._chain)
            walk = _Walk(self._chain, head)
            async for row in _rows(connection):
                walk.step(row)
            breaks = [*walk.breaks, *_ends(walk, head, genuine)]
            if expect is not None:
                breaks += [Break(None, what) for what in await _compared(connection, head, expect)]
        return Verification(walk.rows, tuple(breaks[:_MOST_BREAKS]), head)


class _Walk:
    """Passes from row to row and notes what does not fit; after a break it goes on from what is there."""

    def __init__(self, chain: Chain, head: Head) -> None:
        self.rows = 0
        self.breaks: list[Break] = []
        self.last_id = head.base_id
        self.last_hash = head.base_hash
        self._chain = chain

    def step(self, row: Row[Any]) -> None:
        self.rows += 1
        if len(self.breaks) < _MOST_BREAKS:
            self.breaks += [Break(row_id, what) for row_id, what in self._found(row)]
        if row.id > self.last_id:
            self.last_id, self.last_hash = row.id, row.hash

    def _found(self, row: Row[Any]) -> Iterator[tuple[int, str]]:
        missing = row.id - self.last_id - 1
        if missing < 0:
            yield row.id, "inserted before the first row"
            return
        if missing > 0:
            yield self.last_id + 1, "removed" if missing == 1 else f"removed, and all to row {row.id - 1}"
        if self._chain.hash(row.previous, row._asdict()) != row.hash:
            yield row.id, "edited, or not written by us"
        elif not missing and row.previous != self.last_hash:
            yield row.id, "reordered: it does not follow the row before it"
        if row.action == HEAD_FORGED:
            yield row.id, f"the head was found forged at {row.at:%Y-%m-%d %H:%M:%S} UTC; rows before may be missing"


def _ends(walk: _Walk, head: Head, genuine: bool) -> Iterator[Break]:
    if not genuine:
        yield Break(None, "forged: it does not carry our signature")
    if walk.last_id < head.last_id:
        yield Break(walk.last_id + 1, f"tail cut off: removed, and all to row {head.last_id}")
    elif walk.last_id > head.last_id:
        yield Break(head.last_id + 1, "not covered by the head: inserted, or the head was set back")
    elif not walk.breaks and walk.last_hash != head.last_hash:
        yield Break(None, "does not fit the last row")


async def _compared(connection: AsyncConnection, head: Head, expect: str) -> list[str]:
    """What speaks against the fingerprint having been ours."""
    row_id, _, hashed = expect.strip().partition(":")
    if not (row_id.isascii() and row_id.isdigit() and len(row_id) < 19 and hashed):
        return [f"{expect!r} is no fingerprint: <row id>:<hash>"]
    noted = int(row_id)
    if noted < head.base_id:
        return [f"row {noted} was removed by retention: compare with a later fingerprint"]
    if noted == head.base_id:
        found: bytes | None = head.base_hash
    else:
        found = await connection.scalar(select(audit_log.c.hash).where(audit_log.c.id == noted))
    if found is None:
        return [f"there is no row {noted}: {_EXPECTED_ELSEWHERE}"]
    return [] if found.hex() == hashed else [f"row {noted} is not the one noted: {_EXPECTED_ELSEWHERE}"]


async def _rows(connection: AsyncConnection) -> AsyncIterator[Row[Any]]:
    last: int | None = None
    while True:
        query = select(audit_log).order_by(audit_log.c.id).limit(_PAGE)
        page = (await connection.execute(query if last is None else query.where(audit_log.c.id > last))).all()
        for row in page:
            yield row
        if len(page) < _PAGE:
            return
        last = page[-1].id
