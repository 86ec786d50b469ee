"""Text as every database can keep it."""

from typing import Any


def storable(value: Any) -> Any:
    """`value`, whose strings at any depth lose NUL, which PostgreSQL refuses, and halves of characters (lone
    surrogates, as of an emoji cut in two), which no encoding can hold. Works on what JSON is made of."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "ignore").decode()
    if isinstance(value, list):
        return [storable(each) for each in value]
    if isinstance(value, dict):
        return {storable(name): storable(each) for name, each in value.items()}
    return value
