"""Where a command tells what it does: a live line on a terminal, plain lines in a log."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from rich.console import Console as RichConsole
from rich.markup import escape
from rich.table import Table

Progress = Callable[[str], None]
"""Told from time to time what is being done right now."""

_PLAIN_EVERY_S = 10.0


class Console:
    """Standard output for results and steps, standard error for the one line that says what went wrong."""

    def __init__(self) -> None:
        self._out = RichConsole(highlight=False, soft_wrap=True)
        self._err = RichConsole(stderr=True, highlight=False, soft_wrap=True)

    def say(self, text: str = "") -> None:
        """One line to keep."""
        self._out.print(escape(text))

    def table(self, table: Table) -> None:
        """Rows to keep."""
        self._out.print(table)

    def fail(self, text: str) -> None:
        """One line on what went wrong and what to do."""
        self._err.print(f"[bold red]{escape(text)}[/]" if self._err.is_terminal else escape(text))

    def warn(self, text: str) -> None:
        """One line on what may be a mistake."""
        self._err.print(f"[yellow]{escape(text)}[/]" if self._err.is_terminal else escape(text))

    @contextmanager
    def step(self, what: str) -> Iterator[Progress]:
        """A piece of work that takes a while, ticked off at its end; the function given back tells its details."""
        started = time.monotonic()
        with self._working(self._out, what) as progress:
            yield progress
        self.say(f"✓ {what} ({time.monotonic() - started:.0f} s)")

    def aside(self, what: str) -> AbstractContextManager[Progress]:
        """As `step`, but on standard error and without an end: the result itself goes to standard output."""
        return self._working(self._err, what)

    @contextmanager
    def _working(self, on: RichConsole, what: str) -> Iterator[Progress]:
        if on.is_terminal:
            with on.status(escape(what)) as status:
                yield lambda detail: status.update(f"{escape(what)}: {escape(detail[:100])}")
            return
        on.print(escape(f"{what} …"))
        said = time.monotonic()

        def progress(detail: str) -> None:
            nonlocal said
            if time.monotonic() - said >= _PLAIN_EVERY_S:
                said = time.monotonic()
                on.print(escape(f"  {what}: {detail}"))

        yield progress
