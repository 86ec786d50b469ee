"""Bearer secrets: told once to whom they belong, kept only as a hash; and those our own processes show each other."""

import hashlib
import hmac
import secrets
from typing import Literal

from bot.privacy.keys import derive_key


def new_secret() -> str:
    """A secret nobody can guess (256 bits, URL-safe)."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret. It is random and long, so a plain SHA-256 cannot be searched backwards."""
    return hashlib.sha256(secret.encode()).hexdigest()


def process_token(secret_key: str, process: Literal["rasa", "actions"]) -> str:
    """What calls to this private process carry (64 hexadecimal digits); all that know SECRET_KEY derive the same."""
    return derive_key(secret_key, f"calls to {process}").hex()


def authorization(token: str) -> dict[str, str]:
    """The header that shows `token`."""
    return {"Authorization": f"Bearer {token}"}


def shows(header: str, token: str) -> bool:
    """Whether an Authorization header shows `token`; compared in constant time."""
    return hmac.compare_digest(header.encode(), f"Bearer {token}".encode())
