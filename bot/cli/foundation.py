"""What commands share that work on the installation's database."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from bot.application import Foundation

T = TypeVar("T")


def with_foundation(act: "Callable[[Foundation], Awaitable[T]]") -> T:
    """What `act` makes of the parts that processes share, on a database with current tables."""
    from bot.bootstrap import build_foundation
    from bot.operations import database
    from bot.settings import get_settings

    settings = get_settings()
    database.upgrade(settings)

    async def run() -> T:
        base = build_foundation(settings)
        try:
            return await act(base)
        finally:
            await base.close()

    return asyncio.run(run())


def operator() -> str:
    """Who runs the command, as the audit log names an actor."""
    return f"admin:{getpass.getuser()}"[:64]
