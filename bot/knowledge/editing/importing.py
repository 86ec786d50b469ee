"""Takes a table of entries in: good rows become drafts, of the others it is told what is wrong."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.knowledge.editing.current import CurrentKnowledge
from bot.knowledge.editing.errors import InvalidDraftError
from bot.knowledge.editing.faults import column_of, entry_of, reason_of
from bot.knowledge.editing.models import Draft
from bot.knowledge.editing.rows import as_json, record_of
from bot.knowledge.editing.service import Editing
from bot.knowledge.editing.sheets import SheetRow, read_sheet
from bot.knowledge.entries import FaqRecord
from bot.staff.models import Agent

_OTHER = re.compile(r"is also in (\S+)$")


@dataclass(frozen=True)
class BadCell:
    """`row` as the spreadsheet numbers it; `column` by its title, None where the whole row is meant."""

    row: int
    column: str | None
    reason: str


@dataclass(frozen=True)
class ImportReport:
    """What became of a table."""

    drafts: list[Draft]
    unchanged: int
    """Rows that say what holds already."""
    bad: list[BadCell]


class SheetImport:
    """Reads tables for an editor."""

    def __init__(self, editing: Editing, current: CurrentKnowledge) -> None:
        self._editing = editing
        self._current = current

    async def take(self, author: Agent, content: bytes) -> ImportReport:
        """A draft for each good row that changes something. Raises UnreadableSheetError."""
        rows = await asyncio.to_thread(read_sheet, content)
        now = {record.id: record for record in await self._current.records()}
        bad: list[BadCell] = []
        changed: dict[int, FaqRecord] = {}
        for row in rows:
            try:
                record = _record(row, changed.values())
            except InvalidDraftError as error:
                bad += _bad_cells(row.number, error.problems)
            else:
                if record != now.get(record.id):
                    changed[row.number] = record
        unchanged = len(rows) - len(changed) - len({cell.row for cell in bad})
        bad += await self._clashes(changed)
        refused = {cell.row for cell in bad}
        drafts = [
            await self._editing.begin(author, record.id, as_json(record))
            for number, record in changed.items()
            if number not in refused
        ]
        return ImportReport(drafts, unchanged, sorted(bad, key=lambda cell: cell.row))

    async def _clashes(self, changed: dict[int, FaqRecord]) -> list[BadCell]:
        """What does not go with the rest of the knowledge base or with another row."""
        rows = {record.id: number for number, record in changed.items()}
        if not rows:
            return []
        faults = await self._current.faults_with(list(changed.values()))
        return [cell for fault in faults if (row := rows.get(_meant(fault, rows))) for cell in _bad_cells(row, [fault])]


def _record(row: SheetRow, before: Iterable[FaqRecord]) -> FaqRecord:
    record = record_of(row.entry_id, row.content)
    assert record is not None  # only no content at all makes none
    if any(each.id == record.id for each in before):
        raise InvalidDraftError("field id: the id comes twice")
    return record


def _meant(fault: str, rows: dict[str, int]) -> str:
    """The entry of the table that a fault is of: the one that it names first, else the other one."""
    first = entry_of(fault) or ""
    other = _OTHER.search(fault)
    return first if first in rows or other is None else other[1]


def _bad_cells(row: int, faults: Sequence[str]) -> list[BadCell]:
    return [BadCell(row, column_of(fault), reason_of(fault)) for fault in faults]
