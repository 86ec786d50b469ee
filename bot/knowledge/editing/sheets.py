"""Entries as a table that a spreadsheet opens: out as they hold now, in as drafts with a report of every bad row."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

from bot.knowledge.editing.errors import EditingError
from bot.knowledge.editing.faults import FIELDS
from bot.knowledge.entries import FaqRecord
from bot.spreadsheet import Cell, Sheet
from bot.storage.text import storable

_NEEDED = ("id", "question", "phrasings", "answer")
MOST_ROWS = 5000
_MOST_UNPACKED = 64 * 1024 * 1024
_GUARDED = re.compile(r"'(?= *[=+\-@\t\r\n＝＋－＠])")
"""The apostrophe that keeps what looks like a formula a text."""


class UnreadableSheetError(EditingError):
    """Neither a workbook nor a table of text, or without the columns that an entry needs."""

    code = "unreadable_sheet"


@dataclass(frozen=True)
class SheetRow:
    """A row as it was typed, without empty cells; `number` counts from 1, the header being 1."""

    number: int
    entry_id: str
    content: dict[str, Any]


def sheet_of(records: Iterable[FaqRecord]) -> Sheet:
    """One row an entry, one line of a cell a phrasing."""
    rows: list[tuple[Cell, ...]] = [
        (each.id, each.question, "\n".join(each.phrasings), each.answer, each.valid_from, each.valid_until)
        for each in records
    ]
    return Sheet("知识条目", tuple(FIELDS.values()), rows)


def read_sheet(content: bytes) -> list[SheetRow]:
    """The rows of an XLSX or CSV file (UTF-8, or GB 18030 as Excel writes it). Raises UnreadableSheetError."""
    table = _workbook(content) if content.startswith(b"PK") else _text(content)
    header = [cell.strip() for cell in next(table, [])]
    places = {field: header.index(title) for field, title in FIELDS.items() if title in header}
    if any(field not in places for field in _NEEDED):
        raise UnreadableSheetError("columns are missing")
    rows = []
    for number, cells in enumerate(map(storable, table), 2):
        if number > MOST_ROWS + 1:
            raise UnreadableSheetError("too many rows")
        typed = {field: _unguarded(cells[at]) for field, at in places.items() if at < len(cells) and cells[at].strip()}
        if typed:
            rows.append(_row(number, typed))
    return rows


def _row(number: int, typed: dict[str, str]) -> SheetRow:
    lines = [_unguarded(line) for line in typed.pop("phrasings", "").splitlines() if line.strip()]
    return SheetRow(number, typed.pop("id", "").strip(), {**typed, "phrasings": lines})


def _unguarded(text: str) -> str:
    return _GUARDED.sub("", text.strip(), count=1) if _GUARDED.match(text.strip()) else text.strip()


def _text(content: bytes) -> Iterator[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            yield from csv.reader(io.StringIO(text, newline=""))
        except csv.Error as error:
            raise UnreadableSheetError(str(error)) from error
        return
    raise UnreadableSheetError("not a text")


def _workbook(content: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(file.file_size for file in archive.infolist())
        if unpacked > _MOST_UNPACKED:
            raise UnreadableSheetError("too large")
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for row in workbook.worksheets[0].iter_rows(values_only=True):
            yield [_typed(value) for value in row]
    except UnreadableSheetError:
        raise
    except Exception as error:  # the library raises whatever a damaged file makes it stumble over
        raise UnreadableSheetError(f"{type(error).__name__}: {error}") from error


def _typed(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
