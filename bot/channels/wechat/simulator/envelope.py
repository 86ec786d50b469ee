"""Signing and encrypting as WeChat does it.

Written apart from the gateway's codec on purpose: a mistake in one of the two would show against the other.
"""

import base64
import hashlib
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

_BLOCK_BITS = 32 * 8


def signature(*parts: str) -> str:
    """SHA-1 of the sorted parts."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 - WeChat's choice


class Envelope:
    """Seals texts for one account, and opens what its server has sealed."""

    def __init__(self, aes_key: str, app_id: str) -> None:
        """`aes_key` is the EncodingAESKey, 43 characters."""
        key = base64.b64decode(aes_key + "=")
        self._cipher = Cipher(AES256(key), CBC(key[:16]))
        self._app_id = app_id.encode()

    def seal(self, text: str) -> str:
        """16 random bytes, length, text and app id, encrypted, in base64."""
        content = text.encode()
        plain = secrets.token_bytes(16) + struct.pack(">I", len(content)) + content + self._app_id
        padder, encryptor = PKCS7(_BLOCK_BITS).padder(), self._cipher.encryptor()
        padded = padder.update(plain) + padder.finalize()
        return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()

    def open(self, sealed: str) -> str:
        """The text in an envelope of ours. Raises ValueError for anything else."""
        decryptor, unpadder = self._cipher.decryptor(), PKCS7(_BLOCK_BITS).unpadder()
        padded = decryptor.update(base64.b64decode(sealed)) + decryptor.finalize()
        plain = unpadder.update(padded) + unpadder.finalize()
        end = 20 + struct.unpack(">I", plain[16:20])[0]
        if plain[end:] != self._app_id:
            raise ValueError("sealed for another account")
        return plain[20:end].decode()
