"""A process killed at any moment of filing and delivering loses nothing and duplicates nothing."""

import multiprocessing
import random
import signal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.clock import utc_now
from bot.complaints.tables import complaint_timeline, complaints
from bot.conversations.fanout import InProcessFanout
from bot.conversations.log import ConversationLog
from bot.crm.sql import SqlCrm
from bot.crm.tables import crm_cases, crm_outbox
from bot.storage.database import Database
from tests.conftest import create_tables
from tests.crm.dying_bank import ADDITIONS, COMPLAINTS, STEPS, Life, live

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.crm.dying_bank"])


class Bank:
    """The databases that outlive the processes, and the lives so far."""

    def __init__(self, folder: Path) -> None:
        self.ours, self.theirs = folder / "ours.db", folder / "crm.db"
        self.lives = 0
        self.conversation_id = ""

    async def found(self) -> None:
        """Fresh databases and one conversation."""
        for path in (self.ours, self.theirs):
            db = Database(f"sqlite:///{path}")
            await create_tables(db)
            conversation = await ConversationLog(db, InProcessFanout(), utc_now).open("web")
            if path == self.ours:
                self.conversation_id = conversation.conversation_id
            await db.close()

    def live(self, die_at: tuple[str, int] | None, *, killed_after_s: float | None = None) -> int | None:
        """Start a process; its exit code, negative for the signal that ended it."""
        self.lives += 1
        life = Life(self.ours, self.theirs, self.conversation_id, self.lives, die_at)
        process = _PROCESSES.Process(target=live, args=(life,))
        process.start()
        if killed_after_s is not None:
            process.join(killed_after_s)
            process.kill()
        process.join(60)
        return process.exitcode

    async def require_all_once_and_in_order(self) -> None:
        db, theirs = (Database(f"sqlite:///{path}") for path in (self.ours, self.theirs))
        crm = SqlCrm(theirs, utc_now)
        async with db.read() as connection:
            numbers = list(await connection.scalars(select(complaints.c.number).order_by(complaints.c.number)))
            entries = await connection.scalar(select(func.count()).select_from(complaint_timeline))
            waiting = await connection.scalar(select(func.count()).select_from(crm_outbox))
        assert (len(numbers), entries, waiting) == (COMPLAINTS, COMPLAINTS * (1 + len(ADDITIONS)), 0)
        for n, number in enumerate(numbers):
            case = await crm.case(number)
            assert case is not None
            assert case.description == f"第{n}次转账失败"
            assert case.notes == ADDITIONS
        async with theirs.read() as connection:
            assert await connection.scalar(select(func.count()).select_from(crm_cases)) == COMPLAINTS
        await db.close()
        await theirs.close()


@pytest.fixture
async def bank(tmp_path: Path) -> Bank:
    bank = Bank(tmp_path)
    await bank.found()
    return bank


async def test_killed_at_one_step_after_another(bank: Bank) -> None:
    ends = {step: [bank.live((step, nth)) for nth in (1, 2, 3, 1, 2, 3)] for step in STEPS}
    assert bank.live(None) == 0
    await bank.require_all_once_and_in_order()
    assert all(ended.count(-signal.SIGKILL) >= 3 for ended in ends.values()), ends


async def test_killed_from_outside_whatever_it_is_doing(bank: Bank) -> None:
    dice = random.Random(2)
    ends = [bank.live(None, killed_after_s=dice.uniform(0.02, 0.5)) for _ in range(25)]
    assert bank.live(None) == 0
    assert -signal.SIGKILL in ends
    await bank.require_all_once_and_in_order()
