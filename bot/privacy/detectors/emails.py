"""E-mail addresses."""

import re
from collections.abc import Iterator

from bot.privacy.detectors.match import Candidate
from bot.privacy.findings import Kind

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])(?P<value>[A-Za-z0-9][A-Za-z0-9._%+-]{0,63} ?(?:[@#]|艾特|\(at\)) ?"
    r"(?:[A-Za-z0-9-]{1,63} ?[.。·点] ?){1,4}[A-Za-z]{2,10})(?![A-Za-z0-9-])(?!\.[A-Za-z0-9])"
)


def emails(text: str) -> Iterator[Candidate]:
    """`name@host.tld`, also with 艾特 and 点 for the signs."""
    for match in _EMAIL.finditer(text):
        yield Candidate(Kind.EMAIL, *match.span("value"), match["value"].replace(" ", ""))
