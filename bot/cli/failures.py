"""Foreseen errors end a command with one line and exit code 1, not with a traceback."""

import functools
from collections.abc import Callable
from typing import ParamSpec

import typer
from pydantic import ValidationError

from bot.errors import ZhangguiError
from bot.operations.console import Console

P = ParamSpec("P")


def fails_clearly(command: Callable[P, None]) -> Callable[P, None]:
    """Decorates a command: our own errors and wrong settings become one line on standard error."""

    @functools.wraps(command)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except ZhangguiError as error:
            Console().fail(str(error) or error.code)
        except ValidationError as error:
            for problem in error.errors():
                place = ".".join(str(part) for part in problem["loc"]).upper() or "settings"
                Console().fail(f"{place}: {problem['msg']}")
        else:
            return
        raise typer.Exit(1)

    return wrapper
