"""What helps an agent to write: canned replies, suggested answers, and the check of the wording."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Depends

from bot.channels.inbound import Inbound
from bot.channels.openapi import problems
from bot.channels.refusals import refusing
from bot.channels.services import Services
from bot.conversations.messages import Author
from bot.desk.canned import Wording
from bot.desk.errors import ShortcutTakenError, UnknownReplyError
from bot.handoff.note_routes import require_open
from bot.knowledge.editing.hit_test import HitTestUnavailableError
from bot.staff.access import Permit, desk_router
from bot.staff.models import Agent
from bot.staff.roles import Operation

_refusals = refusing(
    {
        ShortcutTakenError: (409, "已有这个快捷码，请换一个"),
        UnknownReplyError: (404, "这条常用语已被删除"),
        HitTestUnavailableError: (503, "知识库检索服务暂时没有响应"),
    }
)
router = desk_router("", Depends(_refusals))
Server = Annotated[Agent, Depends(Permit(Operation.CONVERSATIONS_SERVE))]
Writer = Annotated[Agent, Depends(Permit(Operation.CANNED_REPLIES_EDIT))]


class CannedWording(Inbound, Wording):
    """What a canned reply is to say."""


@router.get("/canned-replies")
async def canned_replies(gateway: Services, agent: Server) -> dict[str, Any]:
    """All replies to choose from, and what the variables of every conversation stand for."""
    return {
        "replies": [asdict(each) for each in await gateway.aids.canned.all()],
        "variables": {
            "坐席姓名": agent.name,
            "银行": gateway.settings.brand_name,
            "热线": gateway.settings.hotline,
        },
    }


@router.post("/canned-replies", responses=problems(409))
async def add_reply(gateway: Services, agent: Writer, body: CannedWording) -> dict[str, str]:
    """Keep another one."""
    return {"reply_id": await gateway.aids.canned.add(agent, body)}


@router.post("/canned-replies/{reply_id}/change", responses=problems(404, 409))
async def change_reply(gateway: Services, agent: Writer, reply_id: str, body: CannedWording) -> dict[str, str]:
    """Let one say something else."""
    await gateway.aids.canned.change(agent, reply_id, body)
    return {"reply_id": reply_id}


@router.post("/canned-replies/{reply_id}/remove", responses=problems(404))
async def remove_reply(gateway: Services, _agent: Writer, reply_id: str) -> dict[str, str]:
    """Take one away."""
    await gateway.aids.canned.remove(reply_id)
    return {"reply_id": reply_id}


@router.get("/conversations/{conversation_id}/suggestions", responses=problems(404, 503))
async def suggestions(gateway: Services, _agent: Server, conversation_id: str) -> dict[str, Any]:
    """What the knowledge base would answer to the customer's last message, `to` its sequence number."""
    await require_open(gateway, conversation_id)
    said = await gateway.log.messages(conversation_id)
    last = next((message for message in reversed(said) if message.author is Author.CUSTOMER), None)
    if last is None:
        return {"to": None, "suggestions": []}
    found = await gateway.aids.suggestions.to(last.text)
    return {"to": last.seq, "suggestions": [asdict(each) for each in found]}
