"""Reads a text the way the classifier shall see it: other people's words as Mandarin ones, no character drawn out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from bot.nlu.text import normalise

_DRAWN_OUT = re.compile(r"(\D)\1{2,}")


def load_wording(file: Path) -> dict[str, str]:
    """Spelling → Mandarin word; spellings as `bot.nlu.text.normalise` leaves a text, in lower case."""
    written = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {normalise(str(said), lower=True): str(meant) for said, meant in written.items()}


class Wording:
    """A table of words, ready to be applied to texts."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words
        self._said = re.compile("|".join(map(_whole, sorted(words, key=len, reverse=True))) or "(?!)")

    def read(self, text: str) -> str:
        """`text` in lower case, with the words of the table exchanged, and 查查查查 as 查查."""
        text = self._said.sub(lambda match: self._words[match[0]], normalise(text, lower=True))
        return _DRAWN_OUT.sub(r"\1\1", text)


def _whole(word: str) -> str:
    """A Latin word is never a part of a longer one."""
    return rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)
