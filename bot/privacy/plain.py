"""A customer's text in one plain spelling for the detectors, and the way back to the positions in the original."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from bot.privacy.findings import Kind

# One character of the private use area stands for what is sealed already, so that a second look sees the same text
# as the first one left behind.
MASKS = {kind: chr(0xE000 + number) for number, kind in enumerate(Kind)}
_MASK_BY_LABEL = {kind.label: mask for kind, mask in MASKS.items()}
_PLACEHOLDER = re.compile(rf"\[({'|'.join(_MASK_BY_LABEL)})\d{{0,6}}\]")
_DASHES = frozenset("‐‑‒–—―−－─~～〜﹣")
_KEPT = frozenset("，")  # ends a clause, where a comma may stand within a number
_UNSEEN = frozenset(("Cf", "Mn", "Me"))  # zero-width and direction marks of copied numbers, keycaps of emoji
_PRIVATE = "Co"
_SPOKEN = str.maketrans("〇零一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖", "0012234567891123456789")


@dataclass(frozen=True)
class Plain:
    """Half width, digits as 0–9, white space as a blank, nothing invisible; `spans[i]` is where character i stood."""

    text: str
    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str) -> "Plain":
        """`text` in plain spelling, with placeholders as masks."""
        characters, spans, end = [], [], 0
        for match in [*_PLACEHOLDER.finditer(text), None]:
            start = match.start() if match else len(text)
            for position in range(end, start):
                plain = _plain(text[position])
                if plain:
                    characters.append(plain)
                    spans.append((position, position + 1))
            if match:
                characters.append(_MASK_BY_LABEL[match[1]])
                spans.append(match.span())
                end = match.end()
        return cls("".join(characters), tuple(spans))

    def spoken(self) -> "Plain":
        """The same with Chinese digits as 0–9, for what holds none but digits (幺三九…)."""
        return Plain(self.text.translate(_SPOKEN), self.spans)

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in the original."""
        return self.spans[start][0], self.spans[end - 1][1]

    def without(self, found: Iterable[tuple[int, int, Kind]]) -> "Plain":
        """The same with one mask in place of each finding; they are in order and apart."""
        characters, spans, done = [], [], 0
        for start, end, kind in found:
            characters += [self.text[done:start], MASKS[kind]]
            spans += [*self.spans[done:start], self.origin(start, end)]
            done = end
        return Plain("".join([*characters, self.text[done:]]), (*spans, *self.spans[done:]))


def _plain(character: str) -> str:
    """One character, or none for one that cannot be seen."""
    if character < "\x7f":
        return " " if character.isspace() else character
    if character in _KEPT:
        return character
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(character)
    if category in _UNSEEN:
        return ""
    if category == _PRIVATE:
        return "\ufffd"
    if character in _DASHES:
        return "-"
    if character.isspace():
        return " "
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 and folded.isascii() else character
