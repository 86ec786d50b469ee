"""How WeChat signs what it pushes, and how both sides encrypt (消息加解密说明)."""

import base64
import binascii
import hashlib
import hmac
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from bot.channels.wechat.errors import MalformedPushError, SignatureError

_RANDOM_BYTES = 16
_LENGTH = struct.Struct(">I")
_PADDING_BITS = 32 * 8
"""WeChat pads to 32 bytes although AES has blocks of 16."""


def sign(*parts: str) -> str:
    """SHA-1 over the sorted parts, in hexadecimal: the token, timestamp, nonce and, where encrypted, the envelope."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 - WeChat's choice


def verify(signature: str, *parts: str) -> None:
    """Compare in constant time. Raises SignatureError."""
    if not hmac.compare_digest(signature.encode(), sign(*parts).encode()):
        raise SignatureError("wrong signature")


class Envelope:
    """Encrypts for one account: AES-256-CBC over 16 random bytes, the length, the message and the AppID."""

    def __init__(self, aes_key: str, app_id: str) -> None:
        """`aes_key` is the account's EncodingAESKey, 43 characters."""
        key = base64.b64decode(aes_key + "=")
        self._cipher = Cipher(AES256(key), CBC(key[:16]))
        self._app_id = app_id.encode()

    def seal(self, message: str) -> str:
        """The envelope of a message, in base64."""
        content = message.encode()
        plain = secrets.token_bytes(_RANDOM_BYTES) + _LENGTH.pack(len(content)) + content + self._app_id
        padder, encryptor = PKCS7(_PADDING_BITS).padder(), self._cipher.encryptor()
        padded = padder.update(plain) + padder.finalize()
        return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()

    def open(self, envelope: str) -> str:
        """The message in an envelope. Raises MalformedPushError when it is none, or another account's."""
        try:
            plain = self._decrypted(base64.b64decode(envelope, validate=True))
            (length,) = _LENGTH.unpack_from(plain, _RANDOM_BYTES)
            start = _RANDOM_BYTES + _LENGTH.size
            message, app_id = plain[start : start + length].decode(), plain[start + length :]
        except (ValueError, binascii.Error, struct.error) as error:
            raise MalformedPushError("cannot be decrypted") from error
        if not hmac.compare_digest(app_id, self._app_id):
            raise MalformedPushError("encrypted for another account")
        return message

    def _decrypted(self, encrypted: bytes) -> bytes:
        decryptor, unpadder = self._cipher.decryptor(), PKCS7(_PADDING_BITS).unpadder()
        padded = decryptor.update(encrypted) + decryptor.finalize()
        return unpadder.update(padded) + unpadder.finalize()
