"""Lets a running process answer from a new build of the knowledge base without dropping a question."""

import asyncio
from pathlib import Path

import structlog

from bot.knowledge import store
from bot.knowledge.errors import IndexUnusableError
from bot.knowledge.retriever import Retriever

_log = structlog.get_logger(__name__)
LOOK_S = 2.0


class Reloader:
    """Looks at the pointer in `folder` and hands a new build to the retriever once it is loaded."""

    def __init__(self, retriever: Retriever, folder: Path) -> None:
        self._retriever = retriever
        self._folder = folder
        self._refused: str | None = None

    async def run(self) -> None:
        """Look every `LOOK_S` seconds until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> bool:
        """Load what the pointer names if it is new; whether there was something new.

        A build that cannot be used is logged once, and the one in use stays.
        """
        build = store.current(self._folder)
        if build in (None, self._retriever.build, self._refused):
            return False
        try:
            index = await asyncio.to_thread(store.load, self._folder)
            await asyncio.to_thread(self._retriever.use, index)
        except (IndexUnusableError, OSError, RuntimeError, ValueError) as error:
            self._refused = build
            _log.error("knowledge_not_reloaded", build=build, problem=str(error))
            return False
        _log.info("knowledge_reloaded", build=build, version=self._retriever.version)
        return True
