"""Messages made of the responses of the domain."""

from typing import Any

from bot.conversations.messages import Author, Button, Draft
from bot.texts import Texts


def respond(
    texts: Texts, author: Author, name: str, metadata: dict[str, Any] | None = None, **variables: object
) -> Draft:
    """Response `name` with its buttons, filled in with `variables`. Raises UnknownTextError."""
    buttons = tuple(Button(**button) for button in texts.buttons(name))
    return Draft(author, texts(name, **variables), buttons=buttons, metadata=metadata or {})
