"""Binding a WeChat user to a customer: a page in WeChat's browser, a phone number, a one-time code.

WeChat vouches for the openid (OAuth, `snsapi_base`), the code for the customer. Neither alone is enough.
"""

import asyncio
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from urllib.parse import urlencode

from sqlalchemy import delete, insert, select, update

from bot.bearer import digest, new_secret
from bot.channels.wechat.api import WechatApi
from bot.channels.wechat.errors import BindPageExpiredError, OAuthCodeError
from bot.channels.wechat.tables import wechat_bind_pages
from bot.channels.wechat.users import Users
from bot.clock import Clock
from bot.conversations.log import ConversationLog
from bot.conversations.messages import Author, Draft
from bot.identity.principal import Level
from bot.identity.service import ChallengeOutcome, ChallengeSent, IdentityService
from bot.privacy.vault import Vault
from bot.settings import Settings
from bot.storage.database import Database
from bot.texts import Texts

PAGE_LIFE = timedelta(minutes=30)
_RESUME = "/bind_account"
"""Where the dialogue goes on for a customer who types the code into the chat instead of the page."""
_OTHER_CALLBACK_S = 2.0
"""How long the second of two callbacks with one code waits for the first."""


@dataclass(frozen=True)
class BindPage:
    """A page about to be opened: the secret its browser keeps in a cookie, and where it must go first."""

    secret: str
    authorize_url: str


class WechatBinding:
    """Each page is known by a secret in its browser's cookie; only a hash of it is kept, for half an hour."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        settings: Settings,
        *,
        api: WechatApi,
        users: Users,
        identity: IdentityService,
        vault: Vault,
        log: ConversationLog,
        texts: Texts,
    ) -> None:
        self._db = db
        self._clock = clock
        self._settings = settings
        self._api = api
        self._users = users
        self._identity = identity
        self._vault = vault
        self._log = log
        self._texts = texts

    async def begin(self) -> BindPage:
        """A new page, which WeChat has to tell us the user of."""
        secret, now = new_secret(), self._clock()
        table = wechat_bind_pages
        async with self._db.write() as connection:
            await connection.execute(delete(table).where(table.c.expires_at <= now))
            await connection.execute(insert(table).values(page_hash=digest(secret), expires_at=now + PAGE_LIFE))
        query = {
            "appid": self._settings.wechat_app_id,
            "redirect_uri": f"{self._settings.wechat_public_url}/wechat/bind/callback",
            "response_type": "code",
            "scope": "snsapi_base",
            "state": _state(secret),
        }
        address = f"{self._settings.wechat_open_url}/connect/oauth2/authorize?{urlencode(query)}#wechat_redirect"
        return BindPage(secret, address)

    async def returned(self, secret: str, *, state: str, code: str) -> None:
        """WeChat has sent the browser back; a second time with the same code changes nothing.

        Raises BindPageExpiredError when `state` is another page's, the page is too old, or the code is no good.
        """
        if not hmac.compare_digest(state.encode(), _state(secret).encode()):
            raise BindPageExpiredError("the state belongs to another browser")
        if await self._conversation(secret) is not None:
            return
        try:
            openid = await self._api.openid(code)
        except OAuthCodeError as error:
            if await self._opened_meanwhile(secret):
                return
            raise BindPageExpiredError("WeChat does not know the code") from error
        user = await self._users.of(openid)
        table = wechat_bind_pages
        async with self._db.write() as connection:
            await connection.execute(
                update(table)
                .where(table.c.page_hash == digest(secret), table.c.conversation_id.is_(None))
                .values(conversation_id=user.conversation_id)
            )

    async def stage(self, secret: str) -> Literal["phone", "bound"]:
        """What the page should show. Raises BindPageExpiredError."""
        who = await self._identity.principal(await self.conversation_id(secret))
        return "phone" if who.level is Level.ANONYMOUS else "bound"

    async def send_code(self, secret: str, phone: str) -> ChallengeSent:
        """Send a code to `phone`, 11 digits; a number that is no customer's behaves like any other.

        Raises BindPageExpiredError and whatever IdentityService.start_challenge raises.
        """
        conversation_id = await self.conversation_id(secret)
        placeholder = await self._vault.seal(conversation_id, phone)
        return await self._identity.start_challenge(conversation_id, resume=_RESUME, phone=placeholder)

    async def enter_code(self, secret: str, code: str) -> ChallengeOutcome:
        """Try the code; once it passes the conversation is the customer's at level 1, and the chat says so."""
        conversation_id = await self.conversation_id(secret)
        outcome = await self._identity.answer_challenge(conversation_id, code, step_up=False)
        if outcome.result == "passed":
            async with self._log.change(conversation_id) as change:
                await change.append(Draft(Author.SYSTEM, self._texts("utter_wechat_bound")))
        return outcome

    async def conversation_id(self, secret: str) -> str:
        """The conversation of the user who opened the page. Raises BindPageExpiredError."""
        conversation_id = await self._conversation(secret)
        if conversation_id is None:
            raise BindPageExpiredError("WeChat has not told whose page it is")
        return conversation_id

    async def _conversation(self, secret: str) -> str | None:
        table = wechat_bind_pages
        query = select(table.c.conversation_id, table.c.expires_at).where(table.c.page_hash == digest(secret))
        async with self._db.read() as connection:
            page = (await connection.execute(query)).one_or_none()
        if page is None or page.expires_at <= self._clock():
            raise BindPageExpiredError("unknown or old page")
        conversation_id: str | None = page.conversation_id
        return conversation_id

    async def _opened_meanwhile(self, secret: str) -> bool:
        """Whether the other of two callbacks with the same code, which was a little faster, has found the user."""
        for _ in range(int(_OTHER_CALLBACK_S / 0.1)):
            if await self._conversation(secret) is not None:
                return True
            await asyncio.sleep(0.1)
        return False


def _state(secret: str) -> str:
    """What goes through WeChat in place of the secret: whoever reads it there learns nothing of use."""
    return digest(f"state of {secret}")
