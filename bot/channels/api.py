"""What the HTTP routes of all channels share: the shape of errors and of messages."""

from typing import Any

from fastapi import HTTPException, Request
from fastapi.responses import JSONResponse

from bot.conversations.messages import Message


class ApiError(HTTPException):
    """Answers a request with `status` and `{code, message}`; the message is read by people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(status, code)
        self.code = code
        self.message = message


async def answer_api_error(_request: Request, error: Exception) -> JSONResponse:
    """The exception handler for ApiError."""
    assert isinstance(error, ApiError)
    return JSONResponse({"code": error.code, "message": error.message}, status_code=error.status_code)


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
    if message.cards:
        view["cards"] = list(message.cards)
    if message.metadata and message.author.value != "customer":
        view["metadata"] = message.metadata
    if message.client_message_id:
        view["client_message_id"] = message.client_message_id
    return view
