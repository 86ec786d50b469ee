"""Personal data in a message is sealed at the door: a placeholder stays in the text, the value is encrypted."""

import hmac
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.privacy.data_keys import DataKey, DataKeys
from bot.privacy.detect import find
from bot.privacy.errors import BrokenSealError, DestroyedKeyError, UnknownPlaceholderError
from bot.privacy.findings import Finding, Kind
from bot.privacy.keys import derive_key
from bot.privacy.master_keys import NONCE_BYTES, MasterKeys
from bot.privacy.tables import sealed_values
from bot.storage.database import Database
from bot.storage.rows import insert_new

_KINDS = {kind.label: kind for kind in Kind if not kind.is_secret}
_PLACEHOLDER = re.compile(rf"\[({'|'.join(_KINDS)})([1-9]\d{{0,5}})\]")


@dataclass(frozen=True)
class Rekeyed:
    """What a change of the master key came to: how many data keys there are, and how many were wrapped anew."""

    data_keys: int
    rewrapped: int
    current_id: str


@dataclass(frozen=True)
class _Slot:
    """Where a sealed value is kept; encrypted values are bound to it and open nowhere else."""

    conversation_id: str
    kind: Kind
    number: int

    @property
    def placeholder(self) -> str:
        return f"[{self.kind.label}{self.number}]"

    @property
    def associated_data(self) -> bytes:
        return f"{self.conversation_id}|{self.kind.value}|{self.number}".encode()


class Vault:
    """Seals and opens personal data of one conversation at a time.

    Within a conversation values are numbered per kind, and the same value gets the same number again. Each
    conversation has a data key of its own, kept wrapped under the current master key (envelope encryption).
    """

    def __init__(self, db: Database, master_keys: Mapping[str, str]) -> None:
        """`master_keys` are the installation's, key id → secret; new data keys are wrapped under the last."""
        self._db = db
        self._keys = DataKeys(MasterKeys(master_keys))
        self._current_id = list(master_keys)[-1]

    async def seal(self, conversation_id: str, text: str) -> str:
        """`text` with everything personal replaced by its placeholder; secrets leave no value behind."""
        findings = find(text)
        placeholders = await self._placeholders(conversation_id, findings)
        sealed, end = [], 0
        for finding, placeholder in zip(findings, placeholders, strict=True):
            sealed += [text[end : finding.start], placeholder]
            end = finding.end
        return "".join([*sealed, text[end:]])

    async def open(self, conversation_id: str, placeholder: str, *, kind: Kind | None = None) -> str:
        """The value behind a placeholder of this conversation, which must be of `kind` if given.

        Raises UnknownPlaceholderError (DestroyedKeyError where it cannot be opened any more), BrokenSealError when
        what is stored has been tampered with, and UnknownMasterKeyError.
        """
        match = _PLACEHOLDER.fullmatch(placeholder)
        if match is None or kind not in (None, _KINDS[match[1]]):
            raise UnknownPlaceholderError(placeholder)
        slot = _Slot(conversation_id, _KINDS[match[1]], int(match[2]))
        statement = select(sealed_values).where(
            sealed_values.c.conversation_id == conversation_id,
            sealed_values.c.kind == slot.kind.value,
            sealed_values.c.number == slot.number,
        )
        async with self._db.read() as connection:
            row = (await connection.execute(statement)).one_or_none()
            data_key = await self._keys.find(connection, row.data_key_id) if row is not None else None
        if row is None:
            raise UnknownPlaceholderError(placeholder)
        if data_key is None:
            raise DestroyedKeyError(placeholder)
        try:
            return _cipher(data_key).decrypt(row.nonce, row.ciphertext, slot.associated_data).decode()
        except InvalidTag as error:
            raise BrokenSealError(f"{slot.placeholder} does not open") from error

    async def card_tail(self, conversation_id: str, placeholder: str) -> str:
        """The last four digits of a sealed bank card. Raises UnknownPlaceholderError, also for another kind."""
        return (await self.open(conversation_id, placeholder, kind=Kind.BANK_CARD))[-4:]

    async def destroy_keys(self, connection: AsyncConnection, conversation_ids: Collection[str]) -> int:
        """Delete the data keys of these conversations within the caller's transaction; how many there were.

        What was sealed under them opens never again (DestroyedKeyError), also from a backup of the sealed values
        alone. The rows may stay: without them numbers would be given a second time, and old placeholders would mean
        new values. What is sealed later gets a new key.
        """
        return await self._keys.destroy(connection, conversation_ids)

    async def rekey(self) -> Rekeyed:
        """Wrap every data key under the current master key; afterwards no older one is needed.

        Some at a time, so that nobody waits long. Raises UnknownMasterKeyError, and keeps what was done before.
        """
        rewrapped = 0
        while True:
            async with self._db.write() as connection:
                batch = await self._keys.rewrap(connection)
                if batch == 0:
                    return Rekeyed(await self._keys.count(connection), rewrapped, self._current_id)
            rewrapped += batch

    async def _placeholders(self, conversation_id: str, findings: list[Finding]) -> list[str]:
        if all(finding.kind.is_secret for finding in findings):
            return [f"[{finding.kind.label}]" for finding in findings]
        async with self._db.write() as connection:
            data_key = await self._keys.of(connection, conversation_id)
            return [
                f"[{finding.kind.label}]"
                if finding.kind.is_secret
                else (await _kept(connection, data_key, conversation_id, finding)).placeholder
                for finding in findings
            ]


async def _kept(connection: AsyncConnection, data_key: DataKey, conversation_id: str, finding: Finding) -> _Slot:
    """Where the value is kept, after encrypting it unless it is there already."""
    fingerprint = _fingerprint(data_key, finding)
    of_kind = (sealed_values.c.conversation_id == conversation_id) & (sealed_values.c.kind == finding.kind.value)
    same = select(sealed_values.c.number).where(of_kind, sealed_values.c.fingerprint == fingerprint)
    while (number := await connection.scalar(same)) is None:
        # Once, unless another writer takes the same number in between.
        last = await connection.scalar(select(func.max(sealed_values.c.number)).where(of_kind))
        slot = _Slot(conversation_id, finding.kind, (last or 0) + 1)
        nonce = secrets.token_bytes(NONCE_BYTES)
        await insert_new(
            connection,
            sealed_values,
            conversation_id=conversation_id,
            kind=finding.kind.value,
            number=slot.number,
            data_key_id=data_key.data_key_id,
            fingerprint=fingerprint,
            nonce=nonce,
            ciphertext=_cipher(data_key).encrypt(nonce, finding.value.encode(), slot.associated_data),
        )
    return _Slot(conversation_id, finding.kind, number)


def _cipher(data_key: DataKey) -> AESGCM:
    return AESGCM(derive_key(data_key.key, "privacy.vault.encrypt"))


def _fingerprint(data_key: DataKey, finding: Finding) -> bytes:
    """Goes with the data key, too: numbers are few enough to be guessed from a hash under a key that stays."""
    key = derive_key(data_key.key, "privacy.vault.fingerprint")
    return hmac.digest(key, f"{finding.kind.value}|{finding.value}".encode(), sha256)
