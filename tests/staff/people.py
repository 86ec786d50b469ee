"""People for the desk of a test."""

import httpx

from bot.application import Gateway
from bot.gateway import create_app
from bot.staff.models import Agent, Device
from bot.staff.roles import Role

PASSWORD = "correct horse"
HERE = Device("192.0.2.1", "a browser")


async def hire(gateway: Gateway, login: str, name: str | None = None, *, role: Role = "agent") -> Agent:
    """Somebody with an account and PASSWORD."""
    return await gateway.staff.accounts.add(login, name or f"座席{login}", PASSWORD, role=role)


async def session_of(gateway: Gateway, login: str) -> str:
    """The secret of a new session."""
    progress = await gateway.staff.sign_in.begin(login, PASSWORD, HERE)
    assert progress.step == "done"
    return progress.secret


def browser(gateway: Gateway, url: str = "http://test", headers: dict[str, str] | None = None) -> httpx.AsyncClient:
    """A browser on the real application; a context manager."""
    app = create_app(gateway.settings, gateway)
    app.state.gateway = gateway
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url=f"{url}/api/desk/", headers=headers or {"X-Desk": "1"})


async def sign_in(desk: httpx.AsyncClient, login: str) -> None:
    """By password alone, as development allows."""
    answer = await desk.post("login", json={"login": login, "password": PASSWORD})
    assert answer.is_success, answer.text
    assert "agent" in answer.json(), answer.text
