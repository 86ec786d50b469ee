"""Any port, with a switch that makes it fail or fall silent."""

import asyncio
from typing import Any, Literal


class Outage:
    """Passes calls on to `port`. While `mode` is `down`, each raises `error`; while it is `silent`, none returns."""

    def __init__(self, port: Any, error: Exception) -> None:
        self._port = port
        self._error = error
        self.mode: Literal["down", "silent"] | None = None
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        async def call(*args: Any, **kwargs: Any) -> Any:
            self.calls.append(name)
            if self.mode == "down":
                raise self._error
            if self.mode == "silent":
                await asyncio.Event().wait()
            return await getattr(self._port, name)(*args, **kwargs)

        return call
