"""Who may call the desk's routes: signed in by cookie, allowed by role, and from the desk's own page."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, params
from starlette.requests import HTTPConnection

from bot.application import Gateway
from bot.channels.api import ApiError
from bot.channels.openapi import Responses, problems
from bot.channels.services import Services
from bot.staff.errors import DeskLockedError, DeskSessionError
from bot.staff.models import Agent, Session
from bot.staff.roles import Operation

SESSION = "zhanggui_desk"
PENDING = "zhanggui_desk_pending"
"""Names of cookies; over TLS they go with the prefix `__Host-`, which browsers tie to Secure, this host and path /."""


def is_secure(gateway: Gateway, connection: HTTPConnection) -> bool:
    """Whether cookies are for TLS only: always in production, where a proxy may have ended TLS."""
    return gateway.settings.environment == "production" or connection.url.scheme in ("https", "wss")


def cookie_name(gateway: Gateway, connection: HTTPConnection, name: str) -> str:
    """What SESSION or PENDING is called on this connection."""
    return f"__Host-{name}" if is_secure(gateway, connection) else name


def cookie_of(gateway: Gateway, connection: HTTPConnection, name: str = SESSION) -> str:
    """What the cookie holds; empty when there is none."""
    return connection.cookies.get(cookie_name(gateway, connection, name), "")


def from_own_page(connection: HTTPConnection) -> bool:
    """Whether the browser says that a page of this origin is asking; what is no browser says nothing.

    `Sec-Fetch-Site` knows it for sure, also behind a proxy that changes `Host`; older browsers send only `Origin`.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None and site != "none":
        return site == "same-origin"
    origin = connection.headers.get("origin")
    return origin is None or origin.partition("//")[2] == connection.headers.get("host")


def require_own_page(request: Request) -> None:
    """Writes need a header that no other site's page can send, and no foreign origin."""
    if request.method in ("GET", "HEAD"):
        return
    if request.headers.get("x-desk") != "1":
        raise ApiError(403, "missing_desk_header", "请从座席工作台操作")
    if not from_own_page(request):
        raise ApiError(403, "foreign_origin", "请从座席工作台操作")


async def session_of(gateway: Services, request: Request) -> Session:
    """The session of this cookie, locked or not; 401 otherwise."""
    try:
        return await gateway.staff.sessions.of(cookie_of(gateway, request), even_locked=True)
    except DeskSessionError as error:
        raise ApiError(401, error.code, "登录已过期，请重新登录") from error


async def open_session(gateway: Services, request: Request) -> Session:
    """The session of this cookie; 401 also while it is locked."""
    try:
        return await gateway.staff.sessions.of(cookie_of(gateway, request))
    except DeskSessionError as error:
        raise ApiError(401, error.code, "登录已过期，请重新登录") from error
    except DeskLockedError as error:
        raise ApiError(401, error.code, "工作台已锁定，请输入密码") from error


@dataclass(frozen=True)
class Permit:
    """A dependency: the agent of this session, whose role allows `operation`; 401 or 403 otherwise."""

    operation: Operation

    async def __call__(self, session: Annotated[Session, Depends(open_session)]) -> Agent:
        if not session.agent.may(self.operation):
            raise ApiError(403, "not_permitted", "您的岗位没有这项权限")
        return session.agent


Me = Annotated[Agent, Depends(Permit(Operation.OWN_SESSION))]


def desk_router(prefix: str = "", *dependencies: params.Depends, responses: Responses | None = None) -> APIRouter:
    """A router below `/api/desk` that refuses writes from other sites; `responses` are what else its routes answer."""
    required = [Depends(require_own_page), *dependencies]
    refused = {**problems(401, 403), **(responses or {})}
    return APIRouter(prefix=f"/api/desk{prefix}", tags=["desk"], dependencies=required, responses=refused)
