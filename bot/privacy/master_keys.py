"""The keys of the installation (`VAULT_KEYS`), under which the key of each conversation is kept wrapped."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.privacy.errors import BrokenSealError, UnknownMasterKeyError
from bot.privacy.keys import derive_key

NONCE_BYTES = 12


@dataclass(frozen=True)
class WrappedKey:
    """A data key as it is stored: AES-256-GCM under the master key of this id."""

    master_key_id: str
    nonce: bytes
    ciphertext: bytes


class MasterKeys:
    """Wraps under the current master key, unwraps under any that is still there."""

    def __init__(self, secrets_by_id: Mapping[str, str]) -> None:
        """Key id → secret; the last one is current."""
        self._ciphers = {
            key_id: AESGCM(derive_key(secret, "privacy.vault.master")) for key_id, secret in secrets_by_id.items()
        }
        self.current_id = list(secrets_by_id)[-1]

    def wrap(self, key: bytes, context: bytes) -> WrappedKey:
        """`context` says whose key it is; it unwraps with the same one only."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return WrappedKey(self.current_id, nonce, self._ciphers[self.current_id].encrypt(nonce, key, context))

    def unwrap(self, wrapped: WrappedKey, context: bytes) -> bytes:
        """Raises UnknownMasterKeyError, and BrokenSealError for what was altered or wrapped under another secret."""
        cipher = self._ciphers.get(wrapped.master_key_id)
        if cipher is None:
            raise UnknownMasterKeyError(wrapped.master_key_id)
        try:
            return cipher.decrypt(wrapped.nonce, wrapped.ciphertext, context)
        except InvalidTag as error:
            raise BrokenSealError(f"a data key does not unwrap under {wrapped.master_key_id!r}") from error
