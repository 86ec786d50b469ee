"""The agents' desk: signing in, the lists, a conversation, and the live stream."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Cookie, Depends, Header, Request, Response
from pydantic import BaseModel, Field

from bot.channels.api import ApiError, shown
from bot.channels.services import Services
from bot.conversations.errors import ForbiddenMoveError, UnknownConversationError
from bot.conversations.messages import State
from bot.handoff.agents import Agent
from bot.handoff.errors import AlreadyClaimedError, DeskSessionError, LoginFailedError, NotYoursError
from bot.handoff.overview import View

COOKIE = "zhanggui_desk"


def require_desk_header(request: Request, x_desk: Annotated[str, Header()] = "") -> None:
    """No other site's page can send this header, so no other site's page can act for an agent."""
    if request.method != "GET" and x_desk != "1":
        raise ApiError(403, "missing_desk_header", "请从座席工作台操作")


router = APIRouter(prefix="/api/desk", tags=["desk"], dependencies=[Depends(require_desk_header)])


class Login(BaseModel):
    """Name and password of an agent."""

    login: str = Field(max_length=64)
    password: str = Field(max_length=256)


class Reply(BaseModel):
    """What an agent says; sending the same `client_message_id` again repeats nothing."""

    client_message_id: str = Field(min_length=1, max_length=64)
    text: str = Field(min_length=1, max_length=2000)


class GiveBack(BaseModel):
    """`note` is for colleagues; the customer does not see it."""

    note: str | None = Field(None, max_length=1000)


async def signed_in(gateway: Services, zhanggui_desk: Annotated[str, Cookie()] = "") -> Agent:
    """The agent of this desk session; 401 otherwise."""
    try:
        return await gateway.agents.of_session(zhanggui_desk)
    except DeskSessionError as error:
        raise ApiError(401, error.code, "登录已过期，请重新登录") from error


Me = Annotated[Agent, Depends(signed_in)]


@router.post("/login")
async def login(gateway: Services, body: Login, response: Response) -> dict[str, Any]:
    """Sign in; the session travels in a cookie that scripts cannot read."""
    await gateway.limits.check(
        "login", body.login, per_minute=gateway.settings.logins_per_minute, message="尝试次数过多，请一分钟后再试"
    )
    try:
        agent, session = await gateway.agents.sign_in(body.login, body.password)
    except LoginFailedError as error:
        raise ApiError(401, error.code, "工号或密码不正确") from error
    secure = gateway.settings.environment == "production"
    response.set_cookie(COOKIE, session, httponly=True, secure=secure, samesite="strict", path="/")
    return {"agent": _agent(agent)}


@router.post("/logout")
async def logout(gateway: Services, response: Response, zhanggui_desk: Annotated[str, Cookie()] = "") -> dict[str, Any]:
    """Sign out."""
    await gateway.agents.sign_out(zhanggui_desk)
    response.delete_cookie(COOKIE, path="/")
    return {}


@router.get("/me")
async def me(agent: Me) -> dict[str, Any]:
    """Who is signed in."""
    return {"agent": _agent(agent)}


@router.get("/conversations")
async def conversations(gateway: Services, agent: Me, view: View = "queued") -> dict[str, Any]:
    """A list: `mine`, `queued`, or `all` that ever came to people."""
    return {"conversations": [asdict(listed) for listed in await gateway.overview.conversations(view, agent)]}


@router.get("/conversations/{conversation_id}")
async def conversation(gateway: Services, agent: Me, conversation_id: str) -> dict[str, Any]:
    """One conversation with its transcript, why it came here, and who the customer is."""
    handoff = await gateway.handoff.latest(conversation_id)
    if handoff is None:
        raise ApiError(404, "unknown_conversation", "没有这个会话")
    found = await gateway.log.get(conversation_id)
    return {
        "conversation": {
            "conversation_id": conversation_id,
            "state": found.state,
            "channel": found.channel,
            "agent_id": found.agent_id,
            "created_at": found.created_at,
        },
        "messages": [shown(message) for message in await gateway.log.messages(conversation_id)],
        "handoff": {
            "reason": handoff.reason,
            "note": handoff.note,
            "queued_at": handoff.queued_at,
            "claimed_at": handoff.claimed_at,
            "last_intents": handoff.intents,
        },
        "customer": await gateway.overview.customer(conversation_id, agent),
    }


@router.post("/conversations/{conversation_id}/claim")
async def claim(gateway: Services, agent: Me, conversation_id: str) -> dict[str, Any]:
    """Take a waiting conversation; 409 when somebody else was faster."""
    try:
        await gateway.handoff.claim(conversation_id, agent)
    except AlreadyClaimedError as error:
        raise ApiError(409, error.code, "该会话已被接入或客户已离开") from error
    except UnknownConversationError as error:
        raise ApiError(404, error.code, "没有这个会话") from error
    return {"state": State.AGENT}


@router.post("/conversations/{conversation_id}/messages")
async def reply(gateway: Services, agent: Me, conversation_id: str, body: Reply) -> dict[str, Any]:
    """Say something to the customer."""
    with _mine():
        message = await gateway.handoff.reply(conversation_id, agent, body.client_message_id, body.text)
    return {"messages": [shown(message)], "state": State.AGENT}


@router.post("/conversations/{conversation_id}/return")
async def give_back(gateway: Services, agent: Me, conversation_id: str, body: GiveBack) -> dict[str, Any]:
    """Give the conversation back to the bot."""
    with _mine():
        await gateway.handoff.give_back(conversation_id, agent, note=body.note)
    return {"state": State.BOT}


@router.post("/conversations/{conversation_id}/close")
async def close(gateway: Services, agent: Me, conversation_id: str) -> dict[str, Any]:
    """End the service."""
    with _mine():
        await gateway.handoff.close(conversation_id, agent)
    return {"state": State.CLOSED}


@contextmanager
def _mine() -> Iterator[None]:
    try:
        yield
    except (NotYoursError, ForbiddenMoveError) as error:
        raise ApiError(409, "not_yours", "该会话不在您的名下") from error
    except UnknownConversationError as error:
        raise ApiError(404, error.code, "没有这个会话") from error


def _agent(agent: Agent) -> dict[str, str]:
    return {"agent_id": agent.agent_id, "name": agent.name, "role": agent.role}
