"""What nobody foresaw: the log gets the cause, the caller a kind sentence and the id under which the log has it."""

import traceback

import structlog
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot import metrics
from bot.channels.api import error_answer
from bot.errors import ZhangguiError

_log = structlog.get_logger(__name__)
_FRAMES = 12
_INTERNAL_ERROR = 1011
"""RFC 6455, 7.4.1: the server met a condition that it did not expect."""


class Failures:
    """Ends a request whose handler raised with 500 `internal`, a WebSocket with 1011. Neither shows why."""

    def __init__(self, app: ASGIApp, message: str) -> None:
        """`message` is what a customer reads."""
        self._app = app
        self._message = message

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = ended = False

        async def watched(message: Message) -> None:
            nonlocal begun, ended
            begun = begun or message["type"].endswith(".start")
            ended = ended or message["type"] == "websocket.close"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            return  # nobody is there to be told
        except Exception as error:
            if scope["type"] == "lifespan":
                raise
            metrics.FAULTS.labels(part="gateway").inc()
            _log.error("request_failed", path=_route(scope), cause=cause_of(error), frames=frames_of(error))
            if scope["type"] == "http" and not begun:
                answer = error_answer(HTTPConnection(scope), 500, "internal", self._message)
                await answer(scope, receive, send)
            elif scope["type"] == "websocket" and not (begun or ended):
                await _close(send)
            elif scope["type"] == "http":
                raise BrokenAnswerError from None  # half an answer must not look like a whole one


class BrokenAnswerError(ZhangguiError):
    """An answer broke off after it had begun; the server cuts the connection."""

    code = "broken_answer"


def cause_of(error: BaseException) -> str:
    """The types of an error and of what led to it; words only of our own, since others quote what they were given.

    A database's error comes with its code (`SQLITE_BUSY`, an SQLSTATE).
    """
    cause = error.__cause__ or error.__context__
    code = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)
    words = str(error) if isinstance(error, ZhangguiError) else code
    own = type(error).__name__ + (f": {words}" if words else "")
    return f"{own} < {cause_of(cause)}" if cause is not None else own


def frames_of(error: BaseException) -> list[str]:
    """Where it happened, innermost last: `file:line function`, without any value."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def _route(scope: Scope) -> str | None:
    """The route's pattern: the path itself may hold ids and what a caller made up."""
    return getattr(scope.get("route"), "path", None)


async def _close(send: Send) -> None:
    try:
        await send({"type": "websocket.close", "code": _INTERNAL_ERROR, "reason": ""})
    except (RuntimeError, OSError):  # the other side had left
        return
