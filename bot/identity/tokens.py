"""Signed tokens by which the bank's own site says who its visitor is."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import delete

from bot.clock import Clock
from bot.identity.errors import InvalidTokenError
from bot.identity.tables import used_site_tokens
from bot.storage.database import Database
from bot.storage.rows import insert_new

MAX_TTL_S = 300
MAX_SKEW_S = 30
"""How far the clock of the bank's site may run ahead of ours."""
MAX_CUSTOMER_ID_CHARS = 64
MAX_TOKEN_CHARS = 4096
_MAX_ID_CHARS = 255
_MIN_SECRET_CHARS = 32
_MIN_RSA_BITS = 2048


@dataclass(frozen=True)
class SiteKey:
    """A key with the one algorithm it is good for, so that no token can choose another."""

    key: Any
    algorithm: str

    @staticmethod
    def read(text: str) -> "SiteKey":
        """A public key in PEM (Ed25519, P-256, RSA) or a shared secret. Raises ValueError for a weak or other one."""
        if "-----BEGIN" not in text:
            if len(text) < _MIN_SECRET_CHARS:
                raise ValueError(f"a shared secret has at least {_MIN_SECRET_CHARS} characters")
            return SiteKey(text, "HS256")
        key = load_pem_public_key(text.encode())
        if isinstance(key, ed25519.Ed25519PublicKey):
            return SiteKey(key, "EdDSA")
        if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
            return SiteKey(key, "ES256")
        if isinstance(key, rsa.RSAPublicKey) and key.key_size >= _MIN_RSA_BITS:
            return SiteKey(key, "RS256")
        raise ValueError("a public key is Ed25519, P-256 or RSA of at least 2048 bits")


@dataclass(frozen=True)
class SiteToken:
    """What a good token says."""

    customer_id: str
    expires_at: datetime
    token_id: str | None
    """Its id within its key (`jti`), if it bears one."""


class SiteTokens:
    """Issues, verifies and takes the JWT with which a web session becomes level 1.

    Several keys may be valid at once, so that the site can change over to a new one; `kid` names the key used.
    """

    def __init__(self, keys: Mapping[str, str], audience: str, db: Database, clock: Clock) -> None:
        """`keys` maps a key id to a shared secret (HS256) or to a public key in PEM. Raises ValueError, see SiteKey."""
        self._keys = {key_id: SiteKey.read(text) for key_id, text in keys.items()}
        self._audience = audience
        self._db = db
        self._clock = clock

    def issue(self, customer_id: str, *, kid: str, ttl_s: int = MAX_TTL_S) -> str:
        """A token for `customer_id`, valid `ttl_s` seconds (at most 300) and once. For the demo site and for tests."""
        if not 0 < ttl_s <= MAX_TTL_S:
            raise ValueError(f"a site token lives 1 to {MAX_TTL_S} seconds")
        now, site_key = self._clock(), self._keys[kid]
        claims = {
            "sub": customer_id,
            "aud": self._audience,
            "iat": now,
            "exp": now + timedelta(seconds=ttl_s),
            "jti": uuid.uuid4().hex,
        }
        return jwt.encode(claims, site_key.key, algorithm=site_key.algorithm, headers={"kid": kid})

    async def redeem(self, token: str) -> str:
        """The customer id in a token that is good and, where it bears an id, has not been redeemed before.

        Raises InvalidTokenError.
        """
        said = self.verify(token)
        if said.token_id is not None and not await self._is_first(said.token_id, said.expires_at):
            raise InvalidTokenError("the site token was used before")
        return said.customer_id

    def verify(self, token: str) -> SiteToken:
        """What a token says that is signed, current and meant for us; InvalidTokenError otherwise."""
        if len(token) > MAX_TOKEN_CHARS:
            raise InvalidTokenError("the site token is too long")
        try:
            kid = jwt.get_unverified_header(token)["kid"]
            site_key = self._keys[kid]
            claims = jwt.decode(
                token,
                site_key.key,
                algorithms=[site_key.algorithm],
                audience=self._audience,
                # The times are checked below, by the injected clock.
                options={
                    "require": ["sub", "aud", "iat", "exp"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
            issued, expires = float(claims["iat"]), float(claims["exp"])
            not_before = float(claims.get("nbf", issued))
        except (jwt.PyJWTError, KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
            raise InvalidTokenError("the site token cannot be verified") from error
        now = self._clock().timestamp()
        is_current = max(issued, not_before) - MAX_SKEW_S <= now < expires
        if not is_current or not 0 < expires - issued <= MAX_TTL_S:
            raise InvalidTokenError("the site token is not current")
        customer_id, token_id = claims["sub"], claims.get("jti")
        if not _is_text(customer_id, MAX_CUSTOMER_ID_CHARS):
            raise InvalidTokenError("the site token names nobody")
        if token_id is not None and not _is_text(token_id, _MAX_ID_CHARS):
            raise InvalidTokenError("the id of the site token is none")
        expires_at = datetime.fromtimestamp(expires, timezone.utc)
        return SiteToken(customer_id, expires_at, None if token_id is None else f"{kid}\n{token_id}")

    async def _is_first(self, token_id: str, expires_at: datetime) -> bool:
        """Note that a token is used; False when it was. Tokens that have ended are forgotten: nobody takes them."""
        table, token_hash = used_site_tokens, sha256(token_id.encode()).hexdigest()
        async with self._db.write() as connection:
            await connection.execute(delete(table).where(table.c.expires_at <= self._clock()))
            return await insert_new(connection, table, token_hash=token_hash, expires_at=expires_at)


def _is_text(value: object, most: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= most and value.isprintable()
