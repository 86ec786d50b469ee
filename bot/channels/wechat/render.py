"""What the log says, as a phone can show it: texts with numbered choices, an article for a product."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.wechat.outgoing import MAX_TEXT_BYTES, Choices, News, Outgoing, Text
from bot.channels.wechat.split import split
from bot.conversations.choices import numbered
from bot.conversations.messages import Author, Button, Message
from bot.privacy.findings import Kind
from bot.texts import Texts

PIECE_BYTES = MAX_TEXT_BYTES - 128
"""Leaves room for the note that a message may be a repetition."""
_MAX_DESCRIPTION_BYTES = 512
_SEALED = re.compile(rf"\[({'|'.join(kind.label for kind in Kind if not kind.is_secret)})\d+\]")
_DROPPED = re.compile(rf"\[({'|'.join(kind.label for kind in Kind if kind.is_secret)})\]")
_LINK = re.compile(r"https?://")
Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Position:
    """How far the log has reached the phone: whole messages up to `seq`, then `chars` characters of the next."""

    seq: int
    chars: int = 0


@dataclass(frozen=True)
class Piece:
    """A part of one message that goes out whole."""

    text: str
    end: Position
    options: Options = ()
    """Number and words of each reply offered with it; the number is empty where it would not be understood."""
    article: News | None = None
    """The same as an article."""


@dataclass(frozen=True)
class Chunk:
    """What one push or one passive reply carries, and how far it gets."""

    pieces: tuple[Piece, ...]
    end: Position


class Renderer:
    """Turns messages into pieces, and pieces into as few chunks as possible."""

    def __init__(self, texts: Texts, site_url: str | None) -> None:
        """`site_url` is where the products' pages lie; without it nothing leads to them."""
        self._texts = texts
        self._site_url = site_url

    def pieces(self, messages: Sequence[Message], after: Position, *, limit: int = PIECE_BYTES) -> list[Piece]:
        """What of `messages` (all of the log above `after.seq`) the phone has not got, at most `limit` bytes each."""
        pieces: list[Piece] = []
        chars = after.chars
        understood = _understood(messages)
        for message in messages:
            if message.author is not Author.CUSTOMER:
                pieces += self._of(message, chars, limit, message is understood)
                chars = 0
        return pieces

    def message(self, chunk: Chunk, *, tappable: bool, note: str = "") -> Outgoing:
        """The chunk as WeChat takes it: options to tap where `tappable`, else numbered; `note` comes first."""
        if len(chunk.pieces) == 1 and chunk.pieces[0].article and not note:
            return chunk.pieces[0].article
        *before, last = chunk.pieces
        start = [note, *(self._plain(piece) for piece in before)]
        if tappable and last.options and all(number for number, _ in last.options):
            return Choices(_joined([*start, last.text]), last.options)
        return Text(_joined([*start, self._plain(last)]))

    def chunks(self, pieces: Sequence[Piece], *, at_most: int, limit: int = PIECE_BYTES) -> list[Chunk]:
        """All pieces, articles on their own if `at_most` chunks suffice for that and as text otherwise."""
        chunks = self._packed(pieces, limit, articles=True)
        return chunks if len(chunks) <= at_most else self._packed(pieces, limit, articles=False)

    def _packed(self, pieces: Sequence[Piece], limit: int, *, articles: bool) -> list[Chunk]:
        packed: list[list[Piece]] = []
        for piece in pieces:
            alone = articles and (piece.article or (packed and packed[-1][-1].article))
            joined = _joined([self._plain(each) for each in [*(packed[-1] if packed else []), piece]])
            if packed and not alone and len(joined.encode()) <= limit:
                packed[-1].append(piece)
            else:
                packed.append([piece])
        return [Chunk(tuple(each), each[-1].end) for each in packed]

    def _of(self, message: Message, chars: int, limit: int, understood: bool) -> list[Piece]:
        article = self._article(message)
        body = self._body(message, leave_out=article is not None)
        options = _options(message.buttons, understood)
        pieces = []
        for text in split(body[chars:], limit):
            chars += len(text)
            pieces.append(Piece(text, Position(message.seq - 1, chars)))
        if article is not None:
            pieces.append(Piece(self._card(message.cards[-1]), Position(message.seq), article=article))
        elif options:
            last = pieces.pop() if pieces else Piece("", Position(message.seq))
            whole = Piece(last.text, Position(message.seq), options)
            if len(self._plain(whole).encode()) > limit:
                pieces.append(last)
                whole = Piece("", Position(message.seq), options)
            pieces.append(whole)
        elif pieces:
            pieces[-1] = Piece(pieces[-1].text, Position(message.seq))
        return pieces

    def _body(self, message: Message, *, leave_out: bool) -> str:
        """Everything but the options and, where it is an article, the last card."""
        cards = message.cards[:-1] if leave_out else message.cards
        links = [f"{button.title}：{button.payload}" for button in message.buttons if _LINK.match(button.payload)]
        text = _DROPPED.sub(r"[\1已隐去]", _SEALED.sub(r"[\1已保护]", message.text))
        return "\n".join(part for part in [text, *(self._card(card) for card in cards), *links] if part)

    def _card(self, card: dict[str, Any]) -> str:
        return "\n".join(line for line in [f"【{card['title']}】", *_lines(card), self._address(card)] if line)

    def _article(self, message: Message) -> News | None:
        """The last card, if it leads to a page and nothing comes after it that must stay last."""
        if not message.cards or message.buttons:
            return None
        card, description = message.cards[-1], "\n".join(_lines(message.cards[-1]))
        address = self._address(card)
        if not address or len(description.encode()) > _MAX_DESCRIPTION_BYTES:
            return None
        return News(card["title"], description, address)

    def _address(self, card: dict[str, Any]) -> str:
        link = str(card.get("link") or "")
        if not link.startswith("/"):
            return link
        return f"{self._site_url.rstrip('/')}{link}" if self._site_url else ""

    def _plain(self, piece: Piece) -> str:
        """The piece as nothing but text, its options as lines."""
        if not piece.options:
            return piece.text
        head = self._texts("utter_wechat_choose") if piece.options[0][0] else ""
        return "\n".join(part for part in [piece.text, head, *map(_option, piece.options)] if part)


def _lines(card: dict[str, Any]) -> list[str]:
    rows = [f"{row['label']}：{row['value']}" for row in card.get("rows", ())]
    return [*rows, *([card["note"]] if card.get("note") else [])]


def _understood(messages: Sequence[Message]) -> Message | None:
    """The one message whose numbers the conversation will understand: the last one that offers anything now."""
    for message in reversed(messages):
        if message.author is Author.CUSTOMER:
            return None
        if message.buttons:
            return message
    return None


def _options(buttons: Sequence[Button], understood: bool) -> Options:
    return tuple((str(number) if understood else "", button.title) for number, button in numbered(buttons))


def _option(option: tuple[str, str]) -> str:
    number, words = option
    if not number:
        return f"· {words}"
    return words if words.startswith(number) else f"{number}. {words}"


def _joined(texts: Sequence[str]) -> str:
    return "\n\n".join(text.strip() for text in texts if text.strip())
