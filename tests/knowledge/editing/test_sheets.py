"""Tables of entries: what goes out comes in again, and what is wrong is told by row and column."""

import io
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from bot.knowledge.editing.current import CurrentKnowledge
from bot.knowledge.editing.importing import SheetImport
from bot.knowledge.editing.service import Editing
from bot.knowledge.editing.sheets import FIELDS, UnreadableSheetError, read_sheet, sheet_of
from bot.knowledge.entries import FaqRecord
from bot.spreadsheet import to_csv, to_xlsx
from tests.knowledge.editing.conftest import AUTHOR, OFFER

LINES = "\n".join(OFFER["phrasings"])


@pytest.fixture
def sheet_import(editing: Editing, current: CurrentKnowledge) -> SheetImport:
    return SheetImport(editing, current)


def csv(*rows: tuple[str, ...]) -> bytes:
    quoted = (",".join(f'"{cell}"' for cell in row) for row in (tuple(FIELDS.values()), *rows))
    return "\r\n".join(quoted).encode("utf-8-sig")


@pytest.mark.parametrize("write", [to_csv, lambda sheet: to_xlsx([sheet])], ids=["csv", "xlsx"])
async def test_what_goes_out_comes_in_unchanged(current: CurrentKnowledge, sheet_import: SheetImport, write) -> None:
    content = write(sheet_of(await current.records()))
    report = await sheet_import.take(AUTHOR, content)
    assert (report.drafts, report.unchanged, report.bad) == ([], 4, [])


async def test_good_rows_become_drafts_and_of_bad_ones_it_is_told_where_and_why(
    editing: Editing, sheet_import: SheetImport
) -> None:
    report = await sheet_import.take(
        AUTHOR,
        csv(
            ("card.offer", OFFER["question"], LINES, "请打{hotline}。", "", ""),
            ("", "没有编号？", LINES, "好", "", ""),
            ("card.few", "问法太少？", "一种问法", "请到网点。", "", ""),
            ("card.date", "日期不对？", "甲乙\n丙丁\n戊己\n庚辛\n壬癸", "请到网点。", "明天", ""),
            ("card.offer", "又一遍？", "子丑\n寅卯\n辰巳\n午未\n申酉", "请到网点。", "", ""),
            ("card.clash", "撞了？", "卡丢了怎么挂失\n天干\n地支\n时辰\n节气", "请看{address}。", "", ""),
        ),
    )
    assert [draft.entry_id for draft in report.drafts] == ["card.offer"]
    assert report.unchanged == 0
    told = {(cell.row, cell.column): cell.reason for cell in report.bad}
    assert told[3, "编号"].startswith("要写成")
    assert told[4, "问法"] == "至少要有5种"
    assert told[5, "生效日期"].startswith("不是日期")
    assert told[6, "编号"] == "编号重复"
    assert told[7, "问法"] == "“卡丢了怎么挂失”与 card.lost 的问法重复"
    assert len(await editing.drafts()) == 1


def test_formulas_go_out_as_text_and_come_in_without_their_guard() -> None:
    record = FaqRecord(
        id="card.sum", question="=1+1等于几？", phrasings=["+一", "-一", "@一", "＝一", "'引号开头"], answer="二二。"
    )
    content = to_xlsx([sheet_of([record])])
    cells = [cell.value for cell in load_workbook(io.BytesIO(content)).active[2]]
    assert cells[1] == "'=1+1等于几？"
    assert str(cells[2]).startswith("'+一")
    (row,) = read_sheet(content)
    assert FaqRecord(id=row.entry_id, **row.content) == record


def test_a_date_typed_into_a_workbook_is_a_date() -> None:
    workbook = Workbook()
    workbook.active.append(list(FIELDS.values()))
    workbook.active.append(["card.offer", "问", "一\n二", "答", date(2026, 12, 1), None])
    file = io.BytesIO()
    workbook.save(file)
    (row,) = read_sheet(file.getvalue())
    assert row.content["valid_from"] == "2026-12-01"


def test_the_table_that_excel_writes_in_china_is_read() -> None:
    (row,) = read_sheet("编号,标准问题,问法,答案\r\ncard.offer,问,一,答\r\n".encode("gb18030"))
    assert (row.number, row.entry_id, row.content["phrasings"]) == (2, "card.offer", ["一"])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04junk", b"a,b\r\n1,2", b"\xff\xff\x00", b"{}"])
def test_what_is_no_such_table_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableSheetError):
        read_sheet(content)
