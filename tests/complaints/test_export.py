import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from bot.complaints.errors import SupervisorRequiredError
from bot.complaints.models import ComplaintDraft, Outcome
from bot.spreadsheet import Sheet, to_csv, to_xlsx
from tests.complaints.conftest import DRAFT, LIN, WU, Bank

SINCE, UNTIL = date(2026, 11, 1), date(2026, 12, 31)
NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", '=HYPERLINK("http://x")']


def table(sheet: Sheet) -> list[dict[str, object]]:
    return [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows]


class TestSpreadsheets:
    @pytest.mark.parametrize("text", NASTY)
    def test_no_text_is_a_formula(self, text: str) -> None:
        sheet = Sheet("表", ("列",), [(text,)])
        (_, (csv_cell,)) = csv.reader(io.StringIO(to_csv(sheet).decode("utf-8-sig"), newline=""))
        cell = load_workbook(io.BytesIO(to_xlsx([sheet])))["表"]["A2"]
        assert csv_cell == f"'{text}"
        assert cell.data_type == "s"
        assert str(cell.value).startswith("'")

    def test_excel_knows_the_csv_by_its_mark_and_numbers_stay_numbers(self) -> None:
        written = to_csv(Sheet("表", ("金额", "日"), [(-12.5, date(2026, 11, 23)), (None, None)]))
        assert written == b"\xef\xbb\xbf" + "金额,日\r\n-12.5,2026-11-23\r\n,\r\n".encode()

    def test_a_workbook_has_a_worksheet_each_and_stands_control_characters(self) -> None:
        book = load_workbook(io.BytesIO(to_xlsx([Sheet("一", ("a",), [("x\x00y",)]), Sheet("二", ("b",), [(-3,)])])))
        assert book.sheetnames == ["一", "二"]
        assert book["一"]["A2"].value == "xy"
        assert book["二"]["A2"].value == -3


class TestForTheRegulator:
    async def test_what_became_of_a_complaint(self, bank: Bank) -> None:
        draft = ComplaintDraft(
            target="信用卡",
            what="在中山路支行被收了年费",
            wish="退还",
            amount_fen=30050,
            occurred_on=date(2026, 11, 20),
        )
        number = (await bank.service.file(bank.wang, draft, idempotency_key="k1")).number
        await bank.desk.accept(number, LIN)
        await bank.desk.investigate(number, LIN)
        await bank.extensions.request(number, LIN, reason="需核对")
        await bank.extensions.approve(number, WU)
        bank.clock.advance(days=20)
        await bank.desk.answer(number, LIN, outcome=Outcome.UPHELD, text="年费已退还。")

        rows, _ = await bank.export.sheets(WU, since=SINCE, until=UNTIL)

        (row,) = table(rows)
        assert (row["投诉编号"], row["渠道"], row["投诉人"]) == (number, "网页", "****C1")
        assert (row["类别"], row["子类"], row["网点"]) == ("信用卡", "年费与手续费", "中山路支行")
        assert (row["涉及金额"], row["币种"], row["收到日期"], row["状态"]) == (
            300.5,
            "CNY",
            date(2026, 11, 23),
            "已答复",
        )
        assert (row["延期至"], row["延期审批人"], row["延期告知日期"]) == (
            date(2027, 1, 7),
            "吴敏",
            date(2026, 11, 23),
        )
        assert (row["用时（天）"], row["是否超期"], row["处理结果"]) == (20, "否", "成立")

    async def test_the_counts_by_category_branch_and_time(self, bank: Bank) -> None:
        drafts = {
            "a": ComplaintDraft(target="信用卡", what="在中山路支行被收了年费"),
            "b": ComplaintDraft(target="信用卡", what="账单不对"),
            "c": ComplaintDraft(target="网点", what="中山路支行排队太久"),
        }
        numbers = {
            key: (await bank.service.file(bank.wang, d, idempotency_key=key)).number for key, d in drafts.items()
        }
        for key, days in (("a", 4), ("b", 14)):
            bank.clock.advance(days=days)
            await bank.desk.accept(numbers[key], LIN)
            await bank.desk.investigate(numbers[key], LIN)
            await bank.desk.answer(numbers[key], LIN, outcome=Outcome.UPHELD, text="已处理。")
        await bank.service.withdraw(bank.wang, numbers["c"])

        _, summary = await bank.export.sheets(WU, since=SINCE, until=UNTIL)

        lines = {(row["维度"], row["项目"]): row for row in table(summary)}
        total = lines["全部", "合计"]
        assert [total[name] for name in ("件数", "已答复", "未答复", "已撤回", "超期")] == [3, 2, 0, 1, 2]
        assert [total[name] for name in ("平均用时（天）", "用时中位数（天）", "最长用时（天）")] == [11, 11, 18]
        assert lines["类别", "信用卡"]["件数"] == 2
        assert lines["网点", "中山路支行"]["件数"] == 2
        assert lines["用时", "15天内"]["件数"] == 1
        assert lines["用时", "16至30天"]["超期"] == 1

    async def test_a_late_round_stays_late_after_reopening(self, bank: Bank) -> None:
        number = (await bank.service.file(bank.wang, DRAFT, idempotency_key="k1")).number
        bank.clock.advance(days=16)
        await bank.desk.accept(number, LIN)
        await bank.desk.investigate(number, LIN)
        await bank.desk.answer(number, LIN, outcome=Outcome.UPHELD, text="已处理。")
        await bank.service.reopen(bank.wang, number, "不满意")
        rows, _ = await bank.export.sheets(WU, since=SINCE, until=UNTIL)
        assert table(rows)[0]["是否超期"] == "是"

    async def test_the_period_is_of_the_banks_days(self, bank: Bank) -> None:
        await bank.service.file(bank.wang, DRAFT, idempotency_key="k1")
        day = date(2026, 11, 23)
        for since, until, found in ((day, day, 1), (date(2026, 11, 24), UNTIL, 0), (SINCE, date(2026, 11, 22), 0)):
            rows, _ = await bank.export.sheets(WU, since=since, until=until)
            assert len(rows.rows) == found

    async def test_what_the_customer_typed_stays_sealed(self, bank: Bank) -> None:
        sealed = await bank.vault.seal(bank.wang.conversation_id, "请打13900000055")
        await bank.service.file(bank.wang, ComplaintDraft(target=None, what=sealed), idempotency_key="k1")
        rows, _ = await bank.export.sheets(WU, since=SINCE, until=UNTIL)
        assert "13900000055" not in to_csv(rows).decode()

    async def test_a_supervisor_exports(self, bank: Bank) -> None:
        with pytest.raises(SupervisorRequiredError):
            await bank.export.sheets(LIN, since=SINCE, until=UNTIL)
