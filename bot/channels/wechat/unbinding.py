"""Ending what a user who has left no longer needs: the binding to a customer."""

import asyncio
from datetime import timedelta

import structlog

from bot.channels.wechat.users import Users
from bot.clock import Clock
from bot.conversations.log import ConversationLog
from bot.conversations.messages import Author, Draft
from bot.identity.service import IdentityService
from bot.texts import Texts

_EVERY_S = 6 * 3600.0
_log = structlog.get_logger(__name__)


class Unbinder:
    """Unbinds users who unfollowed more than `after_days` days ago. Any number of workers may do it side by side.

    Who comes back finds a note of it in the conversation.
    """

    def __init__(
        self,
        users: Users,
        identity: IdentityService,
        log: ConversationLog,
        texts: Texts,
        clock: Clock,
        *,
        after_days: int,
    ) -> None:
        self._users = users
        self._identity = identity
        self._log = log
        self._texts = texts
        self._clock = clock
        self._after = timedelta(days=after_days)

    async def run(self) -> None:
        """Sweep a few times a day until cancelled."""
        while True:
            try:
                await self.sweep()
            except Exception as error:  # the next sweep finds the same users
                _log.error("wechat_unbinding_failed", cause=type(error).__name__)
            await asyncio.sleep(_EVERY_S)

    async def sweep(self) -> None:
        """Unbind whoever has been away for long enough; who was not bound stays as they are."""
        for user in await self._users.unfollowed_before(self._clock() - self._after):
            if await self._identity.expire_binding(user.conversation_id):
                async with self._log.change(user.conversation_id) as change:
                    await change.append(Draft(Author.SYSTEM, self._texts("utter_binding_expired")))
