"""The one way into Rasa: messages from the gateway, and nobody without the token gets any answer but 401.

Rasa's own REST channel is never protected, and `--auth-token` covers only the API that we leave off.
"""

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.dialogue.requests import split

_log = structlog.get_logger(__name__)
_LEAST_TOKEN = 32
_MAX_BODY_BYTES = 64 * 1024
_ADDING = "add_to_complaint"
"""The offer after which a customer tells what to add to a complaint (actions/complaint_status.py)."""


class GatewayInput(InputChannel):  # type: ignore[misc]
    """`POST /webhooks/gateway/webhook` `{"sender", "message"}` → what the bot says, as Rasa's REST channel words it.

    Of several requests in one message the first is read; `metadata.then` holds the rest, for the actions to pass on.
    """

    def __init__(self, token: str) -> None:
        """`token` is what the gateway sends as `Authorization: Bearer`."""
        if len(token) < _LEAST_TOKEN:
            raise ValueError(f"the token of the gateway needs at least {_LEAST_TOKEN} characters")
        self._expected = f"Bearer {token}".encode()

    @classmethod
    def name(cls) -> str:
        """The part of the path after `/webhooks/`."""
        return "gateway"

    @classmethod
    def from_credentials(cls, credentials: "dict[str, Any] | None") -> "GatewayInput":
        """From this channel's entry in `credentials.yml`."""
        return cls(str((credentials or {}).get("token", "")))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of the channel, and the guard before every route that Rasa has."""
        routes = Blueprint("gateway", __name__)

        async def require_token(request: Request) -> "HTTPResponse | None":
            sent = request.headers.get("authorization", "").encode()
            return None if hmac.compare_digest(sent, self._expected) else response.empty(status=401)

        @routes.listener("before_server_start")  # type: ignore[untyped-decorator]
        async def guard(app: "Sanic[Any, Any]", _loop: Any) -> None:
            app.config.REQUEST_MAX_SIZE = _MAX_BODY_BYTES
            app.register_middleware(require_token, "request")  # of the whole server: its greeting tells the version

        @routes.get("/")
        async def health(_request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            call = request.json if isinstance(request.json, dict) else {}
            sender, text = call.get("sender"), call.get("message")
            if not (isinstance(sender, str) and sender and isinstance(text, str)):
                return response.empty(status=422)
            said = CollectingOutputChannel()
            try:
                text, rest = await _first_request(request.app.ctx.agent, sender, text)
                metadata = {"then": rest} if rest else None
                await on_new_message(UserMessage(text, said, sender, input_channel=self.name(), metadata=metadata))
            except Exception:
                _log.exception("message_not_handled", sender=sender)  # the text stays out of the log
                return response.empty(status=500)
            return response.json(said.messages)

        return routes


async def _first_request(agent: Any, sender: str, text: str) -> tuple[str, "str | None"]:
    """The request to answer now, and what follows it in the message; free text that was asked for is one piece."""
    parted = None if text.startswith("/") else await split(text, agent.parse_message)
    if parted is None:
        return text, None
    tracker = await agent.tracker_store.retrieve(sender)
    if tracker is not None and (tracker.active_loop_name or (tracker.get_slot("offer") or {}).get("kind") == _ADDING):
        return text, None
    return parted
