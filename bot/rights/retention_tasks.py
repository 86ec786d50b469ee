"""How the data of each class is counted and removed, a batch at a time."""

from datetime import datetime
from typing import Protocol

from sqlalchemy import delete, func, select, tuple_, update

from bot.complaints.tables import complaint_extensions, complaint_timeline, complaints
from bot.conversations.trackers import Trackers
from bot.crm.tables import crm_records
from bot.privacy.audit_retention import AuditRetention
from bot.privacy.tables import data_keys
from bot.privacy.vault import Vault
from bot.rights.retention_rules import Rule, idle
from bot.storage.database import Database


class Task(Protocol):
    """One class of data and the setting that says for how many days it is kept."""

    what: str
    setting: str

    async def count(self, cutoff: datetime) -> int:
        """How many rows are to go."""

    async def remove(self, cutoff: datetime, *, limit: int) -> int:
        """Remove some, in one transaction; how many rows went, 0 when none is left."""


class TableTask:
    """What one rule says about one table."""

    def __init__(self, db: Database, rule: Rule) -> None:
        self._db = db
        self._rule = rule
        self.what = rule.what
        self.setting = rule.setting

    async def count(self, cutoff: datetime) -> int:
        query = select(func.count()).select_from(self._rule.table).where(self._rule.expired(cutoff))
        async with self._db.read() as connection:
            return await connection.scalar(query) or 0

    async def remove(self, cutoff: datetime, *, limit: int) -> int:
        table, key = self._rule.table, list(self._rule.table.primary_key)
        some = tuple_(*key).in_(select(*key).where(self._rule.expired(cutoff)).limit(limit))
        blank = self._rule.blank
        change = delete(table).where(some) if blank is None else update(table).where(some).values(blank)
        async with self._db.write() as connection:
            return (await connection.execute(change)).rowcount


class SealedTask:
    """The keys of what was sealed in conversations that have come to rest."""

    what = "keys of sealed values"
    setting = "retain_sealed_days"

    def __init__(self, db: Database, vault: Vault) -> None:
        self._db = db
        self._vault = vault

    async def count(self, cutoff: datetime) -> int:
        at_rest = idle(data_keys.c.conversation_id)(cutoff)
        async with self._db.read() as connection:
            return await connection.scalar(select(func.count()).select_from(data_keys).where(at_rest)) or 0

    async def remove(self, cutoff: datetime, *, limit: int) -> int:
        at_rest = select(data_keys.c.conversation_id).where(idle(data_keys.c.conversation_id)(cutoff)).limit(limit)
        async with self._db.write() as connection:
            return await self._vault.destroy_keys(connection, list(await connection.scalars(at_rest)))


class ComplaintsTask:
    """Complaints that ended long ago, with all that belongs to them; counted by complaint."""

    what = "complaints"
    setting = "retain_complaint_days"

    def __init__(self, db: Database) -> None:
        self._db = db

    async def count(self, cutoff: datetime) -> int:
        async with self._db.read() as connection:
            ended = select(func.count()).select_from(complaints).where(complaints.c.ended_at < cutoff)
            return await connection.scalar(ended) or 0

    async def remove(self, cutoff: datetime, *, limit: int) -> int:
        ended = select(complaints.c.number).where(complaints.c.ended_at < cutoff).limit(limit)
        async with self._db.write() as connection:
            numbers = list(await connection.scalars(ended.with_for_update()))
            for table in (complaint_timeline, complaint_extensions, crm_records, complaints):
                await connection.execute(delete(table).where(table.c.number.in_(numbers)))
            return len(numbers)


class TrackersTask:
    """Rasa's memory of dialogues, counted by event."""

    what = "Rasa's memory of dialogues"
    setting = "retain_tracker_days"

    def __init__(self, trackers: Trackers) -> None:
        self._trackers = trackers

    async def count(self, cutoff: datetime) -> int:
        return await self._trackers.count_before(cutoff)

    async def remove(self, cutoff: datetime, *, limit: int) -> int:
        return await self._trackers.remove_before(cutoff, limit=limit)


class AuditTask:
    """The oldest part of the audit log."""

    what = "audit log"
    setting = "retain_audit_days"

    def __init__(self, retention: AuditRetention) -> None:
        self._retention = retention

    async def count(self, cutoff: datetime) -> int:
        return await self._retention.count_before(cutoff)

    async def remove(self, cutoff: datetime, *, limit: int) -> int:
        return await self._retention.remove_before(cutoff, limit=limit)
