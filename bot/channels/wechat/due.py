"""What is due to a user, put into the next message for the phone."""

from bot.channels.wechat.cursors import Cursor
from bot.channels.wechat.outgoing import Outgoing
from bot.channels.wechat.render import Chunk, Renderer
from bot.conversations.messages import Author, Message
from bot.texts import Texts


class Due:
    """Looks at the log beyond a cursor."""

    def __init__(self, renderer: Renderer, texts: Texts) -> None:
        self._renderer = renderer
        self._texts = texts

    def next(self, cursor: Cursor, messages: list[Message], *, at_most: int) -> Chunk | None:
        """The first of as few messages as possible; articles only where `at_most` messages suffice for everything.

        `messages` is the log above the cursor. None when nothing of it is for the customer.
        """
        pieces = self._renderer.pieces(messages, cursor.position, limit=cursor.limit)
        chunks = self._renderer.chunks(pieces, at_most=at_most, limit=cursor.limit)
        return chunks[0] if chunks else None

    def message(self, cursor: Cursor, chunk: Chunk, *, tappable: bool) -> Outgoing:
        """The chunk as WeChat takes it, with a note where it may have arrived before."""
        note = self._texts("utter_wechat_maybe_repeated") if cursor.may_repeat else ""
        return self._renderer.message(chunk, tappable=tappable, note=note)

    @staticmethod
    def count(messages: list[Message]) -> int:
        """How many messages of the log wait for the phone."""
        return sum(message.author is not Author.CUSTOMER for message in messages)
