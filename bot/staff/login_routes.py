"""Signing in and out of the desk, step by step."""

from dataclasses import dataclass
from typing import Annotated, Any

import segno
from fastapi import Depends, Request, Response
from pydantic import Field

from bot.application import Gateway
from bot.channels.addresses import address_of
from bot.channels.inbound import Inbound
from bot.channels.limits import Limit
from bot.channels.openapi import problems
from bot.channels.services import Services
from bot.staff.access import PENDING, SESSION, cookie_name, cookie_of, desk_router, is_secure
from bot.staff.models import Agent, Device
from bot.staff.passwords import MAX_CHARS
from bot.staff.pending import PENDING_S
from bot.staff.refusals import refusals
from bot.staff.roles import Operation
from bot.staff.sign_in import Progress

_TOO_MANY_LOGINS = "尝试次数过多，请一分钟后再试"
router = desk_router("", Depends(refusals), responses=problems(404, 409, 429))


class Login(Inbound):
    """Name and password of an agent."""

    login: str = Field(max_length=64)
    password: str = Field(max_length=MAX_CHARS)


class NewPassword(Inbound):
    """A password of one's own."""

    password: str = Field(max_length=MAX_CHARS)


class Code(Inbound):
    """Six digits of the app, or a recovery code."""

    code: str = Field(min_length=6, max_length=32)


@dataclass(frozen=True)
class Visit:
    """One request of somebody who is signing in."""

    gateway: Gateway
    request: Request
    response: Response

    @property
    def pending(self) -> str:
        """What the step before has left."""
        return cookie_of(self.gateway, self.request, PENDING)

    @property
    def device(self) -> Device:
        """From where."""
        client, browser = self.request.client, self.request.headers.get("user-agent", "")
        return Device(client.host if client else "", browser)

    def told(self, progress: Progress) -> dict[str, Any]:
        """The step that is wanted next, or the agent; either's secret travels in a cookie scripts cannot read."""
        if progress.step != "done":
            self._set(PENDING, progress.secret, max_age=PENDING_S)
            return {"step": progress.step}
        self.clear(PENDING)
        self._set(SESSION, progress.secret)
        return {"agent": agent_view(progress.agent)}

    def clear(self, name: str) -> None:
        """Take a cookie away."""
        secure = is_secure(self.gateway, self.request)
        self.response.delete_cookie(
            cookie_name(self.gateway, self.request, name), path="/", secure=secure, httponly=True, samesite="strict"
        )

    def _set(self, name: str, value: str, *, max_age: int | None = None) -> None:
        self.response.set_cookie(
            cookie_name(self.gateway, self.request, name),
            value,
            max_age=max_age,
            path="/",
            secure=is_secure(self.gateway, self.request),
            httponly=True,
            samesite="strict",
        )


def visit(gateway: Services, request: Request, response: Response) -> Visit:
    """This request."""
    return Visit(gateway, request, response)


Here = Annotated[Visit, Depends(visit)]


def agent_view(agent: Agent) -> dict[str, Any]:
    """Who is signed in, and what the pages may offer."""
    may = [operation.value for operation in Operation if agent.may(operation)]
    return {"agent_id": agent.agent_id, "login": agent.login, "name": agent.name, "role": agent.role, "may": may}


@router.post("/login")
async def login(here: Here, body: Login) -> dict[str, Any]:
    """Name and password: `{agent}` when that is all, else `{step}`: `code`, `password` or `enrolment`."""
    gateway = here.gateway
    await gateway.limits.check(Limit.LOGINS_FROM_ADDRESS, address_of(here.request), message=_TOO_MANY_LOGINS)
    await gateway.limits.check(Limit.LOGINS_AS_AGENT, body.login, message=_TOO_MANY_LOGINS)
    return here.told(await gateway.staff.sign_in.begin(body.login, body.password, here.device))


@router.post("/login/code")
async def code(here: Here, body: Code) -> dict[str, Any]:
    """The second step of who has enrolled an app."""
    return here.told(await here.gateway.staff.sign_in.enter_code(here.pending, body.code, here.device))


@router.post("/login/password")
async def password(here: Here, body: NewPassword) -> dict[str, Any]:
    """A password of one's own instead of the initial one."""
    return here.told(await here.gateway.staff.sign_in.choose_password(here.pending, body.password, here.device))


@router.post("/login/enrolment")
async def enrolment(here: Here) -> dict[str, Any]:
    """A secret for the authenticator app: as QR code (an SVG in a data URI) and to type."""
    here.response.headers["cache-control"] = "no-store"
    begun = await here.gateway.staff.sign_in.begin_enrolment(here.pending)
    return {"qr": segno.make(begun.uri).svg_data_uri(scale=5, light="#fff"), "secret": begun.secret}


@router.post("/login/enrolment/confirm")
async def confirm(here: Here, body: Code) -> dict[str, Any]:
    """The app's first code; `recovery_codes` are told this once."""
    here.response.headers["cache-control"] = "no-store"
    progress, codes = await here.gateway.staff.sign_in.confirm_enrolment(here.pending, body.code, here.device)
    return {**here.told(progress), "recovery_codes": codes}


@router.post("/logout")
async def logout(here: Here) -> dict[str, Any]:
    """Sign out."""
    await here.gateway.staff.sessions.sign_out(cookie_of(here.gateway, here.request))
    here.clear(SESSION)
    here.clear(PENDING)
    return {}
