"""`python -m bot crm`: the bank's CRM."""

import asyncio

import typer

from bot.cli.crm_outbox import outbox
from bot.cli.failures import fails_clearly
from bot.operations.console import Console

app = typer.Typer(help="The bank's CRM.", no_args_is_help=True)
app.command()(outbox)


@app.callback()
def crm() -> None:
    """The bank's CRM."""


@app.command()
@fails_clearly
def check() -> None:
    """Compare the mapping with the schema of the CRM; says what does not fit.

    Exit code 0 when all fits, 1 when something does not or the CRM cannot be asked.
    """
    from bot.bootstrap import build_foundation
    from bot.operations import database
    from bot.settings import get_settings

    settings = get_settings()
    database.upgrade(settings)  # the access token is shared through a table

    async def problems() -> list[str]:
        base = build_foundation(settings)
        try:
            return await base.crm.check()
        finally:
            await base.close()

    console = Console()
    lines = asyncio.run(problems())
    for line in lines:
        console.say(line)
    if lines:
        console.fail(f"does not fit: {len(lines)}")
        raise typer.Exit(1)
    console.say(f"the mapping fits the CRM ({settings.crm})")
