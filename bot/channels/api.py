"""What the HTTP routes of all channels share: the shape of errors and of messages."""

from collections.abc import Mapping
from typing import Any

from fastapi import HTTPException
from fastapi.responses import JSONResponse
from starlette.requests import HTTPConnection

from bot.conversations.messages import Message

_OURS = {"survey", "rated", "message_wanted"}
"""Metadata that no client needs: one names an agent by id, the others are for the answer to the message."""


class ApiError(HTTPException):
    """Answers a request with `status` and `{code, message, request_id}`; the message is read by people."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, code, dict(headers) if headers else None)
        self.code = code
        self.message = message


def error_answer(
    connection: HTTPConnection, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """The one shape of every error; `request_id` leads to the lines of the log."""
    body = {"code": code, "message": message, "request_id": getattr(connection.state, "request_id", None)}
    return JSONResponse(body, status, headers)


def shown(message: Message) -> dict[str, Any]:
    """A message as every client sees it; what its buttons do stays here."""
    view: dict[str, Any] = {
        "seq": message.seq,
        "author": message.author.value,
        "text": message.text,
        "created_at": message.created_at.isoformat() if message.created_at else None,
    }
    if message.buttons:
        view["buttons"] = [{"title": button.title} for button in message.buttons]
    if "image" in message.metadata:
        view["picture"] = True
    if message.cards:
        view["cards"] = list(message.cards)
    metadata = {name: value for name, value in message.metadata.items() if name not in _OURS}
    if metadata and message.author.value != "customer":
        view["metadata"] = metadata
    if message.client_message_id:
        view["client_message_id"] = message.client_message_id
    return view
