"""How many streams one visitor and one address may hold open in this process."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from bot.channels.api import ApiError
from bot.settings import Settings
from bot.texts import Texts


class OpenStreams:
    """Counts what is open now. Each gateway process counts for itself, since it is its own memory that they use."""

    def __init__(self, settings: Settings, texts: Texts) -> None:
        self._settings = settings
        self._texts = texts
        self._open: Counter[str] = Counter()

    @contextmanager
    def hold(self, visitor: str, address: str) -> Iterator[None]:
        """One stream of `visitor` from `address` while the context lasts; ApiError 429 when it is one too many."""
        most = {
            f"visitor:{visitor}": self._settings.streams_per_visitor,
            f"address:{address}": self._settings.streams_per_address,
        }
        if any(self._open[key] >= limit for key, limit in most.items()):
            raise ApiError(429, "too_many_streams", self._texts("utter_too_many"))
        self._open.update(most.keys())
        try:
            yield
        finally:
            self._open.subtract(most.keys())
            self._open += Counter()  # forgets who has none
