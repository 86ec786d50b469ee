"""How errors become answers; whatever is not named here is a failure (bot/channels/failures.py)."""

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError, WebSocketRequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import Response

from bot import metrics
from bot.channels.api import ApiError, error_answer
from bot.errors import UnavailableError
from bot.texts import Texts

_log = structlog.get_logger(__name__)
_CODES = {404: "not_found", 405: "method_not_allowed"}


def add_error_handlers(app: FastAPI, texts: Texts) -> None:
    """Answer errors with `{code, message, request_id}`. The handlers serve refused WebSocket handshakes as well."""

    async def api_error(connection: HTTPConnection, error: Exception) -> Response:
        assert isinstance(error, ApiError)
        return error_answer(connection, error.status_code, error.code, error.message, error.headers)

    async def http_error(connection: HTTPConnection, error: Exception) -> Response:
        """Raised by the framework: no such address, not this method, a body that is no JSON."""
        assert isinstance(error, HTTPException)
        text = texts("utter_not_found" if error.status_code in _CODES else "utter_invalid_request")
        code = _CODES.get(error.status_code, "invalid_request")
        return error_answer(connection, error.status_code, code, text, error.headers)

    async def invalid(connection: HTTPConnection, _error: Exception) -> Response:
        """What was sent is not echoed: it may be anybody's data."""
        return error_answer(connection, 422, "invalid_message", texts("utter_invalid_request"))

    async def unavailable(connection: HTTPConnection, error: Exception) -> Response:
        assert isinstance(error, UnavailableError)
        metrics.FAULTS.labels(part=error.code).inc()
        _log.warning("unavailable", code=error.code, cause=str(error))
        return error_answer(connection, 503, error.code, texts("utter_not_now"))

    app.add_exception_handler(ApiError, api_error)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(WebSocketRequestValidationError, invalid)
    app.add_exception_handler(UnavailableError, unavailable)
