"""Foreseen errors end a command with one line and exit code 1, not with a traceback."""

import functools
from collections.abc import Callable, Iterator
from typing import ParamSpec

import typer
from pydantic import ValidationError

from bot.errors import ZhangguiError
from bot.operations.console import Console

P = ParamSpec("P")


def fails_clearly(command: Callable[P, None]) -> Callable[P, None]:
    """Decorates a command: our own errors and wrong settings become lines on standard error."""

    @functools.wraps(command)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except ZhangguiError as error:
            Console().fail(str(error) or error.code)
        except ValidationError as error:
            for line in _problems(error):
                Console().fail(line)
        else:
            return
        raise typer.Exit(1)

    return wrapper


def _problems(error: ValidationError) -> Iterator[str]:
    """What is wrong with the settings, a line each, without the values: they may be secrets."""
    for problem in error.errors(include_input=False, include_url=False):
        place = ".".join(str(part) for part in problem["loc"]).upper() or "settings"
        for line in problem["msg"].removeprefix("Value error, ").splitlines():
            yield f"{place}: {line}"
