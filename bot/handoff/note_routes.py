"""What agents keep on a conversation for each other: notes and tags."""

from typing import Annotated, Any

from fastapi import Depends
from pydantic import Field, StringConstraints

from bot.application import Gateway
from bot.channels.api import ApiError
from bot.channels.inbound import Inbound
from bot.channels.openapi import problems
from bot.channels.services import Services
from bot.desk.notes import Note
from bot.desk.tags import MOST
from bot.handoff.trace import trace
from bot.staff.access import Permit, desk_router
from bot.staff.models import Agent
from bot.staff.roles import Operation

router = desk_router()
Reader = Annotated[Agent, Depends(Permit(Operation.CONVERSATIONS_READ))]
Server = Annotated[Agent, Depends(Permit(Operation.CONVERSATIONS_SERVE))]
Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=16)]
_SERVES = "serving the customer"


class NewNote(Inbound):
    """The same `note_id` again writes nothing."""

    note_id: str = Field(pattern=r"^[0-9a-f]{32}$")
    text: str = Field(min_length=1, max_length=1000)
    mentions: list[Annotated[str, Field(max_length=32)]] = Field(default_factory=list, max_length=20)


class TagsOf(Inbound):
    """All the tags there are to be."""

    tags: list[Tag] = Field(max_length=MOST)


@router.get("/colleagues")
async def colleagues(gateway: Services, _agent: Reader) -> dict[str, Any]:
    """Who can be called for in a note."""
    people = await gateway.staff.accounts.who_may(Operation.CONVERSATIONS_SERVE)
    return {"colleagues": [{"agent_id": each.agent_id, "name": each.name, "role": each.role} for each in people]}


@router.get("/tags")
async def tags(gateway: Services, _agent: Reader) -> dict[str, list[str]]:
    """Tags to choose from."""
    return {"tags": await gateway.aids.tags.offered()}


@router.post("/conversations/{conversation_id}/notes", responses=problems(404))
async def write_note(gateway: Services, agent: Server, conversation_id: str, body: NewNote) -> dict[str, Any]:
    """Write something down that only colleagues see; all the notes there are."""
    await require_open(gateway, conversation_id)
    people = {each.agent_id for each in await gateway.staff.accounts.who_may(Operation.CONVERSATIONS_SERVE)}
    mentions = people.intersection(body.mentions)
    await gateway.aids.notes.write(conversation_id, agent, body.note_id, body.text, mentions=mentions)
    await trace(gateway, agent, "conversation.note", conversation_id, reason=_SERVES)
    return {"notes": [note_view(note) for note in await gateway.aids.notes.of(conversation_id)]}


@router.post("/conversations/{conversation_id}/notes/seen", responses=problems(404))
async def see_notes(gateway: Services, agent: Server, conversation_id: str) -> dict[str, Any]:
    """The agent has read the notes that called for them."""
    await require_open(gateway, conversation_id)
    await gateway.aids.notes.seen(conversation_id, agent)
    return {}


@router.post("/conversations/{conversation_id}/tags", responses=problems(404))
async def put_tags(gateway: Services, agent: Server, conversation_id: str, body: TagsOf) -> dict[str, list[str]]:
    """Let the conversation have these tags and no others."""
    await require_open(gateway, conversation_id)
    await gateway.aids.tags.put(conversation_id, agent, body.tags)
    await trace(gateway, agent, "conversation.tag", conversation_id, reason=_SERVES)
    return {"tags": (await gateway.aids.tags.of([conversation_id])).get(conversation_id, [])}


async def require_open(gateway: Gateway, conversation_id: str) -> None:
    """404 for a conversation that the desk may not see."""
    if not await gateway.overview.is_open(conversation_id):
        raise ApiError(404, "unknown_conversation", "没有这个会话")


def note_view(note: Note) -> dict[str, Any]:
    """A note as the desk shows it."""
    return {
        "note_id": note.note_id,
        "agent_id": note.agent_id,
        "author": note.author,
        "text": note.text,
        "after_seq": note.after_seq,
        "created_at": note.written_at.isoformat(),
        "mentions": note.mentions,
    }
