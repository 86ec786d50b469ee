"""The desk's page of the knowledge base: what customers missed, the entries, and what would be answered."""

from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import Field

from bot.channels.inbound import Inbound
from bot.channels.openapi import problems
from bot.channels.services import Services
from bot.knowledge.editing.errors import UnknownEntryError
from bot.knowledge.editing.hit_test import HitTest
from bot.knowledge.editing.models import DraftState
from bot.knowledge.editing.refusals import refusals
from bot.knowledge.editing.rows import as_json
from bot.knowledge.editing.views import build_view, draft_view, group_view, line_view, version_view
from bot.knowledge.entries import FaqRecord
from bot.knowledge.text import search_key
from bot.staff.access import Permit, desk_router
from bot.staff.models import Agent
from bot.staff.roles import Operation

router = desk_router("/knowledge", Depends(refusals))
Reader = Annotated[Agent, Depends(Permit(Operation.KNOWLEDGE_READ))]
Editor = Annotated[Agent, Depends(Permit(Operation.KNOWLEDGE_EDIT))]
Approver = Annotated[Agent, Depends(Permit(Operation.KNOWLEDGE_APPROVE))]
Text = Annotated[str, Field(min_length=1, max_length=500)]
MissIds = Annotated[list[Annotated[str, Field(max_length=32)]], Field(max_length=1000)]
_MOST = 100


class Dismissal(Inbound):
    """Questions for which nothing is to be written, and why."""

    misses: Annotated[MissIds, Field(min_length=1)]
    reason: Text


@router.get("/inbox")
async def inbox(gateway: Services, _agent: Reader) -> dict[str, Any]:
    """Questions without a useful answer, those alike together, the most frequent first."""
    groups = await gateway.knowledge.inbox.groups()
    return {"groups": [group_view(group) for group in groups[:_MOST]], "total": len(groups)}


@router.post("/inbox/dismiss")
async def dismiss(gateway: Services, editor: Editor, body: Dismissal) -> dict[str, int]:
    """Take questions off the list; audited."""
    return {"dismissed": await gateway.knowledge.inbox.dismiss(editor, body.misses, body.reason)}


@router.get("/entries")
async def entries(
    gateway: Services, _agent: Reader, search: Annotated[str, Query(max_length=100)] = ""
) -> dict[str, Any]:
    """The entries that hold now, those whose texts or id have `search` in them."""
    records = await gateway.knowledge.current.records()
    found = [record for record in records if _speaks_of(record, search)]
    versions = {version.entry_id: version.version for version in await gateway.knowledge.current.published()}
    return {
        "entries": [line_view(record, versions.get(record.id, 0)) for record in found[:_MOST]],
        "total": len(found),
        "topics": sorted({record.id.partition(".")[0] for record in records}),
    }


@router.get("/entries/{entry_id}", responses=problems(404))
async def entry(gateway: Services, agent: Reader, entry_id: str) -> dict[str, Any]:
    """One entry as it holds now (null: retired, or not published yet), its drafts and all that was published of it."""
    knowledge = gateway.knowledge
    now = {record.id: record for record in await knowledge.current.records()}.get(entry_id)
    versions = await knowledge.current.history(entry_id)
    shipped = {record.id: record for record in await knowledge.current.shipped()}.get(entry_id)
    drafts = [draft for draft in await knowledge.editing.drafts() if draft.entry_id == entry_id]
    if not (now or versions or drafts):
        raise UnknownEntryError(entry_id)
    names = await gateway.staff.accounts.names()
    return {
        "entry_id": entry_id,
        "record": as_json(now),
        "shipped": as_json(shipped),
        "versions": [version_view(version, names) for version in versions],
        "drafts": [draft_view(draft, agent, names, now) for draft in drafts],
    }


@router.get("/hit-test", responses=problems(503))
async def hit_test(
    gateway: Services, _agent: Reader, text: Annotated[str, Query(min_length=1, max_length=500)]
) -> HitTest:
    """What would be answered to a sentence, and why."""
    return await gateway.knowledge.hit_tester.ask(text)


@router.get("/state")
async def state(gateway: Services, agent: Reader) -> dict[str, Any]:
    """Whether customers get what was published, and how many drafts wait for this person."""
    waiting = [draft for draft in await gateway.knowledge.editing.drafts() if draft.state is DraftState.SUBMITTED]
    others = [draft for draft in waiting if draft.author_id != agent.agent_id]
    may_approve = agent.may(Operation.KNOWLEDGE_APPROVE)
    return {"build": build_view(gateway.knowledge.rebuilding.status), "to_approve": len(others) if may_approve else 0}


@router.post("/build")
async def build(gateway: Services, _approver: Approver) -> dict[str, Any]:
    """Build the index once more, after a failure."""
    gateway.knowledge.rebuilding.again()
    return {"build": build_view(gateway.knowledge.rebuilding.status)}


def _speaks_of(record: FaqRecord, search: str) -> bool:
    key = search_key(search)
    texts = (record.id, record.question, record.answer, *record.phrasings)
    return not key or any(key in search_key(text) for text in texts)
