"""Puts together what customers and the law may ask of what we keep."""

from dataclasses import dataclass

from bot.application import Foundation
from bot.conversations.trackers import Trackers
from bot.privacy.audit_retention import AuditRetention
from bot.rights.erasure import CustomerErasure
from bot.rights.export import CustomerExport
from bot.rights.retention import DAY, Retention, RetentionJob
from bot.rights.retention_rules import RULES
from bot.rights.retention_tasks import AuditTask, ComplaintsTask, SealedTask, TableTask, Task, TrackersTask
from bot.storage.leases import Lease


@dataclass
class Rights:
    """A customer's rights, and the end of what is kept."""

    export: CustomerExport
    erasure: CustomerErasure
    retention: Retention
    job: RetentionJob


def build_rights(base: Foundation) -> Rights:
    """What customers and the law may ask of what we keep."""
    settings, db = base.settings, base.db
    trackers = Trackers(settings.tracker_file)
    audit_retention = AuditRetention(db, settings.secret_key.get_secret_value())
    tasks: list[Task] = [
        *(TableTask(db, rule) for rule in RULES),
        SealedTask(db, base.vault),
        ComplaintsTask(db),
        TrackersTask(trackers),
        AuditTask(audit_retention),
    ]
    retention = Retention(tasks, settings, base.clock, base.audit)
    lease = Lease(db, base.clock, "retention", seconds=DAY.total_seconds())
    return Rights(
        export=CustomerExport(
            db,
            base.clock,
            crm=base.crm,
            crm_name=settings.crm,
            vault=base.vault,
            outbox=base.outbox,
            audit=base.audit,
        ),
        erasure=CustomerErasure(db, settings, crm=base.crm, vault=base.vault, audit=base.audit, trackers=trackers),
        retention=retention,
        job=RetentionJob(retention, base.audit_verifier, lease, base.clock),
    )
