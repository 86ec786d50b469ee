"""Between the rows of the tables and the models."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.clock import bank_date
from bot.complaints.models import (
    Actor,
    Complaint,
    ComplaintState,
    Complexity,
    Concern,
    Extension,
    Outcome,
    TargetKind,
    TimelineEntry,
)


def complaint_of(row: Mapping[Any, Any]) -> Complaint:
    """The complaint that was read."""
    values: dict[str, Any] = {name: value for name, value in row.items() if name != "idempotency_key"}
    return Complaint(
        **values
        | {
            "state": ComplaintState(row["state"]),
            "target_kind": TargetKind(row["target_kind"]),
            "complexity": Complexity(row["complexity"]),
            "concerns": tuple(Concern(concern) for concern in row["concerns"].split(",") if concern),
            "outcome": Outcome(row["outcome"]) if row["outcome"] else None,
            "clock_started_on": row["clock_started_on"] or bank_date(row["received_at"]),
        }
    )


def concerns_column(concerns: Iterable[Concern]) -> str:
    """What the row holds of them."""
    return ",".join(concern.value for concern in concerns)


def entry_of(row: Mapping[Any, Any]) -> TimelineEntry:
    """The timeline's entry that was read."""
    return TimelineEntry(
        seq=row["seq"],
        at=row["at"],
        actor=Actor(row["actor"], row["actor_id"], row["actor_name"]),
        event=row["event"],
        state=ComplaintState(row["state"]),
        text=row["text"],
        told=row["told"],
        detail=row["detail"],
    )


def extension_of(row: Mapping[Any, Any]) -> Extension:
    """The extension that was read."""
    return Extension(
        requested_by=Actor("agent", row["requested_by"], row["requested_by_name"]),
        requested_at=row["requested_at"],
        reason=row["reason"],
        until=row["until"],
        state=row["state"],
        decided_by=Actor("agent", row["decided_by"], row["decided_by_name"]) if row["decided_by"] else None,
        decided_at=row["decided_at"],
        note=row["note"],
        notified_at=row["notified_at"],
    )
