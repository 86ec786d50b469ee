"""Personal data in a message is sealed at the door: a placeholder stays in the text, the value is encrypted."""

import hmac
import re
import secrets
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.privacy.detect import Kind, find
from bot.privacy.errors import BrokenSealError, UnknownPlaceholderError
from bot.privacy.keys import derive_key
from bot.privacy.tables import sealed_values
from bot.storage.database import Database
from bot.storage.rows import insert_new

_LABELS = {Kind.MOBILE: "手机号", Kind.BANK_CARD: "卡号", Kind.RESIDENT_ID: "身份证号"}
_KINDS = {label: kind for kind, label in _LABELS.items()}
_PLACEHOLDER = re.compile(rf"\[({'|'.join(_KINDS)})([1-9]\d{{0,5}})\]")


@dataclass(frozen=True)
class _Slot:
    """Where a sealed value is kept; encrypted values are bound to it and open nowhere else."""

    conversation_id: str
    kind: Kind
    number: int

    @property
    def placeholder(self) -> str:
        return f"[{_LABELS[self.kind]}{self.number}]"

    @property
    def associated_data(self) -> bytes:
        return f"{self.conversation_id}|{self.kind.value}|{self.number}".encode()


class Vault:
    """Seals and opens personal data of one conversation at a time.

    Within a conversation values are numbered per kind, and the same value gets the same number again.
    """

    def __init__(self, db: Database, secret: str) -> None:
        """`secret` is the installation's secret key; encryption and lookup use keys derived from it."""
        self._db = db
        self._cipher = AESGCM(derive_key(secret, "privacy.vault.encrypt"))
        self._fingerprint_key = derive_key(secret, "privacy.vault.fingerprint")

    async def seal(self, conversation_id: str, text: str) -> str:
        """`text` with every mobile, bank card and resident ID number replaced by its placeholder."""
        sealed, end = [], 0
        for finding in find(text):
            placeholder = await self._placeholder(conversation_id, finding.kind, finding.value)
            sealed += [text[end : finding.start], placeholder]
            end = finding.end
        return "".join([*sealed, text[end:]])

    async def open(self, conversation_id: str, placeholder: str, *, kind: Kind | None = None) -> str:
        """The value, digits only, behind a placeholder of this conversation, which must be of `kind` if given.

        Raises UnknownPlaceholderError, and BrokenSealError when the stored value has been tampered with.
        """
        match = _PLACEHOLDER.fullmatch(placeholder)
        if match is None or kind not in (None, _KINDS[match[1]]):
            raise UnknownPlaceholderError(placeholder)
        slot = _Slot(conversation_id, _KINDS[match[1]], int(match[2]))
        statement = select(sealed_values.c.nonce, sealed_values.c.ciphertext).where(
            sealed_values.c.conversation_id == conversation_id,
            sealed_values.c.kind == slot.kind.value,
            sealed_values.c.number == slot.number,
        )
        async with self._db.read() as connection:
            row = (await connection.execute(statement)).one_or_none()
        if row is None:
            raise UnknownPlaceholderError(placeholder)
        try:
            return self._cipher.decrypt(row.nonce, row.ciphertext, slot.associated_data).decode()
        except InvalidTag as error:
            raise BrokenSealError(f"{slot.placeholder} does not open") from error

    async def card_tail(self, conversation_id: str, placeholder: str) -> str:
        """The last four digits of a sealed bank card. Raises UnknownPlaceholderError, also for another kind."""
        return (await self.open(conversation_id, placeholder, kind=Kind.BANK_CARD))[-4:]

    async def _placeholder(self, conversation_id: str, kind: Kind, value: str) -> str:
        fingerprint = self._fingerprint(conversation_id, kind, value)
        async with self._db.write() as connection:
            while True:  # ends at once unless another writer takes the same number in between
                number = await _number_of(connection, conversation_id, kind, fingerprint)
                if number is not None:
                    return _Slot(conversation_id, kind, number).placeholder
                await self._insert(connection, conversation_id, kind, value, fingerprint)

    async def _insert(
        self, connection: AsyncConnection, conversation_id: str, kind: Kind, value: str, fingerprint: bytes
    ) -> None:
        statement = select(func.coalesce(func.max(sealed_values.c.number), 0)).where(
            sealed_values.c.conversation_id == conversation_id, sealed_values.c.kind == kind.value
        )
        slot = _Slot(conversation_id, kind, (await connection.execute(statement)).scalar_one() + 1)
        nonce = secrets.token_bytes(12)
        await insert_new(
            connection,
            sealed_values,
            conversation_id=conversation_id,
            kind=kind.value,
            number=slot.number,
            fingerprint=fingerprint,
            nonce=nonce,
            ciphertext=self._cipher.encrypt(nonce, value.encode(), slot.associated_data),
        )

    def _fingerprint(self, conversation_id: str, kind: Kind, value: str) -> bytes:
        return hmac.digest(self._fingerprint_key, f"{conversation_id}|{kind.value}|{value}".encode(), sha256)


async def _number_of(connection: AsyncConnection, conversation_id: str, kind: Kind, fingerprint: bytes) -> int | None:
    statement = select(sealed_values.c.number).where(
        sealed_values.c.conversation_id == conversation_id,
        sealed_values.c.kind == kind.value,
        sealed_values.c.fingerprint == fingerprint,
    )
    return (await connection.execute(statement)).scalar_one_or_none()
