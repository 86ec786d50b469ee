"""Access tokens and OAuth codes, with the lives WeChat gives them."""

import secrets
from datetime import datetime, timedelta

from bot.clock import Clock

TOKEN_LIFE = timedelta(seconds=7200)
CODE_LIFE = timedelta(minutes=5)
UNKNOWN_CODE = 40029
USED_CODE = 40163


class AccessTokens:
    """`stable_token`: the same token until it expires, or until a new one is forced."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._token = ""
        self._expires_at: datetime | None = None

    def current(self, *, force: bool = False) -> tuple[str, int]:
        """The token and the seconds it has left."""
        now = self._clock()
        if force or self._expires_at is None or now >= self._expires_at:
            self._token = secrets.token_urlsafe(96)
            self._expires_at = now + TOKEN_LIFE
        assert self._expires_at is not None
        return self._token, int((self._expires_at - now).total_seconds())

    def accepts(self, token: str) -> bool:
        """Whether a call with this token is let in."""
        expires_at = self._expires_at
        return expires_at is not None and self._clock() < expires_at and secrets.compare_digest(token, self._token)

    def revoke(self) -> None:
        """Let the current token be invalid at once, as happens when somebody else fetches one."""
        self._expires_at = None


class OAuthCodes:
    """Codes of the authorize page: each good for one exchange within five minutes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._codes: dict[str, tuple[str, datetime]] = {}
        self._used: set[str] = set()

    def issue(self, openid: str) -> str:
        """A code that stands for this user."""
        code = secrets.token_hex(16)
        self._codes[code] = (openid, self._clock() + CODE_LIFE)
        return code

    def exchange(self, code: str) -> tuple[str, int]:
        """The openid and 0, or nothing and WeChat's error code."""
        openid, expires_at = self._codes.get(code, ("", self._clock()))
        if self._clock() >= expires_at:
            return "", UNKNOWN_CODE
        if code in self._used:
            return "", USED_CODE
        self._used.add(code)
        return openid, 0
