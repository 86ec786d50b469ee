"""What can be shown on a phone: the kinds of message that we send to WeChat."""

from dataclasses import dataclass

MAX_TEXT_BYTES = 2048
"""WeChat refuses a longer text (45002)."""


@dataclass(frozen=True)
class Text:
    """Plain text of at most `MAX_TEXT_BYTES` in UTF-8; addresses in it can be tapped."""

    text: str


@dataclass(frozen=True)
class News:
    """One article: a title and a few lines that lead to a page."""

    title: str
    description: str
    url: str


@dataclass(frozen=True)
class Choices:
    """A text with replies to tap (msgmenu): pushes of verified accounts only, never a passive reply."""

    text: str
    options: tuple[tuple[str, str], ...]
    """The number and the words of each; a tap sends the words as the user's message."""


Passive = Text | News
"""What may answer a push of WeChat within its five seconds."""

Outgoing = Text | News | Choices
"""What the customer-service API takes."""
