"""Search criteria, with values that cannot leave their place."""

import re

_SPECIAL = re.compile(r"[\\(),]")


def equals(field: str, value: str) -> str:
    """`field` holds `value`."""
    escaped = _SPECIAL.sub(lambda special: f"\\{special[0]}", value)
    return f"({field}:equals:{escaped})"
