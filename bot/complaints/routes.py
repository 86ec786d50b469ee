"""The desk's complaint pages: the list by deadline, one complaint, and the export for the regulator."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Response
from pydantic import BaseModel, Field

from bot.channels.api import ApiError
from bot.channels.inbound import Inbound
from bot.channels.openapi import problems
from bot.channels.services import Services
from bot.clock import bank_date
from bot.complaints.classify import categories
from bot.complaints.deadlines import Standing
from bot.complaints.filters import OPEN, ComplaintFilter
from bot.complaints.models import ComplaintState
from bot.complaints.refusals import refusals
from bot.complaints.states import RUNNING
from bot.complaints.views import detail_view, line_view
from bot.handoff.forbidden import check_wording
from bot.spreadsheet import CSV, XLSX, to_csv, to_xlsx
from bot.staff.access import Permit, desk_router
from bot.staff.models import Agent
from bot.staff.roles import Operation

router = desk_router("/complaints", Depends(refusals))
Reader = Annotated[Agent, Depends(Permit(Operation.COMPLAINTS_READ))]
Writer = Annotated[Agent, Depends(Permit(Operation.COMPLAINTS_WORK))]
Exporter = Annotated[Agent, Depends(Permit(Operation.COMPLAINTS_EXPORT))]

View = Literal["all", "mine", "unassigned", "approvals"]
_MOST = 200


class Wanted(BaseModel):
    """What the list is narrowed down to; without a state, complaints that are not over, unless a number is given."""

    view: View = "all"
    state: ComplaintState | None = None
    standing: Standing | None = None
    category: str | None = Field(None, max_length=32)
    handler: str | None = Field(None, max_length=32)
    number: str | None = Field(None, max_length=24)
    watch: str | None = Field(None, max_length=24)
    """The complaint that is open: its `version` comes along, since reading it again is audited."""

    def filter(self, agent: Agent) -> ComplaintFilter:
        """The same for the services; `agent` is me."""
        states = frozenset({self.state}) if self.state else None if self.number else OPEN.states
        return ComplaintFilter(
            states=states,
            standing=self.standing,
            handler_id=agent.agent_id if self.view == "mine" else self.handler,
            unassigned=True if self.view == "unassigned" else None,
            extension_pending=True if self.view == "approvals" else None,
            category=self.category,
            number=self.number.strip().upper() if self.number else None,
        )


class Text(Inbound):
    """What is about to be written to a customer."""

    text: str = Field(max_length=2000)


@router.get("")
async def complaints(gateway: Services, agent: Reader, wanted: Annotated[Wanted, Query()]) -> dict[str, Any]:
    """Complaints by deadline, how many there are of them and of what agents look at first."""
    which = wanted.filter(agent)
    return {
        "complaints": [line_view(each) for each in await gateway.complaint_overview.list(which, limit=_MOST)],
        "total": await gateway.complaint_overview.count(which),
        "counts": await _counts(gateway, agent),
        "version": await gateway.complaint_overview.version(wanted.watch) if wanted.watch else None,
    }


@router.get("/choices")
async def choices(gateway: Services, agent: Reader) -> dict[str, Any]:
    """What can be chosen from: categories with their matters, and colleagues."""
    return {
        "categories": {
            name: {"name": each.name, "subcategories": {key: sub.name for key, sub in each.subcategories.items()}}
            for name, each in categories().items()
        },
        "agents": [
            {"agent_id": each.agent_id, "name": each.name, "role": each.role}
            for each in await gateway.staff.accounts.who_may(Operation.COMPLAINTS_WORK)
        ],
        "me": agent.agent_id,
    }


@router.post("/wording")
async def wording(_agent: Writer, body: Text) -> dict[str, Any]:
    """The words in a text that must not be written to customers, and what to write instead."""
    return {"found": [asdict(each) for each in check_wording(body.text)]}


@router.get("/export", response_class=Response, responses={200: {"content": {CSV: {}, XLSX: {}}}})
async def export(
    gateway: Services,
    supervisor: Exporter,
    since: date,
    until: date,
    kind: Annotated[Literal["xlsx", "csv", "summary_csv"], Query(alias="format")] = "xlsx",
) -> Response:
    """The complaints received in a period and their counts by category, branch and time to answer; audited."""
    if until < since:
        raise ApiError(422, "invalid_period", "结束日期不能早于开始日期")
    complaints, summary = await gateway.complaint_export.sheets(supervisor, since=since, until=until)
    content = to_xlsx((complaints, summary)) if kind == "xlsx" else to_csv(complaints if kind == "csv" else summary)
    name = f"complaints-{'summary-' if kind == 'summary_csv' else ''}{since:%Y%m%d}-{until:%Y%m%d}"
    suffix, media_type = ("xlsx", XLSX) if kind == "xlsx" else ("csv", CSV)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{suffix}"'}
    return Response(content, media_type=media_type, headers=headers)


@router.get("/{number}", responses=problems(404))
async def complaint(gateway: Services, agent: Reader, number: str) -> dict[str, Any]:
    """One complaint with its timeline, what this agent may do with it, and answers to start from; audited."""
    detail = await gateway.complaint_overview.detail(number, agent)
    return detail_view(detail, agent, bank_date(gateway.foundation.clock()), hotline=gateway.settings.hotline)


async def _counts(gateway: Services, agent: Agent) -> dict[str, int]:
    count = gateway.complaint_overview.count
    standings = await gateway.complaint_overview.counts()
    return {
        "breached": standings[Standing.BREACHED],
        "warning": standings[Standing.WARNING],
        "mine": await count(ComplaintFilter(states=OPEN.states, handler_id=agent.agent_id)),
        "unassigned": await count(ComplaintFilter(states=RUNNING, unassigned=True)),
        "approvals": await count(ComplaintFilter(states=RUNNING, extension_pending=True)),
    }
