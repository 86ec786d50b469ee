"""What the desk's page of the knowledge base is shown."""

from collections.abc import Mapping
from typing import Any

from bot.knowledge.editing.inbox import MissGroup
from bot.knowledge.editing.models import Draft, DraftState, Version
from bot.knowledge.editing.rebuilding import BuildStatus
from bot.knowledge.editing.rows import as_json
from bot.knowledge.entries import FaqRecord
from bot.staff.models import Agent
from bot.staff.roles import Operation

Names = Mapping[str, str]
"""People by their id."""
_SHOWN = 20


def group_view(group: MissGroup) -> dict[str, Any]:
    """Questions that are alike; of many the newest. Whose they are is not an editor's business."""
    return {
        "id": group.misses[0].miss_id,
        "misses": [miss.miss_id for miss in group.misses],
        "count": len(group.misses),
        "newest": group.newest.isoformat(),
        "score": max((miss.score for miss in group.misses if miss.score is not None), default=None),
        "answered_by": group.answered_by,
        "questions": [
            {"text": miss.text, "at": miss.missed_at.isoformat(), "score": miss.score, "answered_by": miss.answered_by}
            for miss in group.misses[:_SHOWN]
        ],
    }


def line_view(record: FaqRecord, version: int) -> dict[str, Any]:
    """An entry in a list."""
    dump = record.model_dump(mode="json", include={"id", "question", "valid_from", "valid_until"})
    return {**dump, "phrasings": len(record.phrasings), "version": version}


def draft_view(draft: Draft, agent: Agent, names: Names, before: FaqRecord | None) -> dict[str, Any]:
    """A draft beside what holds now, and what this person may do with it."""
    return {
        "draft_id": draft.draft_id,
        "entry_id": draft.entry_id,
        "state": draft.state.value,
        "record": as_json(draft.record),
        "before": as_json(before),
        "author": names.get(draft.author_id, draft.author_id),
        "changed_at": draft.changed_at.isoformat(),
        "reviewer": names.get(draft.reviewer_id, draft.reviewer_id) if draft.reviewer_id else None,
        "note": draft.note,
        "mine": draft.author_id == agent.agent_id,
        "moves": _moves(draft, agent),
    }


def version_view(version: Version, names: Names) -> dict[str, Any]:
    """A published state of an entry."""
    return {
        "version": version.version,
        "record": as_json(version.record),
        "author": names.get(version.author_id, version.author_id),
        "approver": names.get(version.approver_id, version.approver_id),
        "published_at": version.published_at.isoformat(),
    }


def build_view(status: BuildStatus) -> dict[str, Any]:
    """Whether customers already get what was published."""
    return {"state": status.state.value, "since": status.since.isoformat(), "problem": status.problem}


def _moves(draft: Draft, agent: Agent) -> list[str]:
    if draft.author_id == agent.agent_id:
        if not agent.may(Operation.KNOWLEDGE_EDIT):
            return []
        return {
            DraftState.OPEN: ["change", "submit", "withdraw"] if draft.record else ["submit", "withdraw"],
            DraftState.SUBMITTED: ["withdraw"],
        }.get(draft.state, [])
    if draft.state is DraftState.SUBMITTED and agent.may(Operation.KNOWLEDGE_APPROVE):
        return ["publish", "send_back"]
    return []
