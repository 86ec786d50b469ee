"""Takes in what WeChat pushes: each push once, however often and wherever it arrives, and without losing one.

The work on a push belongs to no request: it goes on when WeChat has hung up, and another worker takes it up when this
one dies. Its outcome is in the log; whatever did not go out as the reply is pushed from there (delivery.py).
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot import metrics
from bot.channels.wechat.budget import Budget
from bot.channels.wechat.delivery import Delivery
from bot.channels.wechat.events import Events
from bot.channels.wechat.hearing import Hearing
from bot.channels.wechat.inbound import Event, Message, Push, TextMessage
from bot.channels.wechat.inbox import Inbox
from bot.channels.wechat.outgoing import Passive
from bot.channels.wechat.spoken import spoken
from bot.channels.wechat.users import Users

_LOOK_S = 0.05
"""How often a repetition looks whether the push is dealt with."""
_SWEEP_S = 5.0
_log = structlog.get_logger(__name__)


class Receiver:
    """Any number of workers may have one each, on the same database."""

    def __init__(
        self,
        inbox: Inbox,
        users: Users,
        budget: Budget,
        delivery: Delivery,
        hearing: Hearing,
        events: Events,
        *,
        passive_s: float,
    ) -> None:
        """`passive_s` is how long WeChat is kept waiting for a reply."""
        self._inbox = inbox
        self.users = users
        self._budget = budget
        self._delivery = delivery
        self._hearing = hearing
        self._events = events
        self._passive_s = passive_s
        self._work: set[asyncio.Task[None]] = set()

    async def receive(self, push: Push, is_gone: Callable[[], Awaitable[bool]]) -> Passive | None:
        """The reply to a push, the same for every try; None when there is none (yet), or nobody to hear it (`is_gone`).

        The caller awaits `finish` when the answer is out.
        """
        if isinstance(push, Event) and not self._events.concern_us(push):
            return None
        await self.users.of(push.openid)  # a reply can be expected for a known user only
        await self._delivery.expect(push.openid, push.request_key)
        try:
            async with asyncio.timeout(self._passive_s):
                await self._dealt_with(push)
        except TimeoutError:
            return await self._delivery.decline(push.request_key)
        if push.is_farewell or await is_gone():
            return None
        return await self._delivery.passive(push.openid, push.request_key)

    async def finish(self, push: Push) -> None:
        """The answer is out: push what it did not carry."""
        await self._delivery.finish(push.openid, push.request_key)

    async def run(self) -> None:
        """Take up what others have left undone, every few seconds until cancelled."""
        while True:
            try:
                await self.sweep()
            except Exception as error:  # the next sweep finds the same
                _log.error("wechat_sweep_failed", cause=type(error).__name__)
            await asyncio.sleep(_SWEEP_S)

    async def sweep(self) -> None:
        """Deal with what was claimed by somebody who has died or failed."""
        for push in await self._inbox.abandoned():
            if await self._inbox.claim(push):
                await self._deal_with(push)
                await self.finish(push)

    async def _dealt_with(self, push: Push) -> None:
        """Wait until the push is dealt with: by this very call, or by whoever claimed it before."""
        while not await self._inbox.is_done(push):
            if await self._inbox.claim(push):
                work = asyncio.create_task(self._deal_with(push))
                self._work.add(work)
                work.add_done_callback(self._work.discard)
                await asyncio.shield(work)
            else:
                await asyncio.sleep(_LOOK_S)

    async def _deal_with(self, push: Push) -> None:
        try:
            user = await self.users.of(push.openid)
            if isinstance(push, Message):
                if user.unfollowed_at is not None:  # only followers can write: the event got lost
                    await self.users.follow(user.openid)
                await self._grant(push)
                await self._hearing.hear(user.conversation_id, push.request_key, spoken(push))
            elif isinstance(push, Event):
                await self._events.handle(user, push)
            await self._inbox.done(push)
        except Exception:  # whatever it is: it stays claimed, and a sweep tries again
            metrics.FAULTS.labels(part="wechat").inc()
            _log.exception("wechat_push_failed", request_key=push.request_key)

    async def _grant(self, message: Message) -> None:
        """WeChat lets us push more after this."""
        if isinstance(message, TextMessage) and message.menu_item is not None:
            await self._budget.opened_by_event(message.openid)
        else:
            await self._budget.opened_by_message(message.openid)
