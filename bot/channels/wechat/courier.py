"""The background task that delivers to WeChat: at every change that is told of, and every few seconds by itself."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta

import structlog

from bot.channels.wechat.api import WechatApi
from bot.channels.wechat.cursors import Cursors
from bot.channels.wechat.delivery import Delivery
from bot.channels.wechat.errors import WechatError
from bot.clock import Clock
from bot.conversations.fanout import Fanout, channel_topic

CHANNEL = "wechat"
_SWEEP_S = 5.0
_AT_ONCE = 20
_TYPING_LASTS = timedelta(seconds=5)
_PATIENCE_S = 10.0
"""How long pushes that are on their way are waited for at shutdown."""
_log = structlog.get_logger(__name__)


class Courier:
    """Any number of workers may run one; the database decides who delivers what."""

    def __init__(self, delivery: Delivery, cursors: Cursors, api: WechatApi, fanout: Fanout, clock: Clock) -> None:
        self._delivery = delivery
        self._cursors = cursors
        self._api = api
        self._fanout = fanout
        self._clock = clock
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._work: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Deliver until cancelled; what is on its way then is seen through."""
        sweeping = asyncio.create_task(self._keep_sweeping())
        try:
            while True:
                await self._listen()
        finally:
            sweeping.cancel()
            await asyncio.gather(sweeping, return_exceptions=True)
            if self._work:
                await asyncio.wait(self._work, timeout=_PATIENCE_S)

    async def sweep(self) -> None:
        """Deliver wherever something is due that nobody told of: a signal was lost, or a time to wait is over."""
        for conversation_id in await self._cursors.behind(self._clock()):
            self._start(self._deliver(conversation_id))
        if self._work:
            await asyncio.wait(self._work)

    async def _keep_sweeping(self) -> None:
        while True:
            try:
                await self.sweep()
            except Exception as error:  # the database is away, say: the next sweep finds the same
                _log.error("wechat_sweep_failed", cause=type(error).__name__)
            await asyncio.sleep(_SWEEP_S)

    async def _listen(self) -> None:
        try:
            async with self._fanout.subscribe(channel_topic(CHANNEL)) as signals:
                while True:
                    signal = await signals.next(_SWEEP_S)
                    if signal is not None and signal["type"] == "changed":
                        self._start(self._deliver(signal["conversation_id"]))
                    elif signal is not None and signal["type"] == "typing":
                        self._start(self._show_typing(signal["conversation_id"]))
        except Exception as error:  # Redis is away, say: the sweeps go on
            _log.error("wechat_signals_lost", cause=type(error).__name__)
            await asyncio.sleep(_SWEEP_S)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def _deliver(self, conversation_id: str) -> None:
        try:
            async with self._slots:
                await self._delivery.push(conversation_id)
        except Exception:  # what is due stays due, and a sweep finds it
            _log.exception("wechat_delivery_failed", conversation_id=conversation_id)

    async def _show_typing(self, conversation_id: str) -> None:
        openid = await self._cursors.shows_typing(conversation_id, self._clock(), again_after=_TYPING_LASTS)
        if openid is None:
            return
        try:
            await self._api.typing(openid)
        except WechatError as error:
            _log.info("wechat_typing_failed", conversation_id=conversation_id, cause=str(error))
