"""The export for the regulator: every complaint of a period, and the counts."""

from datetime import date

from bot.clock import bank_date
from bot.complaints.classify import names_of
from bot.complaints.errors import SupervisorRequiredError
from bot.complaints.filters import ComplaintFilter
from bot.complaints.labels import channel_label, label
from bot.complaints.models import ComplaintState, Extension
from bot.complaints.overview import ComplaintOverview, ListedComplaint
from bot.complaints.statistics import days_taken, summary_of, was_late
from bot.privacy.audit import Audit
from bot.spreadsheet import Cell, Sheet
from bot.staff.models import Agent

_HEADER = (
    *("投诉编号", "渠道", "投诉人", "收到日期", "类别", "子类", "对象", "对象名称", "网点", "紧急事项", "复杂程度"),
    *(
        "发生日期",
        "涉及金额",
        "币种",
        "情况",
        "诉求",
        "状态",
        "第几次处理",
        "起算日期",
        "答复期限",
        "延期至",
        "延期审批人",
    ),
    *("延期告知日期", "答复日期", "用时（天）", "是否超期", "处理结果", "答复内容", "处理人"),
)


_REASON = "report to the regulator"


class ComplaintExport:
    """Puts complaints into tables. Texts keep their placeholders, customers are masked."""

    def __init__(self, overview: ComplaintOverview, audit: Audit) -> None:
        self._overview = overview
        self._audit = audit

    async def sheets(self, agent: Agent, *, since: date, until: date) -> tuple[Sheet, Sheet]:
        """The complaints received from `since` to `until` (both included) and their summary; audited.

        Raises SupervisorRequiredError for other agents.
        """
        if not agent.is_supervisor:
            raise SupervisorRequiredError("a supervisor exports")
        listed = await self._overview.list(ComplaintFilter(received_since=since, received_until=until), limit=None)
        listed.sort(key=lambda each: (each.complaint.received_at, each.complaint.number))
        granted = await self._overview.granted_extensions()
        period = {"since": since.isoformat(), "until": until.isoformat(), "complaints": len(listed)}
        await self._audit.record(f"agent:{agent.agent_id}", "complaint.export", None, None, period, reason=_REASON)
        rows = [_row(each, granted.get((each.complaint.number, each.complaint.due_on))) for each in listed]
        return Sheet("投诉明细", _HEADER, rows), summary_of(listed)


def _row(each: ListedComplaint, extension: Extension | None) -> tuple[Cell, ...]:
    complaint = each.complaint
    answered = complaint.clock_stopped_on if complaint.state is not ComplaintState.WITHDRAWN else None
    return (
        complaint.number,
        channel_label(complaint.channel),
        _masked(complaint.customer_id),
        bank_date(complaint.received_at),
        *names_of(complaint.category, complaint.subcategory),
        label(complaint.target_kind),
        complaint.target,
        complaint.branch,
        "、".join(label(concern) for concern in complaint.concerns),
        label(complaint.complexity),
        complaint.occurred_on,
        complaint.amount_fen / 100 if complaint.amount_fen is not None else None,
        complaint.currency if complaint.amount_fen is not None else None,
        complaint.what,
        complaint.wish,
        label(complaint.state),
        complaint.round,
        complaint.clock_started_on,
        complaint.due_on,
        complaint.due_on if complaint.extended else None,
        extension.decided_by.name if extension and extension.decided_by else None,
        bank_date(extension.notified_at) if extension and extension.notified_at else None,
        answered,
        days_taken(each),
        "是" if was_late(each) else "否",
        label(complaint.outcome) if complaint.outcome else None,
        complaint.answer,
        complaint.handler_name,
    )


def _masked(customer_id: str | None) -> str:
    """`****1001`: enough to tell two apart, for who has the list."""
    return "匿名" if customer_id is None else f"****{customer_id[-4:]}"
