"""The supervisors' wall, and the rows behind it as a file."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, Response
from sqlalchemy import RowMapping

from bot.channels.api import ApiError
from bot.channels.openapi import problems
from bot.channels.services import Services
from bot.clock import BANK_ZONE
from bot.complaints.labels import channel_label
from bot.handoff.survey import reasons_by_title
from bot.spreadsheet import CSV, Cell, Sheet, to_csv
from bot.staff.access import Permit, desk_router
from bot.staff.models import Agent
from bot.staff.roles import Operation
from bot.texts import Texts

router = desk_router("/wall")
Supervisor = Annotated[Agent, Depends(Permit(Operation.WALL))]
_LONGEST_DAYS = 92
_HEADER = (
    *("会话", "渠道", "转人工原因", "转入时间", "接入时间", "等待（秒）", "结束时间", "服务（秒）", "客服"),
    *("结果", "评分", "不满意原因", "小结"),
)
_OUTCOMES = {
    "cancel": "客户取消",
    "return": "交回智能客服",
    "close": "已结束",
    "finish": "客户结束",
    "idle": "客户未再回复",
    "leave": "客户离开",
}


@router.get("")
async def wall(gateway: Services, _supervisor: Supervisor) -> dict[str, Any]:
    """The queue, who is there, which clocks warn or are breached, the agents and the day so far."""
    loads, today = await gateway.day.read()
    return {
        **asdict(await gateway.wall.read()),
        "agents": [asdict(load) for load in loads],
        "today": asdict(today),
    }


@router.get("/services", response_class=Response, responses={200: {"content": {CSV: {}}}, **problems(422)})
async def services(gateway: Services, supervisor: Supervisor, since: date, until: date) -> Response:
    """Every service by people of a period, one row each; texts keep their placeholders; audited."""
    if not 0 <= (until - since).days < _LONGEST_DAYS:
        raise ApiError(422, "invalid_period", f"请选择{_LONGEST_DAYS}天以内的一段时间")
    rows = await gateway.day.services(since, until)
    detail = {"since": since.isoformat(), "until": until.isoformat(), "services": len(rows)}
    audit = gateway.foundation.audit
    await audit.record(supervisor.actor, "service.export", None, None, detail, reason="desk: the supervisors' wall")
    reasons = {reason.value: title for title, reason in reasons_by_title(gateway.texts).items()}
    content = to_csv(Sheet("人工服务", _HEADER, [_row(row, gateway.texts, reasons) for row in rows]))
    name = f"services-{since:%Y%m%d}-{until:%Y%m%d}.csv"
    return Response(content, media_type=CSV, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _row(row: RowMapping, texts: Texts, reasons: Mapping[str, str]) -> tuple[Cell, ...]:
    queued, claimed, ended = row["queued_at"], row["claimed_at"], row["ended_at"]
    return (
        row["conversation_id"],
        channel_label(row["channel"]),
        texts(f"utter_reason_{row['reason']}"),
        _moment(queued),
        _moment(claimed),
        _seconds(queued, claimed or ended),
        _moment(ended),
        _seconds(claimed, ended),
        row["name"],
        _OUTCOMES.get(row["outcome"], row["outcome"]),
        row["score"],
        reasons.get(row["why"], row["why"]),
        row["agent_note"],
    )


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(BANK_ZONE).strftime("%Y-%m-%d %H:%M:%S") if at else None


def _seconds(since: datetime | None, until: datetime | None) -> int | None:
    return int((until - since).total_seconds()) if since and until else None
