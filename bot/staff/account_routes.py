"""Accounts of the bank's people, for admins. Every change is audited and ends that person's sessions."""

from typing import Annotated, Any

from fastapi import Depends
from pydantic import Field, StringConstraints

from bot.channels.inbound import Inbound
from bot.channels.openapi import problems
from bot.channels.services import Services
from bot.staff.access import Permit, desk_router
from bot.staff.models import Account, Agent
from bot.staff.own_routes import session_view
from bot.staff.refusals import refusals
from bot.staff.roles import Operation, Role

router = desk_router("/accounts", Depends(refusals), responses=problems(404, 409))
Admin = Annotated[Agent, Depends(Permit(Operation.ACCOUNTS))]


class NewAccount(Inbound):
    """Somebody who is to work at the desk."""

    login: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{1,63}$")]
    name: Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=1, max_length=64)]
    role: Role


class NewRole(Inbound):
    """What the person is to be."""

    role: Role


class Which(Inbound):
    """One session, or all."""

    session_id: str | None = Field(None, max_length=32)


@router.get("")
async def accounts(gateway: Services, _admin: Admin) -> dict[str, Any]:
    """All accounts."""
    return {"accounts": [_view(account) for account in await gateway.staff.accounts.listed()]}


@router.post("")
async def add(gateway: Services, admin: Admin, body: NewAccount) -> dict[str, Any]:
    """Make an account; `password` is told this once and has to be changed at the first sign-in."""
    agent, password = await gateway.staff.accounts.add_with_initial_password(
        body.login, body.name, role=body.role, by=admin
    )
    return {"agent_id": agent.agent_id, "password": password}


@router.post("/{agent_id}/role")
async def change_role(gateway: Services, admin: Admin, agent_id: str, body: NewRole) -> dict[str, Any]:
    """Another role."""
    await gateway.staff.accounts.change_role(agent_id, body.role, by=admin)
    return {}


@router.post("/{agent_id}/disable")
async def disable(gateway: Services, admin: Admin, agent_id: str) -> dict[str, Any]:
    """Let the person in no more."""
    await gateway.staff.accounts.disable(agent_id, by=admin)
    return {}


@router.post("/{agent_id}/enable")
async def enable(gateway: Services, admin: Admin, agent_id: str) -> dict[str, Any]:
    """Let the person in again."""
    await gateway.staff.accounts.enable(agent_id, by=admin)
    return {}


@router.post("/{agent_id}/password")
async def reset_password(gateway: Services, admin: Admin, agent_id: str) -> dict[str, Any]:
    """A new initial password, told this once."""
    return {"password": await gateway.staff.accounts.reset_password(agent_id, by=admin)}


@router.post("/{agent_id}/totp")
async def reset_totp(gateway: Services, admin: Admin, agent_id: str) -> dict[str, Any]:
    """The phone is lost: the next sign-in enrols an app anew."""
    await gateway.staff.accounts.reset_totp(agent_id, by=admin)
    return {}


@router.get("/{agent_id}/sessions")
async def sessions(gateway: Services, _admin: Admin, agent_id: str) -> dict[str, Any]:
    """Where the person is signed in."""
    return {"sessions": [session_view(each) for each in await gateway.staff.sessions.listed(agent_id)]}


@router.post("/{agent_id}/sessions/revoke")
async def revoke(gateway: Services, admin: Admin, agent_id: str, body: Which) -> dict[str, Any]:
    """Sign the person out, from one session or from all."""
    await gateway.staff.accounts.revoke_sessions(agent_id, by=admin, session_id=body.session_id)
    return {}


def _view(account: Account) -> dict[str, Any]:
    agent = account.agent
    return {
        "agent_id": agent.agent_id,
        "login": agent.login,
        "name": agent.name,
        "role": agent.role,
        "disabled": account.disabled,
        "has_totp": account.has_totp,
        "must_change_password": account.must_change_password,
        "sessions": account.sessions,
    }
