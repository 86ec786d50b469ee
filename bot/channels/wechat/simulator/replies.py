"""Reading a passive reply: what the phone then shows, or why it cannot."""

from dataclasses import dataclass
from typing import Any

from bot.channels.wechat.simulator.account import Account, Mode
from bot.channels.wechat.simulator.xml import MalformedReplyError, field, parsed

MAX_TEXT_BYTES = 2048
_MEDIA = {"image": "Image/MediaId", "voice": "Voice/MediaId", "video": "Video/MediaId"}


@dataclass(frozen=True)
class Reply:
    """What goes into the chat: a message type and what that type carries."""

    kind: str
    content: dict[str, Any]


def read(account: Account, openid: str, body: bytes) -> Reply | None:
    """The reply in `body`; None for `success` or nothing. Raises MalformedReplyError for anything else."""
    text = body.decode("utf-8", "replace").strip()
    if text in ("", "success"):
        return None
    message = parsed(text)
    if message.find("Encrypt") is not None:
        message = parsed(account.opened(message))
    elif account.mode is Mode.ENCRYPTED:
        raise MalformedReplyError("not encrypted")
    if (field(message, "ToUserName"), field(message, "FromUserName")) != (openid, account.original_id):
        raise MalformedReplyError("meant for somebody else")
    int(field(message, "CreateTime") or "0")
    kind = field(message, "MsgType")
    if kind == "text":
        return Reply("text", {"text": _limited(field(message, "Content"))})
    if kind == "news":
        return Reply("news", _article(message))
    if kind in _MEDIA:
        return Reply(kind, {"media_id": field(message, _MEDIA[kind])})
    if kind == "transfer_customer_service":
        return None
    raise MalformedReplyError(f"MsgType {kind}")


def _limited(text: str) -> str:
    size = len(text.encode())
    if not 0 < size <= MAX_TEXT_BYTES:
        raise MalformedReplyError(f"a text of {size} bytes")
    return text


def _article(message: Any) -> dict[str, Any]:
    """The first article: in answer to a message WeChat shows no more than one."""
    item = "Articles/item"
    return {
        "title": field(message, f"{item}/Title"),
        "description": field(message, f"{item}/Description"),
        "picture": field(message, f"{item}/PicUrl"),
        "url": field(message, f"{item}/Url"),
    }
