"""Where a command tells what it does: a live line on a terminal, plain lines in a log."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console as RichConsole
from rich.markup import escape

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

    def fail(self, text: str) -> None:
        """One line on what went wrong and what to do."""
        self._err.print(f"[bold red]{escape(text)}[/]" if self._err.is_terminal else escape(text))

    @contextmanager
    def step(self, what: str) -> Iterator[Progress]:
        """A piece of work that takes a while; the function given back tells its details."""
        started = time.monotonic()
        with self._live(what) if self._out.is_terminal else self._plain(what) as progress:
            yield progress
        self.say(f"✓ {what} ({time.monotonic() - started:.0f} s)")

    @contextmanager
    def _live(self, what: str) -> Iterator[Progress]:
        with self._out.status(escape(what)) as status:
            yield lambda detail: status.update(f"{escape(what)}: {escape(detail)[:100]}")

    @contextmanager
    def _plain(self, what: str) -> Iterator[Progress]:
        self.say(f"{what} …")
        said = time.monotonic()

        def progress(detail: str) -> None:
            nonlocal said
            if time.monotonic() - said >= _PLAIN_EVERY_S:
                said = time.monotonic()
                self.say(f"  {what}: {detail}")

        yield progress
