"""How often one visitor may do one thing: against loops and guessing, far above what people do."""

from limits import RateLimitItemPerMinute
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.storage import storage_from_string

from bot.channels.api import ApiError


class RateLimits:
    """Counts within this process or, with Redis, across all gateway workers."""

    def __init__(self, redis_url: str | None) -> None:
        url, options = (f"async+{redis_url}", {"implementation": "redispy"}) if redis_url else ("async+memory://", {})
        self._limiter = SlidingWindowCounterRateLimiter(storage_from_string(url, **options))

    async def check(self, action: str, visitor: str, *, per_minute: int, message: str) -> None:
        """Count one `action` of `visitor`; an ApiError 429 with `message` when it is one too many."""
        if not await self._limiter.hit(RateLimitItemPerMinute(per_minute), action, visitor):
            raise ApiError(429, "too_many", message)
