"""How often one visitor may do one thing: against loops and guessing, far above what people do."""

import math
import time
from enum import Enum

import structlog
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string

from bot.channels.api import ApiError
from bot.settings import Settings
from bot.texts import Texts

_log = structlog.get_logger(__name__)


class Limit(Enum):
    """What is counted of whom; the value is the setting that says how often a minute."""

    SESSIONS_FROM_ADDRESS = "sessions_per_minute"
    MESSAGES_IN_CONVERSATION = "messages_per_minute"
    MESSAGES_FROM_ADDRESS = "messages_per_minute_from_address"
    MESSAGES_OF_CUSTOMER = "messages_per_minute_of_customer"
    CODES_FROM_ADDRESS = "codes_per_minute_from_address"
    FRAMES_OF_VISITOR = "frames_per_minute"
    LOGINS_AS_AGENT = "logins_per_minute"
    LOGINS_FROM_ADDRESS = "logins_per_minute_from_address"
    REVEALS_BY_AGENT = "reveals_per_minute"
    BINDINGS_FROM_ADDRESS = "bindings_per_minute_from_address"
    BINDING_TRIES = "binding_tries_per_minute"


class RateLimits:
    """Counts within this process or, with Redis, across all gateway workers."""

    def __init__(self, settings: Settings, texts: Texts) -> None:
        self._settings = settings
        self._texts = texts
        self._here = MovingWindowRateLimiter(storage_from_string("async+memory://"))
        self._everywhere = self._here
        if settings.redis_url:
            storage = storage_from_string(f"async+{settings.redis_url}", implementation="redispy", wrap_exceptions=True)
            self._everywhere = MovingWindowRateLimiter(storage)

    async def check(self, limit: Limit, visitor: str, *, message: str | None = None) -> None:
        """Count one more of `visitor`; an ApiError 429 with Retry-After (seconds) when it is one too many.

        `message` is what people read instead of the usual request for patience.
        """
        item = RateLimitItemPerMinute(getattr(self._settings, limit.value))
        retry_after_s = await self._count(item, limit.name, visitor)
        if retry_after_s is not None:
            headers = {"Retry-After": str(retry_after_s)}
            raise ApiError(429, "too_many", message or self._texts("utter_too_many"), headers)

    async def _count(self, item: RateLimitItem, action: str, visitor: str) -> int | None:
        try:
            return await _hit(self._everywhere, item, action, visitor)
        except StorageError as error:  # Redis is away: still limited, by each process
            _log.warning("limits_unavailable", cause=type(error.storage_error).__name__)
            return await _hit(self._here, item, action, visitor)


async def _hit(limiter: MovingWindowRateLimiter, item: RateLimitItem, action: str, visitor: str) -> int | None:
    """None, or after how many seconds the next one may come."""
    if await limiter.hit(item, action, visitor):
        return None
    stats = await limiter.get_window_stats(item, action, visitor)
    return max(1, math.ceil(stats.reset_time - time.time()))
