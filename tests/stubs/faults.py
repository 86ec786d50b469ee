"""What goes wrong between us and a server, on demand: slow, cut, throttled, broken. Shared by the stub servers."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Fault(BaseModel):
    """What happens to the next `times` requests whose method and path contain `match`.

    `slow` answers after `seconds`; `cut` drops the connection before anything is done, `cut_after` when all is done
    and only the answer is missing; `answer` says `status` and `body` instead.
    """

    kind: Literal["slow", "cut", "cut_after", "answer"]
    match: str = ""
    times: int = 1
    seconds: float = Field(5.0, ge=0)
    status: int = 500
    body: Any = None


class Faults:
    """ASGI middleware; `router` has the endpoints that switch faults, and `calls` what was asked for so far."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self.calls: list[str] = []
        self.router = APIRouter(prefix="/control")
        self.router.add_api_route("/faults", self.add, methods=["POST"], status_code=204)
        self.router.add_api_route("/faults", self.clear, methods=["DELETE"], status_code=204)
        self.router.add_api_route("/calls", self.told, methods=["GET"])

    def around(self, app: Application) -> Application:
        """The application, with what goes wrong."""

        async def faulty(scope: Scope, receive: Receive, send: Send) -> None:
            call = f"{scope.get('method')} {scope.get('path')}"
            if scope["type"] != "http" or scope["path"].startswith("/control"):
                return await app(scope, receive, send)
            self.calls.append(call)
            fault = self._take(call)
            if fault is None:
                return await app(scope, receive, send)
            return await _go_wrong(fault, app, scope, receive, send)

        return faulty

    async def add(self, fault: Fault) -> None:
        """Let something go wrong."""
        self.waiting.append(fault)

    async def clear(self) -> None:
        """Let everything go well again, and forget the calls."""
        self.waiting.clear()
        self.calls.clear()

    async def told(self) -> list[str]:
        """Method and path of every request so far."""
        return self.calls

    def _take(self, call: str) -> Fault | None:
        fault = next((fault for fault in self.waiting if fault.match in call), None)
        if fault is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.waiting.remove(fault)
        return fault


async def _go_wrong(fault: Fault, app: Application, scope: Scope, receive: Receive, send: Send) -> None:
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
        return await app(scope, receive, send)
    if fault.kind == "answer":
        return await _say(send, fault.status, fault.body)
    if fault.kind == "cut_after":
        await app(scope, receive, _unheard)
    # A beginning without its end: the server then closes the connection.
    return await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9999")]})


async def _say(send: Send, status: int, body: Any) -> None:
    content = body.encode() if isinstance(body, str) else b"" if body is None else json.dumps(body).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def _unheard(_message: Any) -> None:
    """Where the answer goes that nobody gets."""
