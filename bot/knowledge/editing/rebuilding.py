"""Brings what editors publish to the customers: builds the index anew, in a program of its own, after a publication.

Every machine builds for itself, since each has its own index; the action server loads the new one by itself.
"""

import asyncio
import fcntl
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

import structlog

from bot.clock import Clock
from bot.knowledge.editing.current import CurrentKnowledge
from bot.knowledge.editing.published import digest
from bot.settings import ROOT

log = structlog.get_logger(__name__)
LOOK_EVERY_S = 5.0
Build = Callable[[], Awaitable[str | None]]
"""Builds the index; None when it is in place, else what went wrong."""


class BuildState(str, Enum):
    """Where the index stands beside what has been published."""

    LIVE = "live"
    WAITING = "waiting"
    RUNNING = "running"
    FAILED = "failed"


@dataclass(frozen=True)
class BuildStatus:
    """`problem` says why the last build failed; the index before it stays in use."""

    state: BuildState
    since: datetime
    problem: str | None = None


class Rebuilding:
    """Watches what is published and builds when it is not what the index was made from."""

    def __init__(self, current: CurrentKnowledge, build: Build, lock_file: Path, clock: Clock) -> None:
        """`lock_file` keeps several processes on this machine from building at once."""
        self._current = current
        self._build = build
        self._lock_file = lock_file
        self._clock = clock
        self._built: str | None = None
        self.status = BuildStatus(BuildState.WAITING, clock())

    async def run(self) -> None:
        """Look for publications for ever."""
        while True:
            try:
                await self.catch_up()
            except Exception as error:
                log.exception("knowledge rebuild failed", error=type(error).__name__)
            await asyncio.sleep(LOOK_EVERY_S)

    async def catch_up(self) -> None:
        """Build if something has been published since the last build of this process, which failed or not.

        Where nothing has ever been published there is nothing to do: what ships is built at installation.
        """
        published = await self._current.published()
        if not published:
            self._now(BuildState.LIVE)
            return
        wanted = digest(published)
        if wanted == self._built:
            return
        with _locked(self._lock_file) as mine:
            if not mine:
                self._now(BuildState.WAITING)
                return
            self._now(BuildState.RUNNING)
            problem = await self._build()
        self._built = wanted
        self._now(BuildState.FAILED if problem else BuildState.LIVE, problem)
        if problem:
            log.error("knowledge_build_failed", cause=problem)

    def again(self) -> None:
        """Build once more at the next look, after a failure that somebody has mended."""
        self._built = None
        self._now(BuildState.WAITING)

    def _now(self, state: BuildState, problem: str | None = None) -> None:
        if state is not self.status.state or problem != self.status.problem:
            self.status = BuildStatus(state, self._clock(), problem)


async def train_knowledge() -> str | None:
    """`python -m bot train --only knowledge`, which does nothing when the index is current."""
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "train", "--only", "knowledge"),
        cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, told = await program.communicate()
    except asyncio.CancelledError:
        program.terminate()
        await program.wait()
        raise
    lines = told.decode(errors="replace").strip().splitlines()
    return None if program.returncode == 0 else (lines or ["no output"])[-1]


@contextmanager
def _locked(file: Path) -> Iterator[bool]:
    """Whether this process holds the lock while the context lasts; the system frees it with the process."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
