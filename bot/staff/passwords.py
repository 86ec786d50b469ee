"""Passwords: which are good enough, and how they are kept (argon2id, RFC 9106)."""

import asyncio
import secrets
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from bot.staff.errors import WeakPasswordError

MIN_CHARS = 12
MAX_CHARS = 256
_FEWEST_DIFFERENT = 5
_HASHER = PasswordHasher()
_INITIAL_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that is misread on paper."""


@cache
def _common() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text(encoding="ascii").split())


@cache
def _hash_of_nobody(hasher: PasswordHasher) -> str:
    """What an unknown login is checked against, so that it takes as long as a known one."""
    return hasher.hash(secrets.token_hex(16))


def require_good_password(password: str, login: str) -> None:
    """Raises WeakPasswordError unless it is long, not the login and not a common one (after NIST SP 800-63B)."""
    folded = password.casefold()
    if not MIN_CHARS <= len(password) <= MAX_CHARS:
        raise WeakPasswordError(f"a password has {MIN_CHARS} to {MAX_CHARS} characters")
    if folded == login.casefold() or folded in _common() or len(set(folded)) < _FEWEST_DIFFERENT:
        raise WeakPasswordError("the password is too easy to guess")


def initial_password() -> str:
    """A random one to hand over, which its owner has to change: `k7wd-mq3n-x9ra-tb4e`."""
    return "-".join("".join(secrets.choice(_INITIAL_ALPHABET) for _ in range(4)) for _ in range(4))


class Passwords:
    """Hashes and checks, beside the event loop, which either would hold up."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or _HASHER

    async def hash(self, password: str) -> str:
        """What is kept of it."""
        return await asyncio.to_thread(self._hasher.hash, password)

    async def match(self, stored: str | None, password: str) -> bool:
        """Whether it is the one; without a `stored` hash it never is, and takes as long."""
        try:
            await asyncio.to_thread(self._hasher.verify, stored or _hash_of_nobody(self._hasher), password)
        except VerificationError:
            return False
        return stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether it was hashed with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)
