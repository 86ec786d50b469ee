"""Tables as files that a spreadsheet opens and that can do no harm there."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | int | float | date | None
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_WIDEST, _NARROWEST = 48, 10


@dataclass(frozen=True)
class Sheet:
    """A table with a title."""

    title: str
    header: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


def to_csv(sheet: Sheet) -> bytes:
    """UTF-8 with the byte order mark by which Excel knows it."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(tuple(map(_harmless, row)) for row in (sheet.header, *sheet.rows))
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """A workbook with one worksheet each, the header bold and in sight."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet in sheets:
        worksheet = workbook.create_sheet(sheet.title)
        for row in (sheet.header, *sheet.rows):
            worksheet.append([_harmless(value) for value in row])
        _lay_out(worksheet)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _harmless(value: Cell) -> Cell:
    """What a customer wrote is never run as a formula: an apostrophe keeps it text, in every spreadsheet."""
    if not isinstance(value, str):
        return value
    printable: str = ILLEGAL_CHARACTERS_RE.sub("", value)
    return f"'{printable}" if printable.lstrip(" ").startswith(_STARTS_FORMULA) else printable


def _lay_out(worksheet: Worksheet) -> None:
    worksheet.freeze_panes = "A2"
    for cell in worksheet[1]:
        cell.font = Font(bold=True)
    for number, column in enumerate(worksheet.iter_cols(), 1):
        # A Chinese character is twice as wide as a digit.
        widest = max(sum(2 if ord(c) > 0x2E80 else 1 for c in str(cell.value or "")) for cell in column)
        letter = get_column_letter(number)
        worksheet.column_dimensions[letter].width = min(max(widest + 2, _NARROWEST), _WIDEST)
        for cell in column[1:]:
            cell.alignment = Alignment(vertical="top", wrap_text=widest > _WIDEST)
