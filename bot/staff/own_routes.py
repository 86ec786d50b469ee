"""One's own session at the desk: who I am, unlocking, password, and where else I am signed in."""

from typing import Annotated, Any

from fastapi import Depends
from pydantic import Field

from bot.channels.inbound import Inbound
from bot.channels.openapi import problems
from bot.channels.services import Services
from bot.staff.access import Me, desk_router, open_session, session_of
from bot.staff.login_routes import agent_view
from bot.staff.models import OpenSession, Session
from bot.staff.passwords import MAX_CHARS
from bot.staff.refusals import refusals

router = desk_router("", Depends(refusals), responses=problems(404, 409, 429))


class Password(Inbound):
    """The password of who is signed in."""

    password: str = Field(max_length=MAX_CHARS)


class PasswordChange(Inbound):
    """Old and new."""

    old: str = Field(max_length=MAX_CHARS)
    new: str = Field(max_length=MAX_CHARS)


@router.get("/me")
async def me(agent: Me) -> dict[str, Any]:
    """Who is signed in, and what the role allows."""
    return {"agent": agent_view(agent)}


@router.post("/activity")
async def activity(gateway: Services, _agent: Me, session: Annotated[Session, Depends(open_session)]) -> dict[str, Any]:
    """A person is at the page: the session does not lock yet. Nothing else counts as use."""
    await gateway.staff.sessions.used(session.session_id)
    return {}


@router.post("/unlock")
async def unlock(gateway: Services, session: Annotated[Session, Depends(session_of)], body: Password) -> dict[str, Any]:
    """Open the locked session again."""
    await gateway.staff.sign_in.unlock(session, body.password)
    return {"agent": agent_view(session.agent)}


@router.post("/me/password")
async def change_password(gateway: Services, agent: Me, body: PasswordChange) -> dict[str, Any]:
    """Another password; every session ends, this one too."""
    await gateway.staff.sign_in.change_password(agent, body.old, body.new)
    return {}


@router.get("/me/sessions")
async def sessions(gateway: Services, agent: Me, session: Annotated[Session, Depends(open_session)]) -> dict[str, Any]:
    """Where I am signed in."""
    listed = await gateway.staff.sessions.listed(agent.agent_id)
    return {"sessions": [session_view(each, session.session_id) for each in listed]}


@router.post("/me/sessions/{session_id}/revoke")
async def revoke(gateway: Services, agent: Me, session_id: str) -> dict[str, Any]:
    """Sign out elsewhere."""
    await gateway.staff.accounts.revoke_sessions(agent.agent_id, by=agent, session_id=session_id)
    return {}


def session_view(session: OpenSession, current: str | None = None) -> dict[str, Any]:
    """One session for the pages; `current` is the one that is asking."""
    return {
        "session_id": session.session_id,
        "address": session.device.address,
        "browser": session.device.browser,
        "created_at": session.created_at,
        "used_at": session.used_at,
        "locked": session.locked,
        "current": session.session_id == current,
    }
