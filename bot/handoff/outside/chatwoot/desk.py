"""The `OutsideDesk` port on Chatwoot. What Chatwoot lacks, idempotency, comes from looking first."""

from collections.abc import AsyncIterator
from typing import TypeVar

from pydantic import ValidationError

from bot.handoff.outside.chatwoot.api import ChatwootApi, Record
from bot.handoff.outside.chatwoot.marks import PREFIX, source_id_of
from bot.handoff.outside.chatwoot.shapes import Conversation, Message
from bot.handoff.outside.errors import (
    OutsideConversationGoneError,
    OutsideDeskRefusedError,
    OutsideDeskUnavailableError,
)
from bot.handoff.outside.port import Happening, Kind, Line, Visitor

Shape = TypeVar("Shape", Conversation, Message)


class ChatwootDesk:
    """A conversation of ours is a contact of its own with one conversation, which is opened again for each handoff.

    Customers' words are incoming messages, everything else is a private note. Our `Line.key` goes along as the
    message's `source_id`.
    """

    def __init__(self, api: ChatwootApi) -> None:
        self._api = api

    async def open(self, visitor: Visitor) -> str:
        """See `OutsideDesk.open`."""
        try:
            conversation = await self._found_or_made(visitor)
            if conversation.get("status") != "open":
                await self._api.set_status(str(conversation["id"]), "open")
        except OutsideConversationGoneError as error:  # nothing was there that could be gone
            raise OutsideDeskRefusedError(f"no such account or inbox? {error}") from error
        return str(conversation["id"])

    async def find(self, conversation_id: str) -> str | None:
        """See `OutsideDesk.find`."""
        contact = await self._api.find_contact(_identifier(conversation_id))
        conversation = await self._api.conversation_of(contact) if contact else None
        return str(conversation["id"]) if conversation else None

    async def add(self, outside_id: str, line: Line, *, in_doubt: bool) -> None:
        """See `OutsideDesk.add`."""
        source_id = source_id_of(line.key)
        if in_doubt and await self._has(outside_id, source_id):
            return
        await self._api.create_message(
            outside_id,
            line.text,
            message_type="incoming" if line.kind is Kind.CUSTOMER else "outgoing",
            private=line.kind is Kind.NOTE,
            source_id=source_id,
        )

    async def end(self, outside_id: str) -> None:
        """See `OutsideDesk.end`."""
        await self._api.set_status(outside_id, "resolved")

    async def is_open(self, outside_id: str) -> bool:
        """See `OutsideDesk.is_open`; a snoozed conversation comes back by itself."""
        return _read(Conversation, await self._api.conversation(outside_id)).ended() is None

    async def since(self, outside_id: str, key: str) -> list[Happening]:
        """See `OutsideDesk.since`."""
        said: list[Message] = []
        async for page in self._pages(outside_id):
            keys = [message.source_id for message in page]
            begun = keys.index(source_id_of(key)) + 1 if source_id_of(key) in keys else 0
            said = [*page[begun:], *said]
            if begun:
                break
        done: list[Happening | None] = [message.reply(outside_id) for message in said]
        done.append(_read(Conversation, await self._api.conversation(outside_id)).ended())
        return [each for each in done if each is not None]

    async def _found_or_made(self, visitor: Visitor) -> Record:
        identifier = _identifier(visitor.conversation_id)
        contact = await self._api.find_contact(identifier)
        if contact is None:
            contact = await self._api.create_contact(identifier, visitor.name)
        elif contact.get("name") != visitor.name:  # has signed in since
            await self._api.rename_contact(contact, visitor.name)
        return await self._api.conversation_of(contact) or await self._api.create_conversation(contact)

    async def _has(self, outside_id: str, source_id: str) -> bool:
        """Whether the message is there. Ours come in order, so the newest of ours tell."""
        async for page in self._pages(outside_id):
            ours = [message.source_id for message in page if message.is_ours]
            if ours:
                return source_id in ours
        return False

    async def _pages(self, outside_id: str) -> AsyncIterator[list[Message]]:
        """The messages, newest page first, each page oldest first."""
        before: int | None = None
        while records := await self._api.messages(outside_id, before=before):
            page = [_read(Message, record) for record in records]
            yield page
            before = min(message.id for message in page)


def _identifier(conversation_id: str) -> str:
    return f"{PREFIX}{conversation_id}"


def _read(shape: type[Shape], record: Record) -> Shape:
    try:
        return shape.model_validate(record)
    except ValidationError as error:
        raise OutsideDeskUnavailableError(f"an answer that is no {shape.__name__}") from error
