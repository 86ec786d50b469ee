"""How large a request may be; nothing is buffered."""

from collections.abc import Mapping

import structlog
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.api import ApiError, error_answer

MAX_BODY_BYTES = 64 * 1024
"""Far above the longest message, far below what would fill the memory."""
_CODE = "message_too_long"
_log = structlog.get_logger(__name__)


class BodyLimit:
    """Refuses requests whose body is larger than anything the API takes, with 413 and the usual error shape.

    A length that says so is believed and the body is not read; any other length is not, and what comes is counted.
    """

    def __init__(self, app: ASGIApp, message: str, files: Mapping[str, int] | None = None) -> None:
        """`files` are the paths that take files, and how many bytes each takes."""
        self._app = app
        self._message = message
        self._files = files or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        most = self._files.get(scope["path"], MAX_BODY_BYTES)
        declared = connection.headers.get("content-length", "")
        if declared.isdecimal() and int(declared[:20]) > most:
            _log.warning("body_too_large", path=scope["path"], declared=int(declared[:20]))
            await error_answer(connection, 413, _CODE, self._message)(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                _log.warning("body_too_large", path=scope["path"], received=received)
                raise ApiError(413, _CODE, self._message)  # FastAPI lets it through to its handler
            return message

        await self._app(scope, counted, send)
