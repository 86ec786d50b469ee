"""WeChat's server in memory: what it was sent, and what it answers when a test wants it to refuse."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.channels.wechat.api import Media
from bot.channels.wechat.errors import NoMenuError, OAuthCodeError, WechatError
from bot.channels.wechat.outgoing import Choices, News, Outgoing, Text


class FakeWechat:
    """A `WechatApi` that keeps what the phones show.

    `refusals` are raised one per call, before anything happens; `in_doubt` ones after the message has arrived.
    """

    def __init__(self) -> None:
        self.shown: dict[str, list[Outgoing]] = {}
        """What each phone has been pushed."""
        self.typed: list[str] = []
        self.menu: list[dict[str, Any]] = []
        self.files: dict[str, Media] = {}
        self.codes: dict[str, str] = {}
        """OAuth codes that are good for one use, and whose they are."""
        self.refusals: list[WechatError] = []
        self.in_doubt: list[BaseException] = []
        self.takes_menus = True
        self.before_send: Callable[[], Awaitable[None]] | None = None

    def texts(self, openid: str) -> list[str]:
        """The words of everything a phone has been pushed."""
        return [words(message) for message in self.shown.get(openid, [])]

    async def send(self, openid: str, message: Outgoing) -> None:
        if self.before_send is not None:
            await self.before_send()
        if self.refusals:
            raise self.refusals.pop(0)
        if isinstance(message, Choices) and not self.takes_menus:
            raise NoMenuError("send", 40200)
        self.shown.setdefault(openid, []).append(message)
        if self.in_doubt:
            raise self.in_doubt.pop(0)

    async def typing(self, openid: str) -> None:
        self.typed.append(openid)

    async def publish_menu(self, buttons: list[dict[str, Any]]) -> None:
        self.menu = buttons

    async def media(self, media_id: str) -> Media:
        if media_id not in self.files:
            raise WechatError(media_id)
        return self.files[media_id]

    async def openid(self, oauth_code: str) -> str:
        if oauth_code not in self.codes:
            raise OAuthCodeError(oauth_code)
        return self.codes.pop(oauth_code)


def words(message: Outgoing) -> str:
    """Everything a message says."""
    if isinstance(message, Text):
        return message.text
    if isinstance(message, News):
        return "\n".join([message.title, message.description, message.url])
    return "\n".join([message.text, *(f"[{words}]" for _, words in message.options)])
