"""Keeps us within Fxiaoke's frequency limit, so that its own refusals stay the exception."""

import time

from limits import RateLimitItemPerSecond
from limits.aio.strategies import MovingWindowRateLimiter
from limits.storage import storage_from_string

from bot.crm.errors import CrmUnavailableError

LIMIT = RateLimitItemPerSecond(60, 20)
"""60 calls in any 20 seconds to one interface; tenants on shared databases are cut off at 100."""


class Throttle:
    """Counts calls by interface (path), within this process or, with Redis, across all workers."""

    def __init__(self, redis_url: str | None) -> None:
        url, options = (f"async+{redis_url}", {"implementation": "redispy"}) if redis_url else ("async+memory://", {})
        self._limiter = MovingWindowRateLimiter(storage_from_string(url, **options))

    async def take(self, path: str) -> None:
        """Count one call. Raises CrmUnavailableError, with the time to wait, when it would be one too many."""
        if not await self._limiter.hit(LIMIT, "fxiaoke", path):
            window = await self._limiter.get_window_stats(LIMIT, "fxiaoke", path)
            raise CrmUnavailableError(f"{path}: 60 calls in 20 s made", max(0.0, window.reset_time - time.time()))
