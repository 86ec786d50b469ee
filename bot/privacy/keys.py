"""Keys for single purposes, derived from one secret."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def derive_key(secret: str | bytes, purpose: str) -> bytes:
    """32 bytes by HKDF-SHA256; keys of different purposes tell nothing about each other."""
    material = secret.encode() if isinstance(secret, str) else secret
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(material)
