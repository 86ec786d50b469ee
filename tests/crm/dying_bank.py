"""A bank that takes complaints and brings them to its CRM, and kills itself at the step it is told to.

Each life runs in a process of its own and goes on where the last one died, as customers do who try again with the
same key. A step is each moment just before and just after something is written, on our side or on the CRM's.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.application import Foundation
from bot.background import running
from bot.bootstrap import build_foundation
from bot.clock import utc_now
from bot.complaints.models import ComplaintDraft
from bot.crm.sql import SqlCrm
from bot.settings import Settings
from bot.storage.database import Database

COMPLAINTS = 6
ADDITIONS = ("一", "二")
STEPS = ("before our commit", "after our commit", "before the CRM's", "after the CRM's")


@dataclass(frozen=True)
class Life:
    """What a life of the bank is given. The clock of each is later, so that no lease of the dead is left."""

    ours: Path
    theirs: Path
    conversation_id: str
    number: int
    die_at: tuple[str, int] | None
    """One of STEPS, and which of that name; None lives on."""


class Steps:
    """Counts them, and ends the process without a word at the one it is to die at."""

    def __init__(self, life: Life) -> None:
        self._name, self._left = life.die_at or ("", 0)

    def step(self, name: str) -> None:
        self._left -= name == self._name
        if name == self._name and self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class DyingDatabase(Database):
    """Dies before or after the commit of any transaction."""

    def __init__(self, path: Path, steps: Steps) -> None:
        super().__init__(f"sqlite:///{path}")
        self._steps = steps

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        async with super().write() as connection:
            yield connection
            self._steps.step(STEPS[0])
        self._steps.step(STEPS[1])


class DyingCrm(SqlCrm):
    """Dies before the CRM has heard of a write, or after it has it."""

    def __init__(self, db: Database, steps: Steps) -> None:
        super().__init__(db, utc_now)
        self._steps = steps

    async def open_case(self, *args: Any, **kwargs: Any) -> Any:
        self._steps.step(STEPS[2])
        case = await super().open_case(*args, **kwargs)
        self._steps.step(STEPS[3])
        return case

    async def add_note(self, *args: Any, **kwargs: Any) -> None:
        self._steps.step(STEPS[2])
        await super().add_note(*args, **kwargs)
        self._steps.step(STEPS[3])


def live(life: Life) -> None:
    """One life; it ends by itself when all is filed and delivered."""
    asyncio.run(_live(life))


async def _live(life: Life) -> None:
    steps = Steps(life)
    db, crm = DyingDatabase(life.ours, steps), DyingCrm(Database(f"sqlite:///{life.theirs}"), steps)
    base = build_foundation(Settings(), clock=lambda: utc_now() + timedelta(minutes=2 * life.number), db=db, crm=crm)
    async with running(base.deliverer.run()):
        await _file(base, life.conversation_id)
        while await base.outbox.waiting():
            await asyncio.sleep(0.01)


async def _file(base: Foundation, conversation_id: str) -> None:
    who = await base.identity.principal(conversation_id)
    for n in range(COMPLAINTS):
        draft = ComplaintDraft(target="手机银行", what=f"第{n}次转账失败")
        complaint = await base.complaints.file(who, draft, idempotency_key=f"file:{n}")
        for text in ADDITIONS:
            await base.complaints.add(who, complaint.number, text, idempotency_key=f"add:{n}:{text}")
