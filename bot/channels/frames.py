"""What clients may say on a stream: small JSON objects."""

import json
from typing import Any

from starlette.types import Message
from starlette.websockets import WebSocketDisconnect

Frame = dict[str, Any]
MAX_FRAME_BYTES = 4096
"""Clients only tell that somebody is typing."""
_UNSUPPORTED, _INVALID, TOO_MANY, _TOO_BIG = 1003, 1007, 1008, 1009
"""Close codes of RFC 6455, 7.4.1; 1008 is a policy that was violated."""


class FrameError(Exception):
    """A frame we do not take; the stream is closed with `close_code`."""

    def __init__(self, close_code: int, reason: str) -> None:
        super().__init__(reason)
        self.close_code = close_code
        self.reason = reason


def frame_of(message: Message) -> Frame:
    """Read what the server received. Raises FrameError, and WebSocketDisconnect when the other side has left."""
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005), message.get("reason"))
    text = message.get("text")
    if text is None:
        raise FrameError(_UNSUPPORTED, "text_only")
    if len(text.encode()) > MAX_FRAME_BYTES:
        raise FrameError(_TOO_BIG, "too_big")
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError) as error:  # RecursionError: nested too deeply
        raise FrameError(_INVALID, "not_json") from error
    if not isinstance(frame, dict):
        raise FrameError(_INVALID, "not_an_object")
    return frame
