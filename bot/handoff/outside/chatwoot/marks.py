"""How we know our own in Chatwoot."""

PREFIX = "zhanggui-"
"""Begins the identifiers of our contacts and the source ids of our messages."""


def source_id_of(key: str) -> str:
    """The `source_id` of the message with this key."""
    return f"{PREFIX}{key}"
