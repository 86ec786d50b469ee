"""Bearer secrets: told once to whom they belong, kept only as a hash."""

import hashlib
import secrets


def new_secret() -> str:
    """A secret nobody can guess (256 bits, URL-safe)."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret. It is random and long, so a plain SHA-256 cannot be searched backwards."""
    return hashlib.sha256(secret.encode()).hexdigest()
