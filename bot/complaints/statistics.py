"""What complaints were about, where, and how long they took: the counts a regulator asks for."""

from collections import defaultdict
from collections.abc import Callable
from statistics import mean, median

from bot.complaints.classify import names_of
from bot.complaints.deadlines import Standing
from bot.complaints.labels import channel_label, label
from bot.complaints.models import ComplaintState
from bot.complaints.overview import ListedComplaint
from bot.spreadsheet import Cell, Sheet

_HEADER = (
    "维度",
    "项目",
    "件数",
    "已答复",
    "未答复",
    "已撤回",
    "超期",
    "平均用时（天）",
    "用时中位数（天）",
    "最长用时（天）",
)
_NONE = "未注明"
_DURATIONS = ((15, "15天内"), (30, "16至30天"), (60, "31至60天"))


def summary_of(listed: list[ListedComplaint]) -> Sheet:
    """One line for all, then one for each category, matter, target, branch, channel, outcome and time to answer."""
    rows = [_line("全部", "合计", listed)]
    for dimension, name_of in _DIMENSIONS.items():
        groups = defaultdict(list)
        for each in listed:
            groups[name_of(each)].append(each)
        ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
        rows += [_line(dimension, name, group) for name, group in ordered]
    return Sheet("汇总", _HEADER, rows)


def days_taken(each: ListedComplaint) -> int | None:
    """Calendar days from the start of the last clock to the answer; None without one."""
    complaint = each.complaint
    if complaint.answered_at is None or complaint.clock_stopped_on is None:
        return None
    return (complaint.clock_stopped_on - complaint.clock_started_on).days


def was_late(each: ListedComplaint) -> bool:
    """Whether an answer is late or came late, in any round."""
    return each.standing is Standing.BREACHED or each.complaint.late_rounds > 0


def _line(dimension: str, name: str, group: list[ListedComplaint]) -> tuple[Cell, ...]:
    days = [taken for each in group if (taken := days_taken(each)) is not None]
    withdrawn = sum(each.complaint.state is ComplaintState.WITHDRAWN for each in group)
    return (
        dimension,
        name,
        len(group),
        len(days),
        len(group) - len(days) - withdrawn,
        withdrawn,
        sum(was_late(each) for each in group),
        round(mean(days), 1) if days else None,
        median(days) if days else None,
        max(days, default=None),
    )


def _duration(each: ListedComplaint) -> str:
    taken = days_taken(each)
    if taken is None:
        return "未答复"
    return next((name for most, name in _DURATIONS if taken <= most), "超过60天")


_DIMENSIONS: dict[str, Callable[[ListedComplaint], str]] = {
    "类别": lambda each: names_of(each.complaint.category, None)[0],
    "子类": lambda each: "－".join(filter(None, names_of(each.complaint.category, each.complaint.subcategory))),
    "对象": lambda each: label(each.complaint.target_kind),
    "网点": lambda each: each.complaint.branch or _NONE,
    "渠道": lambda each: channel_label(each.complaint.channel),
    "处理结果": lambda each: label(each.complaint.outcome) if each.complaint.outcome else _NONE,
    "用时": _duration,
}
