"""The simulator's parts put together: one account, its secrets, and the phones of its users."""

from typing import Any

import httpx

from bot.channels.wechat.simulator.account import Account
from bot.channels.wechat.simulator.credentials import AccessTokens, OAuthCodes
from bot.channels.wechat.simulator.media import MediaStore
from bot.channels.wechat.simulator.menu import Menu
from bot.channels.wechat.simulator.phone import Phone
from bot.channels.wechat.simulator.push import Patience, Pusher
from bot.channels.wechat.simulator.user import User
from bot.clock import Clock, utc_now
from bot.settings import Settings


class Simulator:
    """Everything WeChat knows of one account. Forgets all but the openids when it ends."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock = utc_now,
        patience: Patience | None = None,
    ) -> None:
        """`settings` are the gateway's."""
        self.account = Account.of(settings)
        self.patience = patience or Patience()
        self.tokens = AccessTokens(clock)
        self.codes = OAuthCodes(clock)
        self.media = MediaStore(settings.wechat_api_url)
        self.menu = Menu()
        self.clock = clock
        self._http = httpx.AsyncClient(timeout=None)  # noqa: S113 - WeChat's own patience cuts every push
        self._pusher = Pusher(self.account, self._http, clock, self.patience)
        self._users: dict[int, User] = {}

    def user(self, number: int = 1) -> User:
        """The person with this phone, who has not followed the account before."""
        if number not in self._users:
            phone = Phone(number, self.account.app_id, self.clock)
            self._users[number] = User(phone, self.account, self._pusher, self.media)
        return self._users[number]

    def phone_of(self, openid: str) -> Phone | None:
        """The phone behind an openid."""
        return next((user.phone for user in self._users.values() if user.phone.openid == openid), None)

    async def short_messages(self) -> list[dict[str, Any]]:
        """What the bank's development sender has sent last; a phone shows that too. None while it cannot be asked."""
        try:
            answer = await self._http.get(f"{self.account.bank_url}/demo/sms", timeout=2)
        except httpx.HTTPError:
            return []
        sent: list[dict[str, Any]] = answer.json() if answer.is_success else []
        return sent

    async def close(self) -> None:
        """Give connections back."""
        await self._http.aclose()
