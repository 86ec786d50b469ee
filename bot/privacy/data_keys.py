"""The random key of each conversation: made when something is sealed first, rewrapped, and at last destroyed."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.privacy.master_keys import MasterKeys, WrappedKey
from bot.privacy.tables import data_keys
from bot.storage.rows import insert_new

_KEY_BYTES = 32  # AES-256
_AT_ONCE = 500


@dataclass(frozen=True)
class DataKey:
    """The key of one conversation, in clear: never to be stored or logged."""

    data_key_id: str
    key: bytes


class DataKeys:
    """Data keys in the database, wrapped under a master key and bound to id and conversation."""

    def __init__(self, master_keys: MasterKeys) -> None:
        self._master_keys = master_keys

    async def of(self, connection: AsyncConnection, conversation_id: str) -> DataKey:
        """The conversation's key, made if there is none. The row stays locked against destruction until the commit."""
        query = select(data_keys).where(data_keys.c.conversation_id == conversation_id).with_for_update(read=True)
        row = (await connection.execute(query)).one_or_none()
        while row is None:  # a second time only if another writer inserted and destroyed it in between
            data_key_id = uuid4().hex
            wrapped = self._master_keys.wrap(secrets.token_bytes(_KEY_BYTES), _context(data_key_id, conversation_id))
            values = {"data_key_id": data_key_id, "conversation_id": conversation_id, **wrapped.__dict__}
            await insert_new(connection, data_keys, **values)
            row = (await connection.execute(query)).one_or_none()
        return self._unwrapped(row)

    async def find(self, connection: AsyncConnection, data_key_id: str | None) -> DataKey | None:
        """None when it has been destroyed."""
        query = select(data_keys).where(data_keys.c.data_key_id == data_key_id)
        row = (await connection.execute(query)).one_or_none()
        return self._unwrapped(row) if row is not None else None

    async def destroy(self, connection: AsyncConnection, conversation_ids: Collection[str]) -> int:
        """Delete the keys of these conversations; how many there were."""
        ids, destroyed = list(conversation_ids), 0
        for start in range(0, len(ids), _AT_ONCE):
            of_these = data_keys.c.conversation_id.in_(ids[start : start + _AT_ONCE])
            destroyed += (await connection.execute(delete(data_keys).where(of_these))).rowcount
        return destroyed

    async def rewrap(self, connection: AsyncConnection) -> int:
        """Wrap some that are under an older master key anew; how many, 0 when none is left.

        Raises UnknownMasterKeyError.
        """
        older = data_keys.c.master_key_id != self._master_keys.current_id
        rows = await connection.execute(select(data_keys).where(older).limit(_AT_ONCE).with_for_update())
        found = rows.all()
        for row in found:
            wrapped = self._master_keys.wrap(self._unwrapped(row).key, _context(row.data_key_id, row.conversation_id))
            this = data_keys.c.data_key_id == row.data_key_id
            await connection.execute(update(data_keys).where(this).values(**wrapped.__dict__))
        return len(found)

    async def count(self, connection: AsyncConnection) -> int:
        """How many there are."""
        return await connection.scalar(select(func.count()).select_from(data_keys)) or 0

    def _unwrapped(self, row: Row[Any]) -> DataKey:
        wrapped = WrappedKey(row.master_key_id, row.nonce, row.ciphertext)
        context = _context(row.data_key_id, row.conversation_id)
        return DataKey(row.data_key_id, self._master_keys.unwrap(wrapped, context))


def _context(data_key_id: str, conversation_id: str) -> bytes:
    return f"{data_key_id}|{conversation_id}".encode()
