"""The agents' desk: the lists of conversations, and one conversation."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Depends
from fastapi.encoders import jsonable_encoder
from pydantic import Field

from bot.application import Gateway
from bot.channels.api import ApiError, shown
from bot.channels.inbound import Inbound
from bot.channels.openapi import problems
from bot.channels.refusals import refusing
from bot.channels.services import Services
from bot.conversations.conversation import Conversation
from bot.conversations.errors import ForbiddenMoveError
from bot.conversations.messages import State
from bot.handoff.errors import (
    AlreadyClaimedError,
    ForbiddenWordingError,
    NotYoursError,
    ReservedError,
)
from bot.handoff.forbidden import require_proper_wording
from bot.handoff.listing import View
from bot.handoff.note_routes import note_view
from bot.handoff.past import past_services
from bot.handoff.refusals import CONVERSATION
from bot.handoff.trace import trace
from bot.handoff.transfers import named
from bot.handoff.tried import tried
from bot.staff.access import Permit, desk_router
from bot.staff.models import Agent
from bot.staff.roles import Operation

refusals = refusing(
    {
        **CONVERSATION,
        AlreadyClaimedError: (409, "该会话已被接入或客户已离开"),
        ForbiddenWordingError: (422, lambda error: f"“{error.words[0]}”不能发给客户，请修改后再发"),
    }
)
router = desk_router("", Depends(refusals))
_SERVES = "serving the customer"
Reader = Annotated[Agent, Depends(Permit(Operation.CONVERSATIONS_READ))]
Server = Annotated[Agent, Depends(Permit(Operation.CONVERSATIONS_SERVE))]


class Reply(Inbound):
    """What an agent says; sending the same `client_message_id` again repeats nothing."""

    client_message_id: str = Field(min_length=1, max_length=64)
    text: str = Field(min_length=1, max_length=2000)


class Close(Inbound):
    """`summary` says for colleagues and the CRM what the matter was and what was done."""

    summary: str | None = Field(None, max_length=2000)


class GiveBack(Inbound):
    """`note` is for colleagues; a `suggestion` becomes a button with which the customer asks the bot just that."""

    note: str | None = Field(None, max_length=1000)
    suggestion: str | None = Field(None, min_length=1, max_length=20)


@router.get("/conversations")
async def conversations(gateway: Services, agent: Reader, view: View = "queued") -> dict[str, Any]:
    """A list: `mine`, `queued`, `mentioned` in a note I have not read, or `all` that ever came to people."""
    return {"conversations": [asdict(listed) for listed in await gateway.overview.conversations(view, agent)]}


@router.get("/conversations/{conversation_id}", responses=problems(404))
async def conversation(gateway: Services, agent: Reader, conversation_id: str) -> dict[str, Any]:
    """One conversation with its transcript, why it came here, and who the customer is."""
    if not await gateway.overview.is_open(conversation_id):
        raise ApiError(404, "unknown_conversation", "没有这个会话")
    await trace(gateway, agent, "conversation.read", conversation_id, reason="desk: opened the conversation")
    handoff = await gateway.handoff.latest(conversation_id)
    found = await gateway.log.get(conversation_id)
    messages = await gateway.log.messages(conversation_id)
    who = await gateway.identity.principal(conversation_id)
    past = await past_services(gateway.foundation.db, conversation_id, who.customer_id)
    return {
        "conversation": {
            "conversation_id": conversation_id,
            "state": found.state,
            "channel": found.channel,
            "agent_id": found.agent_id,
            "created_at": found.created_at,
        },
        "messages": [shown(message) for message in messages],
        "notes": [note_view(note) for note in await gateway.aids.notes.of(conversation_id)],
        "tags": (await gateway.aids.tags.of([conversation_id])).get(conversation_id, []),
        "handoff": handoff
        and {
            "reason": handoff.reason,
            "skill": handoff.skill,
            "urgency": handoff.urgency,
            "note": handoff.note,
            "queued_at": handoff.queued_at,
            "claimed_at": handoff.claimed_at,
            "last_intents": handoff.intents,
            "collected": handoff.collected,
            "tried": [asdict(each) for each in tried(messages, before=handoff.queued_at)],
            "level": int(who.level),
        },
        "transfers": named(await gateway.transfers.of(conversation_id), await gateway.staff.accounts.names()),
        "whispers": [asdict(whisper) for whisper in await gateway.whispers.of(conversation_id)],
        "past": [asdict(each) for each in past],
        "customer": await gateway.overview.customer(conversation_id, agent),
        "reach": await reach_of(gateway, found),
        "reveals": await gateway.reveal.is_allowed(conversation_id, agent),
    }


@router.post("/conversations/next", responses=problems(409))
async def claim_next(gateway: Services, agent: Server) -> dict[str, Any]:
    """Take the conversation this agent should have next; `conversation_id` is null where nobody waits."""
    conversation_id = await gateway.handoff.claim_next(agent)
    if conversation_id is not None:
        await trace(gateway, agent, "conversation.claim", conversation_id, reason=_SERVES)
    return {"conversation_id": conversation_id}


@router.post("/conversations/{conversation_id}/claim", responses=problems(404, 409))
async def claim(gateway: Services, agent: Server, conversation_id: str) -> dict[str, Any]:
    """Take a waiting conversation; 409 when somebody else was faster."""
    try:
        await gateway.handoff.claim(conversation_id, agent)
    except ReservedError as error:
        name = (await gateway.staff.accounts.names()).get(error.for_agent, "同事")
        raise ApiError(409, error.code, f"这位客户刚由{name}接待过，一分钟内先留给{name}") from error
    await trace(gateway, agent, "conversation.claim", conversation_id, reason=_SERVES)
    return {"state": State.AGENT}


@router.post("/conversations/{conversation_id}/messages", responses=problems(404, 409, 422))
async def reply(gateway: Services, agent: Server, conversation_id: str, body: Reply) -> dict[str, Any]:
    """Say something to the customer; 422 for words that a bank must not write."""
    require_proper_wording(body.text)
    with _mine(conversation_id):
        message = await gateway.handoff.reply(conversation_id, agent, body.client_message_id, body.text)
    await trace(gateway, agent, "conversation.reply", conversation_id, reason=_SERVES)
    return {"messages": [shown(message)], "state": State.AGENT}


@router.post("/conversations/{conversation_id}/return", responses=problems(404, 409, 422))
async def give_back(gateway: Services, agent: Server, conversation_id: str, body: GiveBack) -> dict[str, Any]:
    """Give the conversation back to the bot; 422 for a suggestion with words that a bank must not write."""
    require_proper_wording(body.suggestion or "")
    with _mine(conversation_id):
        await gateway.handoff.give_back(conversation_id, agent, note=body.note, suggestion=body.suggestion)
    await trace(gateway, agent, "conversation.return", conversation_id, reason=_SERVES)
    return {"state": State.BOT}


@router.post("/conversations/{conversation_id}/close", responses=problems(404, 409))
async def close(gateway: Services, agent: Server, conversation_id: str, body: Close | None = None) -> dict[str, Any]:
    """End the service."""
    summary = body.summary.strip() if body and body.summary else None
    with _mine(conversation_id):
        await gateway.log.get(conversation_id)
        sealed = await gateway.foundation.vault.seal(conversation_id, summary) if summary else None
        await gateway.handoff.close(conversation_id, agent, summary=sealed)
    await trace(gateway, agent, "conversation.close", conversation_id, reason=_SERVES)
    return {"state": State.CLOSED}


@contextmanager
def _mine(conversation_id: str) -> Iterator[None]:
    """What cannot be done any more because the conversation has moved on is not the agent's any more."""
    try:
        yield
    except ForbiddenMoveError as error:
        raise NotYoursError(conversation_id) from error


async def reach_of(gateway: Gateway, conversation: Conversation) -> dict[str, Any] | None:
    """How far an agent's words get just now; None where nothing limits them."""
    channel = gateway.outside(conversation.channel)
    return jsonable_encoder(asdict(await channel.reach(conversation.conversation_id))) if channel else None
