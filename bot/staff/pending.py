"""What holds a sign-in together between its steps: a signed note of what has been proven so far."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

import jwt

from bot.clock import Clock
from bot.privacy.keys import derive_key
from bot.staff.errors import PendingSignInError

PENDING_S = 300
_ALGORITHM = "HS256"


@dataclass(frozen=True)
class Proven:
    """Whose password was right, and whether a code was as well."""

    agent_id: str
    password_hash: str
    """As it was then: another password ends the sign-in."""
    code: bool


class PendingSignIns:
    """Issues and reads notes that are good for five minutes."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._key = derive_key(secret, "staff.sign_in")
        self._clock = clock

    def issue(self, proven: Proven) -> str:
        """The note, for a cookie."""
        claims = {
            "sub": proven.agent_id,
            "password": _stamp(proven.password_hash),
            "code": proven.code,
            "exp": self._clock() + timedelta(seconds=PENDING_S),
        }
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM)

    def read(self, token: str) -> tuple[str, str, bool]:
        """Agent id, stamp of the password and whether a code was given. Raises PendingSignInError."""
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[_ALGORITHM],
                options={"require": ["sub", "password", "code", "exp"], "verify_exp": False},
            )
        except jwt.InvalidTokenError as error:
            raise PendingSignInError("no sign-in was begun") from error
        if claims["exp"] <= self._clock().timestamp():  # by our clock, which tests move
            raise PendingSignInError("the sign-in took too long")
        return claims["sub"], claims["password"], claims["code"]

    @staticmethod
    def fits(stamp: str, password_hash: str) -> bool:
        """Whether the password is still the one that was proven."""
        return stamp == _stamp(password_hash)


def _stamp(password_hash: str) -> str:
    return hashlib.sha256(password_hash.encode()).hexdigest()[:16]
