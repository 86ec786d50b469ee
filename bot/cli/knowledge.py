"""`python -m bot knowledge`: what an editor of the knowledge base does at the command line."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.failures import fails_clearly
from bot.cli.foundation import with_foundation
from bot.operations.console import Console

if TYPE_CHECKING:
    from bot.application import Foundation
    from bot.knowledge.editing.importing import ImportReport

app = typer.Typer(help="Check the knowledge base; bring it from and to the editors' desk.", no_args_is_help=True)


@app.command()
@fails_clearly
def check() -> None:
    """Read every file of the knowledge base and tell all that is wrong, with file, entry and field.

    Exit code 1 when something is. Answers that no longer hold, or soon will not, are told as well.
    """
    from bot.clock import bank_date, utc_now
    from bot.knowledge.loader import load_knowledge, load_outside
    from bot.knowledge.products import ProductCatalogue
    from bot.knowledge.synonyms import Synonyms
    from bot.knowledge.validity import lapsing
    from bot.settings import get_settings

    settings = get_settings()
    folder = settings.knowledge_dir
    entries = load_knowledge(folder, brand=settings.brand_name, hotline=settings.hotline)
    Synonyms.load(folder / "synonyms.yml")
    load_outside(folder / "outside.yml")
    console = Console()
    for line in lapsing(entries, bank_date(utc_now())):
        console.warn(line)
    written = [entry for entry in entries if entry.written]
    phrasings = sum(len(entry.texts) for entry in written)
    products = len(ProductCatalogue.load(folder / "products").all())
    console.say(f"{len(written)} entries with {phrasings} phrasings, {products} products: nothing is wrong")


@app.command()
@fails_clearly
def export(
    folder: Annotated[Path | None, typer.Option(help="The knowledge base; the one in use if not given.")] = None,
) -> None:
    """Write what editors have published back into the YAML files: only entries that were changed."""
    from bot.knowledge.editing.files import write_back
    from bot.knowledge.editing.published import read_published
    from bot.settings import get_settings

    settings = get_settings()
    done = write_back((folder or settings.knowledge_dir) / "faq", read_published(settings))
    for verb, ids in (("changed", done.changed), ("added", done.added), ("retired", done.retired)):
        for entry_id in ids:
            Console().say(f"{verb} {entry_id}")
    Console().say(f"{len(done.changed)} changed, {len(done.added)} added, {len(done.retired)} retired")


@app.command("import")
@fails_clearly
def take(
    file: Annotated[Path, typer.Argument(help="XLSX or CSV as the desk exports it.", exists=True, dir_okay=False)],
    login: Annotated[str, typer.Option(help="The editor whose drafts they become.")],
) -> None:
    """Make drafts of the rows of a file, for a second person to approve. Exit code 1 when a row was bad."""
    content = file.read_bytes()
    report = with_foundation(lambda base: _taken(base, login, content))
    console = Console()
    for cell in report.bad:
        console.warn(f"row {cell.row}: {cell.column or 'the whole row'}: {cell.reason}")
    console.say(f"{len(report.drafts)} drafts, {report.unchanged} rows unchanged, {len(report.bad)} faults")
    if report.bad:
        raise typer.Exit(1)


async def _taken(base: "Foundation", login: str, content: bytes) -> "ImportReport":
    from bot.bootstrap import build_gateway
    from bot.staff.accounts import agent_of
    from bot.staff.errors import UnknownAccountError
    from bot.staff.roles import Operation

    gateway = build_gateway(base.settings, foundation=base)
    row = await gateway.staff.accounts.row_of(login=login)
    if row is None or not agent_of(row).may(Operation.KNOWLEDGE_EDIT):
        raise UnknownAccountError(f"{login} is no editor")
    return await gateway.knowledge.sheet_import.take(agent_of(row), content)
