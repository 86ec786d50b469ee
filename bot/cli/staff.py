"""`python -m bot staff`: the first accounts of an installation; later ones are made by admins at the desk."""

import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.table import Table

from bot.cli.failures import fails_clearly
from bot.operations.console import Console

if TYPE_CHECKING:
    from bot.staff.build import Staff
    from bot.staff.models import Account

app = typer.Typer(help="The people at the desk.", no_args_is_help=True)
T = TypeVar("T")


class RoleName(str, Enum):
    """What somebody may be at the desk (bot/staff/roles.py)."""

    agent = "agent"
    supervisor = "supervisor"
    editor = "editor"
    auditor = "auditor"
    admin = "admin"


@app.command()
@fails_clearly
def add(
    login: Annotated[str, typer.Argument(help="What the person signs in with.")],
    name: Annotated[str, typer.Option(help="What customers and colleagues read.")],
    role: Annotated[RoleName, typer.Option(help="What the person may do.")] = RoleName.agent,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password's line.")] = False,
) -> None:
    """Make an account; asks for its password twice unless that comes on standard input."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else _asked_twice()
    by = f"admin:{getpass.getuser()}"
    _with_staff(lambda staff: staff.accounts.add(login, name, password, role=role.value, by=by))
    Console().say(f"{login} is {role.value} now")


@app.command("list")
@fails_clearly
def show() -> None:
    """List the accounts."""
    accounts = _with_staff(lambda staff: staff.accounts.listed())
    if not accounts:
        Console().say("there are no accounts: python -m bot staff add LOGIN --name NAME --role admin")
        return
    Console().table(_table(accounts))


def _asked_twice() -> str:
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _with_staff(act: "Callable[[Staff], Awaitable[T]]") -> T:
    from bot.bootstrap import build_foundation
    from bot.operations import database
    from bot.settings import get_settings
    from bot.staff.build import build_staff

    settings = get_settings()
    database.upgrade(settings)

    async def run() -> T:
        base = build_foundation(settings)
        try:
            return await act(build_staff(settings, db=base.db, clock=base.clock, fanout=base.fanout, audit=base.audit))
        finally:
            await base.close()

    return asyncio.run(run())


def _table(accounts: "list[Account]") -> Table:
    table = Table("login", "name", "role", "app", "sessions", "state", box=None)
    for account in accounts:
        person = account.agent
        state = "disabled" if account.disabled else "initial password" if account.must_change_password else ""
        app_enrolled = "yes" if account.has_totp else "no"
        table.add_row(person.login, person.name, person.role, app_enrolled, str(account.sessions), state)
    return table
