"""`python -m bot privacy`: the keys of sealed personal data, customers' rights, retention."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot.cli.failures import fails_clearly
from bot.cli.foundation import operator, with_foundation
from bot.operations.console import Console

if TYPE_CHECKING:
    from bot.application import Foundation
    from bot.rights.erasure import Erased
    from bot.rights.retention import Removed

app = typer.Typer(help="Personal data: keys, customers' rights, retention.", no_args_is_help=True)


@app.callback()
def privacy() -> None:
    """Personal data: keys, customers' rights, retention."""


@app.command()
@fails_clearly
def rekey() -> None:
    """Wrap the key of every conversation under the last of VAULT_KEYS; the others can be removed afterwards.

    Start every process with the new VAULT_KEYS first. Exit code 1 when a key is wrapped under one that is missing.
    """
    from bot.privacy.vault import Rekeyed
    from bot.settings import get_settings

    async def wrap_anew(base: "Foundation") -> Rekeyed:
        return await base.vault.rekey()

    settings = get_settings()
    done = with_foundation(wrap_anew)
    console = Console()
    console.say(f"{done.rewrapped} of {done.data_keys} data keys wrapped anew; all are under {done.current_id!r}")
    removable = [key_id for key_id in settings.vault_keys if key_id != done.current_id]
    if removable:
        console.say(f"can be removed from VAULT_KEYS: {', '.join(removable)}")


Customer = Annotated[str, typer.Argument(help="The customer's id.")]


@app.command()
@fails_clearly
def export(
    customer: Customer,
    output: Annotated[Path | None, typer.Option(help="A new file, for your eyes only; else standard output.")] = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the audit log.")] = "customer request",
) -> None:
    """Write everything our database keeps about a customer, and the CRM's profile, as JSON; personal data in clear.

    Exit code 1 when the file is there already.
    """
    from bot.operations.errors import OperationsError
    from bot.rights.build import build_rights
    from bot.rights.export import to_json

    if output is not None and output.exists():
        raise OperationsError(f"{output} is there already: name a new file.")

    async def collect(base: "Foundation") -> str:
        return to_json(await build_rights(base).export.document(customer, actor=operator(), reason=reason))

    document = with_foundation(collect)
    if output is None:
        typer.echo(document)
        return
    with open(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(f"{document}\n")
    Console().say(f"written to {output}")


@app.command()
@fails_clearly
def erase(
    customer: Customer,
    reason: Annotated[str, typer.Option(help="Why; kept in the audit log.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase what is kept about a customer, for good; says what went, and what the law keeps until when.

    Exit code 1, with nothing erased, while a complaint is open or a person is serving the customer.
    """
    if not reason.strip():
        raise typer.BadParameter("say why", param_hint="--reason")
    if not yes:
        typer.confirm(f"Erase what is kept about {customer}? It cannot be brought back", abort=True)

    from bot.rights.build import build_rights

    async def act(base: "Foundation") -> "Erased":
        return await build_rights(base).erasure.erase(customer, actor=operator(), reason=reason)

    _report(with_foundation(act), Console())


@app.command()
@fails_clearly
def retain(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what is due to go.")] = False,
) -> None:
    """Remove what has been kept for longer than the RETAIN_… settings say, as the gateway does every day."""
    from bot.rights.build import build_rights

    async def act(base: "Foundation") -> "list[Removed]":
        return await build_rights(base).retention.run(actor=operator(), dry=dry_run)

    table = Table("what", "setting", "days", "due to go" if dry_run else "removed", box=None)
    for each in with_foundation(act):
        table.add_row(each.what, each.setting.upper(), str(each.days), str(each.rows))
    Console().table(table)


def _report(erased: "Erased", console: Console) -> None:
    from bot.rights.inventory import systems_of_record

    if not erased.gone:
        console.say("nothing was left to erase")
    for what, rows in erased.gone.items():
        console.say(f"erased: {what} ({rows})")
    for each in erased.kept:
        until = f", until {each.until}" if each.until else ""
        console.say(f"kept:   {each.what} ({each.rows}){until}: {each.why}")
    for conversation_id in erased.shared_ids:
        console.say(f"kept:   conversation {conversation_id}: it was another customer's too; decide by hand")
    for system in systems_of_record():
        console.say(f"not touched: {system}, the bank's own system of record")
