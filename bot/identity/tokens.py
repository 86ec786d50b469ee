"""Signed tokens by which the bank's own site says who its visitor is."""

from collections.abc import Mapping
from datetime import timedelta

import jwt

from bot.clock import Clock
from bot.identity.errors import InvalidTokenError

MAX_TTL_S = 300
MAX_SKEW_S = 30
"""How far the clock of the bank's site may run ahead of ours."""
ALGORITHM = "HS256"
MAX_CUSTOMER_ID_CHARS = 64


class SiteTokens:
    """Issues and verifies the JWT with which a web session becomes level 1.

    Several keys may be valid at once, so that the site can change over to a new one; `kid` names the key used.
    """

    def __init__(self, keys: Mapping[str, str], audience: str, clock: Clock) -> None:
        """`keys` maps a key id to its secret (HS256, at least 32 characters)."""
        self._keys = keys
        self._audience = audience
        self._clock = clock

    def issue(self, customer_id: str, *, kid: str, ttl_s: int = MAX_TTL_S) -> str:
        """A token for `customer_id`, valid `ttl_s` seconds (at most 300). For the demo site and for tests."""
        if not 0 < ttl_s <= MAX_TTL_S:
            raise ValueError(f"a site token lives 1 to {MAX_TTL_S} seconds")
        now = self._clock()
        claims = {
            "sub": customer_id,
            "aud": self._audience,
            "iat": now,
            "exp": now + timedelta(seconds=ttl_s),
        }
        return jwt.encode(claims, self._keys[kid], algorithm=ALGORITHM, headers={"kid": kid})

    def verify(self, token: str) -> str:
        """The customer id in a token that is signed, current and meant for us; InvalidTokenError otherwise."""
        try:
            key = self._keys[jwt.get_unverified_header(token).get("kid", "")]
            claims = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=self._audience,
                # The times are checked below, by the injected clock.
                options={
                    "require": ["sub", "aud", "iat", "exp"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
            customer_id, issued, expires = claims["sub"], float(claims["iat"]), float(claims["exp"])
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise InvalidTokenError("the site token cannot be verified") from error
        now = self._clock().timestamp()
        if not issued - MAX_SKEW_S <= now < expires or expires - issued > MAX_TTL_S:
            raise InvalidTokenError("the site token is not current")
        if not 0 < len(customer_id) <= MAX_CUSTOMER_ID_CHARS:
            raise InvalidTokenError("the site token names nobody")
        return str(customer_id)
