"""Pictures customers have sent, fetched for agents from the channel that keeps them."""

from typing import Annotated

from fastapi import Depends, Response

from bot.channels.api import ApiError
from bot.channels.inbound import RowId
from bot.channels.openapi import problems
from bot.channels.port import PictureGoneError
from bot.channels.services import Services
from bot.conversations.errors import UnknownConversationError
from bot.handoff.trace import trace
from bot.staff.access import Permit, desk_router
from bot.staff.models import Agent
from bot.staff.roles import Operation

router = desk_router("/conversations")
Viewer = Annotated[Agent, Depends(Permit(Operation.PICTURES_READ))]
_SHOWN = {"image/jpeg", "image/png", "image/gif", "image/webp"}
"""Nothing that a browser would run."""


@router.get(
    "/{conversation_id}/pictures/{seq}",
    response_class=Response,
    responses={200: {"content": {kind: {} for kind in sorted(_SHOWN)}}, **problems(404, 410)},
)
async def picture(gateway: Services, agent: Viewer, conversation_id: str, seq: RowId) -> Response:
    """The picture of message `seq`; 404 when there is none, 410 when the channel has it no more; audited."""
    try:
        channel = gateway.outside((await gateway.log.get(conversation_id)).channel)
    except UnknownConversationError as error:
        raise ApiError(404, error.code, "没有这个会话") from error
    messages = await gateway.log.messages(conversation_id, after=seq - 1)
    image = messages[0].metadata.get("image") if messages and messages[0].seq == seq else None
    if channel is None or image is None or await gateway.handoff.latest(conversation_id) is None:
        raise ApiError(404, "no_picture", "没有这张图片")
    reason = "desk: opened the picture"
    await trace(gateway, agent, "picture.read", conversation_id, reason=reason, detail={"seq": seq})
    try:
        found = await channel.picture(image["media_id"])
    except PictureGoneError as error:
        raise ApiError(410, error.code, "图片暂时无法查看，可能已过期") from error
    if found.content_type not in _SHOWN:
        raise ApiError(410, PictureGoneError.code, "图片格式无法显示")
    return Response(found.content, media_type=found.content_type, headers={"cache-control": "private, max-age=3600"})
