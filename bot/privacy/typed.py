"""Placeholders that a customer types: words like any other, never the name of a sealed value."""

import re
import unicodedata

_BRACKETED = re.compile(r"[\[［﹇]([^\[\]［］﹇﹈]*)[\]］﹈]")


def without_placeholders(text: str) -> str:
    """`text`, not sealed yet, with other brackets around whatever could be read as a placeholder of the vault.

    Brackets around digits of any kind are enough: the words are normalised later (full width, traditional
    characters, invisible ones) and might only then become one. `[微笑]` stays as it is.
    """
    return _BRACKETED.sub(_with_round_brackets, text)


def _with_round_brackets(found: re.Match[str]) -> str:
    has_digit = any(character.isdigit() for character in unicodedata.normalize("NFKC", found[1]))
    return f"（{found[1]}）" if has_digit else found[0]
