"""Carrying out the retention periods: once by command, daily by a job in one of the gateway's workers."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.privacy.audit import SYSTEM, Audit
from bot.privacy.verify import AuditVerifier
from bot.rights.retention_tasks import Task
from bot.settings import Settings
from bot.storage.leases import Lease

DAY = timedelta(days=1)
_AT_ONCE = 500
_LOOK_S = 3600.0
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Removed:
    """What was, or is to be, removed of one class of data kept for `days`."""

    what: str
    setting: str
    days: int
    rows: int


class Retention:
    """Removes what has been kept long enough, in batches, so that nobody waits long for the database."""

    def __init__(self, tasks: Sequence[Task], settings: Settings, clock: Clock, audit: Audit) -> None:
        self._tasks = tasks
        self._settings = settings
        self._clock = clock
        self._audit = audit

    async def run(self, *, actor: str, dry: bool = False, batch: int = _AT_ONCE) -> list[Removed]:
        """Remove what is too old; with `dry` only count it. What was removed is audited, by class."""
        now, done = self._clock(), []
        for task in self._tasks:
            days = getattr(self._settings, task.setting)
            cutoff, rows = now - timedelta(days=days), 0
            if dry:
                rows = await task.count(cutoff)
            else:
                while removed := await task.remove(cutoff, limit=batch):
                    rows += removed
            done.append(Removed(task.what, task.setting, days, rows))
        counts = {each.what: each.rows for each in done if each.rows}
        if counts and not dry:
            await self._audit.record(actor, "privacy.retain", None, None, counts, reason="retention periods")
        return done


class RetentionJob:
    """Once a day, in one process: carries out the retention, and logs the audit log's fingerprint.

    Nobody gives the lease back: as long as it runs the day's work has been done, or is being done.
    """

    def __init__(self, retention: Retention, verifier: AuditVerifier, lease: Lease, clock: Clock) -> None:
        """`lease` is for a day."""
        self._retention = retention
        self._verifier = verifier
        self._lease = lease
        self._clock = clock
        self._done_at: datetime | None = None

    async def run(self) -> None:
        """Look every hour whether the day's work is to be done, until cancelled."""
        while True:
            try:
                await self.once()
            except Exception as error:  # the next look does what is left
                _log.error("retention_failed", cause=type(error).__name__)
            await asyncio.sleep(_LOOK_S)

    async def once(self) -> bool:
        """Do the day's work unless it has been done, here or elsewhere; whether it was done now."""
        now = self._clock()
        if self._done_at is not None and now < self._done_at + DAY:
            return False
        if not await self._lease.take():
            return False
        removed = await self._retention.run(actor=SYSTEM)
        _log.info("retention_done", removed={each.what: each.rows for each in removed if each.rows})
        await self._log_head()
        self._done_at = now
        return True

    async def _log_head(self) -> None:
        """A log collector that keeps this line keeps what `audit verify --expect` needs."""
        head, genuine = await self._verifier.head()
        if genuine:
            _log.info("audit_head", rows=head.rows, fingerprint=head.fingerprint)
        else:
            _log.error("audit_head_forged", hint="run: python -m bot audit verify")
