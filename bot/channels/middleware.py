"""What every HTTP request passes on its way in and every response on its way out; nothing is buffered."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.api import ApiError

MAX_BODY_BYTES = 64 * 1024
"""Far above the longest message, far below what would fill the memory."""
_HEADERS = {
    b"content-security-policy": b"default-src 'self'; img-src 'self' data:; frame-ancestors 'self'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
}


class SecurityHeaders:
    """Adds the headers a bank's reviewers look for. The OpenAPI page loads its own scripts and goes without."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start" and not scope["path"].startswith("/docs"):
                message["headers"] = [*message["headers"], *_HEADERS.items()]
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class BodyLimit:
    """Refuses requests whose body is larger than anything the API takes, with 413 and the usual error shape."""

    def __init__(self, app: ASGIApp, message: str) -> None:
        self._app = app
        self._message = message

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MAX_BODY_BYTES:
                raise ApiError(413, "message_too_long", self._message)  # FastAPI lets it through to its handler
            return message

        await self._app(scope, counted, send)
