"""Which answers stop being true, for the editor who has to write new ones."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from bot.knowledge.entries import Entry

SOON = timedelta(days=30)


def lapsing(entries: Iterable[Entry], today: date) -> Iterator[str]:
    """A line for each answer that has lapsed by `today` or lapses within 30 days."""
    for entry in entries:
        if entry.valid_until is None or entry.valid_until > today + SOON:
            continue
        verb = "lapsed after" if entry.valid_until < today else "lapses after"
        yield f"entry {entry.id}: the answer {verb} {entry.valid_until}"
