"""The background task that delivers to the desk outside: at every change it hears of, and by itself now and then."""

import asyncio
from functools import partial

import structlog

from bot.conversations.fanout import Fanout, conversation_topic
from bot.handoff.outside.delivery import OutsideDelivery
from bot.handoff.outside.mirrors import Mirrors

_LOOK_S = 5.0
_AT_ONCE = 10
_PATIENCE_S = 10.0
"""How long lines that are on their way are waited for at shutdown."""
_log = structlog.get_logger(__name__)


class OutsideCourier:
    """Any number of workers may run one; the database decides who delivers what."""

    def __init__(self, delivery: OutsideDelivery, mirrors: Mirrors, fanout: Fanout) -> None:
        self._delivery = delivery
        self._mirrors = mirrors
        self._fanout = fanout
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._work: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Deliver until cancelled; what is on its way then is seen through."""
        try:
            while True:
                try:
                    await self._listen()
                except Exception as error:  # the database or Redis is away, say: what is due stays due
                    _log.error("outside_desk_look_failed", cause=type(error).__name__)
                    await asyncio.sleep(_LOOK_S)
        finally:
            if self._work:
                await asyncio.wait(self._work.values(), timeout=_PATIENCE_S)

    async def look(self) -> None:
        """Begin to deliver wherever something is due."""
        for conversation_id in await self._mirrors.due():
            if conversation_id not in self._work:
                task = asyncio.create_task(self._deliver(conversation_id))
                self._work[conversation_id] = task
                task.add_done_callback(partial(self._done, conversation_id))

    async def settle(self) -> None:
        """Deliver all that is due now."""
        await self.look()
        while self._work:
            await asyncio.wait(self._work.values())

    def _done(self, conversation_id: str, _task: asyncio.Task[None]) -> None:
        del self._work[conversation_id]

    async def _listen(self) -> None:
        async with self._fanout.subscribe(conversation_topic("*")) as signals:
            await self.look()
            while True:
                signal = await signals.next(_LOOK_S)
                if signal is None or signal["type"] == "changed":
                    await self.look()

    async def _deliver(self, conversation_id: str) -> None:
        try:
            async with self._slots:
                await self._delivery.deliver(conversation_id)
        except Exception as error:  # whatever it is: it stays due, and a look finds it
            _log.error("outside_desk_delivery_failed", conversation_id=conversation_id, cause=type(error).__name__)
