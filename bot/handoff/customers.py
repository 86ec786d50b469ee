"""Customers' names for the desk: from the CRM, which may be slow or away."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.crm.errors import CrmUnavailableError
from bot.crm.service import CrmService
from bot.identity.principal import StaffPrincipal
from bot.wording import mask_name

NAME_UNKNOWN = "姓名暂时查不到"
"""For a customer whom we know while the CRM gives no name."""
_KEPT = timedelta(minutes=10)
_AT_ONCE = 5


class CustomerNames:
    """Masked names for lists that are fetched again and again: each name is asked for once in ten minutes."""

    def __init__(self, crm: CrmService, clock: Clock, *, within_s: float) -> None:
        """No question is begun later than `within_s` after the list was wanted."""
        self._crm = crm
        self._clock = clock
        self._within_s = within_s
        self._kept: dict[str, tuple[str, datetime]] = {}
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def of(self, customer_ids: Iterable[str], reader: StaffPrincipal) -> dict[str, str]:
        """The name of each, NAME_UNKNOWN where the CRM did not tell it in time; `reader` is who wanted the list."""
        wanted = set(customer_ids)
        now = self._clock()
        self._kept = {who: kept for who, kept in self._kept.items() if kept[1] > now}
        ends_at = asyncio.get_running_loop().time() + self._within_s
        await asyncio.gather(*(self._learn(who, reader, ends_at) for who in wanted - self._kept.keys()))
        return {who: self._kept[who][0] if who in self._kept else NAME_UNKNOWN for who in wanted}

    async def _learn(self, customer_id: str, reader: StaffPrincipal, ends_at: float) -> None:
        async with self._slots:
            if asyncio.get_running_loop().time() >= ends_at:
                return
            try:
                profile = await self._crm.profile_of(
                    customer_id, reader, "customer_name.read", reason="desk: looked through the list"
                )
            except CrmUnavailableError:
                return
        if profile is not None:
            self._kept[customer_id] = (mask_name(profile.name), self._clock() + _KEPT)
