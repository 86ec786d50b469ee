"""`python -m bot`: one command line to run, build, measure and fill the system.

What a command needs is imported when it runs, so that `--help` answers at once.
"""

from enum import Enum
from typing import Annotated

import typer

from bot.cli import audit, crm, evaluate, knowledge, privacy, staff, wechat
from bot.cli.failures import fails_clearly
from bot.operations.console import Console

app = typer.Typer(
    help="掌柜 Zhanggui: customer-service assistant for a retail bank.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(audit.app, name="audit")
app.add_typer(crm.app, name="crm")
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(privacy.app, name="privacy")
app.add_typer(staff.app, name="staff")
app.add_typer(wechat.app, name="wechat")


class Part(str, Enum):
    """What can be built on its own."""

    rasa = "rasa"
    knowledge = "knowledge"


@app.command()
@fails_clearly
def run() -> None:
    """Build what is missing and run Rasa, action server and gateway until Ctrl-C.

    Exit code 0 when stopped, 1 when something is in the way.
    """
    from bot.operations import system
    from bot.settings import get_settings

    system.run(get_settings(), Console())


@app.command()
@fails_clearly
def train(
    force: Annotated[bool, typer.Option("--force", help="Build even what is up to date.")] = False,
    only: Annotated[Part | None, typer.Option(help="Build only this part.")] = None,
) -> None:
    """Train the Rasa model and build the knowledge index, unless they are up to date."""
    from bot.operations import training
    from bot.settings import get_settings

    console = Console()
    training.train(get_settings(), console, force=force, only=only.value if only else None)
    console.say("the models are up to date")


@app.command()
@fails_clearly
def seed() -> None:
    """Create the tables and fill the demo bank and the demo agents; harmless when they are there."""
    from bot.operations import database
    from bot.settings import get_settings

    console = Console()
    for line in database.seed(get_settings()):
        console.say(line)
