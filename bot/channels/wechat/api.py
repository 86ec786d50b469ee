"""What we ask of WeChat's server; `client.py` asks over HTTP."""

from dataclasses import dataclass
from typing import Any, Protocol

from bot.channels.wechat.outgoing import Outgoing


@dataclass(frozen=True)
class Media:
    """A file a user has sent."""

    content: bytes
    content_type: str


class WechatApi(Protocol):
    """Every call may raise UnreachableError, PausedError and the kinds of RefusedError; those that change something
    also InDoubtError."""

    async def send(self, openid: str, message: Outgoing) -> None:
        """Push a customer-service message; it counts against the user's budget."""

    async def typing(self, openid: str) -> None:
        """Show 对方正在输入 for some seconds."""

    async def publish_menu(self, buttons: list[dict[str, Any]]) -> None:
        """Replace the menu at the bottom of the chat."""

    async def media(self, media_id: str) -> Media:
        """A file that a user has sent in the last three days."""

    async def openid(self, oauth_code: str) -> str:
        """Who authorised a page with this code. Raises OAuthCodeError when the code is used up, old or unknown."""
