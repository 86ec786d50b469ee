"""`python -m bot audit`: is the audit log as it was written, and what does it say?"""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot.cli.failures import fails_clearly
from bot.cli.foundation import operator, with_foundation
from bot.clock import BANK_ZONE
from bot.operations.console import Console

if TYPE_CHECKING:
    from bot.application import Foundation
    from bot.privacy.trail import AuditEntry, AuditPage
    from bot.privacy.verify import Verification

app = typer.Typer(help="The audit log.", no_args_is_help=True)


@app.command()
@fails_clearly
def verify(
    expect: Annotated[str | None, typer.Option(help="A fingerprint noted elsewhere that must be part of it.")] = None,
) -> None:
    """Find every edited, removed, inserted or reordered row, a tail cut off, a forged head.

    Exit code 0 when the log is intact, with the fingerprint of its head; 1 with what is broken, first row first.
    """

    async def check(base: "Foundation") -> "Verification":
        return await base.audit_verifier.verify(expect=expect)

    found, console = with_foundation(check), Console()
    if found.breaks:
        for each in found.breaks:
            console.fail(f"broken at {each}")
        raise typer.Exit(1)
    since = f", complete since {_moment(found.since)}" if found.since else ""
    console.say(f"{found.rows} rows intact{since}; fingerprint {found.head.fingerprint}")


@app.command()
@fails_clearly
def show(
    customer: Annotated[str, typer.Option(help="Whose data was read or changed.")],
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day on.")] = None,
    before: Annotated[int | None, typer.Option(help="Only rows with a smaller id, for the next page.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="Rows at most.")] = 100,
    reason: Annotated[str, typer.Option(help="Why it is read; kept in the audit log.")] = "customer request",
) -> None:
    """List who read or changed a customer's data and why, newest first. Reading it is audited too."""
    from bot.privacy.trail import AuditQuery

    query = AuditQuery(customer_id=customer, since=since.replace(tzinfo=BANK_ZONE) if since else None)

    async def search(base: "Foundation") -> "AuditPage":
        return await base.audit_trail.search(query, reader=operator(), reason=reason, before=before, limit=limit)

    page, console = with_foundation(search), Console()
    console.table(_table(page.entries))
    if page.before is not None:
        console.say(f"more: --before {page.before}")


def _table(entries: "list[AuditEntry]") -> Table:
    table = Table("id", "at", "who", "what", "conversation", "why", "detail", box=None)
    for entry in entries:
        detail = json.dumps(entry.detail, ensure_ascii=False) if entry.detail else ""
        why, where = entry.reason or "", entry.conversation_id or ""
        table.add_row(str(entry.entry_id), _moment(entry.at), entry.actor, entry.action, where, why, detail)
    return table


def _moment(at: datetime) -> str:
    return f"{at.astimezone(BANK_ZONE):%Y-%m-%d %H:%M:%S}"
