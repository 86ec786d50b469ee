"""What one user's phone shows of the account."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.channels.wechat.simulator.quota import Quota
from bot.clock import Clock

UNAVAILABLE = "该公众号暂时无法提供服务，请稍后再试"
_TYPING_LASTS = timedelta(seconds=15)


@dataclass(frozen=True)
class Bubble:
    """One thing in the chat; `kind` is WeChat's MsgType, `content` what that type carries."""

    seq: int
    side: Literal["user", "account", "notice"]
    kind: str
    content: dict[str, Any]
    at: datetime


class Phone:
    """The chat with the account, whether it is followed, and how much the account may still send."""

    def __init__(self, number: int, app_id: str, clock: Clock) -> None:
        """The openid follows from number and account, so that a restarted simulator meets old acquaintances."""
        digest = hashlib.sha256(f"{app_id}:{number}".encode()).digest()
        self.number = number
        self.openid = "o" + base64.urlsafe_b64encode(digest).decode()[:27]
        self.follows = False
        self.bubbles: list[Bubble] = []
        self.quota = Quota(clock)
        self._clock = clock
        self._typing_until: datetime | None = None

    @property
    def is_typing(self) -> bool:
        """Whether 对方正在输入 is shown."""
        return self._typing_until is not None and self._clock() < self._typing_until

    def typing(self, command: str) -> None:
        """`Typing` shows it until a message comes, `CancelTyping` or 15 seconds; anything else hides it."""
        self._typing_until = self._clock() + _TYPING_LASTS if command == "Typing" else None

    def sent(self, kind: str, **content: Any) -> None:
        """The user's own message."""
        self._add("user", kind, content)

    def received(self, kind: str, content: dict[str, Any]) -> None:
        """A message of the account."""
        self._typing_until = None
        self._add("account", kind, content)

    def notice(self, text: str) -> None:
        """A grey line of WeChat's own."""
        self._add("notice", "text", {"text": text})

    def texts(self) -> list[str]:
        """What the account and WeChat have said, in order, as text: what a test reads."""
        return [_text(bubble) for bubble in self.bubbles if bubble.side != "user"]

    def _add(self, side: Literal["user", "account", "notice"], kind: str, content: dict[str, Any]) -> None:
        self.bubbles.append(Bubble(len(self.bubbles) + 1, side, kind, content, self._clock()))


def _text(bubble: Bubble) -> str:
    content = bubble.content
    if bubble.kind == "msgmenu":
        return "\n".join([content["head"], *(item["content"] for item in content["items"]), content["tail"]]).strip()
    return str(content.get("text") or content.get("title") or f"[{bubble.kind}]")
