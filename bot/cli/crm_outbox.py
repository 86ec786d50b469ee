"""`python -m bot crm outbox`: what the CRM has not taken yet."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot.cli.failures import fails_clearly
from bot.cli.foundation import operator, with_foundation
from bot.operations.console import Console

if TYPE_CHECKING:
    from bot.application import Foundation
    from bot.crm.outbox import Waiting


@fails_clearly
def outbox(
    retry: Annotated[int | None, typer.Option(help="Try this write again at once.")] = None,
    discard: Annotated[int | None, typer.Option(help="Give this write up; needs --reason.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why it is given up; kept in the audit log.")] = None,
) -> None:
    """List the writes that wait for the CRM, those it has refused first; retry or give up one of them.

    Exit code 1 while a write is parked, so that a monitor can call it.
    """
    if discard is not None and not (reason or "").strip():
        raise typer.BadParameter("say why, with --reason", param_hint="--discard")

    async def act(base: "Foundation") -> "list[Waiting]":
        if retry is not None:
            await base.outbox.retry(retry, operator())
        if discard is not None:
            await base.outbox.discard(discard, operator(), str(reason))
        return await base.outbox.waiting()

    waiting = with_foundation(act)
    console = Console()
    if not waiting:
        console.say("nothing waits for the CRM")
        return
    console.table(_table(waiting))
    if any(write.parked_at for write in waiting):
        raise typer.Exit(1)


def _table(waiting: "list[Waiting]") -> Table:
    table = Table("id", "what", "of", "since", "tries", "next", "last error", box=None)
    for write in sorted(waiting, key=lambda write: (write.parked_at is None, write.write_id)):
        moment = "parked" if write.parked_at else f"{write.next_at:%m-%d %H:%M:%S}"
        since = f"{write.created_at:%m-%d %H:%M:%S}"
        row = (str(write.write_id), write.kind, write.subject, since, str(write.attempts), moment, write.error or "")
        table.add_row(*row)
    return table
