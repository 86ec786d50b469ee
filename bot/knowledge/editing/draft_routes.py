"""Drafts at the desk: one person writes, a second one publishes."""

from typing import Annotated, Any

from fastapi import Depends
from pydantic import Field

from bot.channels.inbound import Inbound
from bot.channels.openapi import problems
from bot.channels.services import Services
from bot.knowledge.editing.models import Draft
from bot.knowledge.editing.refusals import refusals
from bot.knowledge.editing.routes import Approver, Editor, MissIds, Reader, Text
from bot.knowledge.editing.views import draft_view
from bot.staff.access import desk_router

router = desk_router("/knowledge", Depends(refusals))


class Record(Inbound):
    """An entry as an editor writes it; what it must be is for `FaqRecord` to say, with words for the editor."""

    question: str = Field(max_length=200)
    phrasings: list[Annotated[str, Field(max_length=200)]] = Field(max_length=200)
    answer: str = Field(max_length=2000)
    valid_from: str | None = Field(None, max_length=10)
    valid_until: str | None = Field(None, max_length=10)

    def content(self) -> dict[str, Any]:
        """What was filled in; blank lines are no phrasings."""
        kept = {**self.model_dump(), "phrasings": [each for each in self.phrasings if each.strip()]}
        return {name: value for name, value in kept.items() if value not in (None, "")}


class NewDraft(Inbound):
    """`record` null retires the entry; `misses` are the questions that the draft answers."""

    entry_id: str = Field(min_length=3, max_length=64)
    record: Record | None
    new: bool = False
    """Whether there must be no entry of this id yet."""
    misses: MissIds = Field(default_factory=list)


class Version(Inbound):
    """To which an entry goes back; 0 is as shipped."""

    version: int = Field(ge=0, le=2**31 - 1)


class Note(Inbound):
    """What has to be different."""

    note: Text


@router.get("/drafts")
async def drafts(gateway: Services, agent: Reader) -> dict[str, Any]:
    """Drafts that are not over, the latest change first."""
    now = {record.id: record for record in await gateway.knowledge.current.records()}
    names = await gateway.staff.accounts.names()
    found = await gateway.knowledge.editing.drafts()
    return {"drafts": [draft_view(draft, agent, names, now.get(draft.entry_id)) for draft in found]}


@router.post("/drafts", responses=problems(404, 409))
async def begin(gateway: Services, editor: Editor, body: NewDraft) -> dict[str, Any]:
    """Begin a draft of an entry, new or known."""
    content = body.record.content() if body.record else None
    draft = await gateway.knowledge.editing.begin(editor, body.entry_id, content, new=body.new)
    await gateway.knowledge.inbox.take_up(draft, body.misses)
    return _moved(draft)


@router.post("/entries/{entry_id}/rollback", responses=problems(404))
async def roll_back(gateway: Services, editor: Editor, entry_id: str, body: Version) -> dict[str, Any]:
    """A draft that makes the entry read as it once did, submitted at once."""
    return _moved(await gateway.knowledge.editing.roll_back(editor, entry_id, body.version))


@router.post("/drafts/{draft_id}/change", responses=problems(404, 409))
async def change(gateway: Services, editor: Editor, draft_id: str, body: Record) -> dict[str, Any]:
    """Write a draft of one's own anew."""
    return _moved(await gateway.knowledge.editing.change(editor, draft_id, body.content()))


@router.post("/drafts/{draft_id}/submit", responses=problems(404, 409))
async def submit(gateway: Services, editor: Editor, draft_id: str) -> dict[str, Any]:
    """Ask a second person."""
    return _moved(await gateway.knowledge.editing.submit(editor, draft_id))


@router.post("/drafts/{draft_id}/withdraw", responses=problems(404, 409))
async def withdraw(gateway: Services, editor: Editor, draft_id: str) -> dict[str, Any]:
    """Give a draft of one's own up; the questions that it was to answer are open again."""
    draft = await gateway.knowledge.editing.withdraw(editor, draft_id)
    await gateway.knowledge.inbox.put_back(draft)
    return _moved(draft)


@router.post("/drafts/{draft_id}/send_back", responses=problems(404, 409))
async def send_back(gateway: Services, approver: Approver, draft_id: str, body: Note) -> dict[str, Any]:
    """Not like this: the author is told why."""
    return _moved(await gateway.knowledge.editing.send_back(approver, draft_id, body.note))


@router.post("/drafts/{draft_id}/publish", responses=problems(404, 409))
async def publish(gateway: Services, approver: Approver, draft_id: str) -> dict[str, Any]:
    """What another person has written holds from the next build on."""
    version = await gateway.knowledge.editing.publish(approver, draft_id)
    return {"entry_id": version.entry_id, "version": version.version}


def _moved(draft: Draft) -> dict[str, Any]:
    return {"draft_id": draft.draft_id, "entry_id": draft.entry_id, "state": draft.state.value}
