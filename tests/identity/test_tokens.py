"""Site tokens: whose signature counts, for how long, for whom, and how often."""

import asyncio
import hmac
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from sqlalchemy import func, select

from bot.identity.errors import InvalidTokenError
from bot.identity.tables import used_site_tokens
from bot.identity.tokens import SiteTokens
from bot.storage.database import Database
from tests.fakes.clock import FakeClock

OLD, NEW = "old-key " * 8, "new-key " * 8
PRIVATE_KEYS: dict[str, Any] = {
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "RS256": rsa.generate_private_key(65537, 2048),
}


@pytest.fixture
def tokens(db: Database, clock: FakeClock) -> SiteTokens:
    return SiteTokens({"old": OLD, "new": NEW}, "zhanggui", db, clock)


def pem(private_key: Any) -> str:
    """The public half."""
    public_key = private_key.public_key()
    return str(public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


def signed(clock: FakeClock, key: Any = NEW, kid: Any = "new", algorithm: str = "HS256", **changed: object) -> str:
    claims = {"sub": "C1", "aud": "zhanggui", "iat": clock(), "exp": clock() + timedelta(seconds=300)} | changed
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid} if kid else None)


@pytest.mark.parametrize("kid", ["old", "new"])
async def test_a_token_names_its_customer_while_its_key_is_known(tokens: SiteTokens, kid: str) -> None:
    assert await tokens.redeem(tokens.issue("C1", kid=kid)) == "C1"


def test_a_key_that_was_taken_away_signs_no_more(tokens: SiteTokens, db: Database, clock: FakeClock) -> None:
    token = tokens.issue("C1", kid="old")
    with pytest.raises(InvalidTokenError):
        SiteTokens({"new": NEW}, "zhanggui", db, clock).verify(token)


def test_a_token_expires(tokens: SiteTokens, clock: FakeClock) -> None:
    token = tokens.issue("C1", kid="new", ttl_s=60)
    clock.advance(59)
    assert tokens.verify(token).customer_id == "C1"
    clock.advance(1)
    with pytest.raises(InvalidTokenError):
        tokens.verify(token)


@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_a_token_is_not_from_the_future(tokens: SiteTokens, clock: FakeClock, claim: str) -> None:
    until = clock() + timedelta(seconds=90)
    assert tokens.verify(signed(clock, exp=until, **{claim: clock() + timedelta(seconds=20)})).customer_id == "C1"
    with pytest.raises(InvalidTokenError):
        tokens.verify(signed(clock, exp=until, **{claim: clock() + timedelta(seconds=31)}))


def test_a_token_lives_five_minutes_and_not_a_second_longer(tokens: SiteTokens, clock: FakeClock) -> None:
    tokens.verify(signed(clock, exp=clock() + timedelta(seconds=300)))
    with pytest.raises(InvalidTokenError):
        tokens.verify(signed(clock, exp=clock() + timedelta(seconds=301)))


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "somebody-else"},
        {"aud": ["somebody-else"]},
        {"aud": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "C" * 65},
        {"exp": None},
        {"iat": None},
        {"exp": 4102444800},
        {"exp": 0},
        {"exp": float("inf")},
        {"iat": float("nan")},
        {"iat": 10**400},
        {"exp": "soon"},
        {"jti": 7},
        {"jti": ""},
        {"jti": "x" * 256},
        {"key": OLD},
        {"kid": "unknown"},
        {"kid": None},
        {"kid": ""},
        {"algorithm": "HS384"},
        {"algorithm": "HS512"},
        {"key": "", "algorithm": "none"},
        {"key": PRIVATE_KEYS["RS256"], "algorithm": "RS256"},
        {"note": "x" * 4096},
    ],
)
def test_other_tokens_are_refused(tokens: SiteTokens, clock: FakeClock, changed: dict[str, Any]) -> None:
    with pytest.raises(InvalidTokenError):
        tokens.verify(signed(clock, **changed))


@pytest.mark.parametrize("sub", [1001, ["C1"], {"id": "C1"}, True])
def test_a_customer_is_named_by_a_text(tokens: SiteTokens, clock: FakeClock, sub: Any) -> None:
    header = {"alg": "HS256", "kid": "new"}
    now = int(clock().timestamp())
    claims = {"sub": sub, "aud": "zhanggui", "iat": now, "exp": now + 60}
    token = jwt.PyJWS().encode(jwt.utils.force_bytes(_json(claims)), NEW, algorithm="HS256", headers=header)
    with pytest.raises(InvalidTokenError):
        tokens.verify(token)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e30.e30.", "令牌", "." * 1000, "a" * 100_000])
def test_nonsense_is_refused(tokens: SiteTokens, token: str) -> None:
    with pytest.raises(InvalidTokenError):
        tokens.verify(token)


def test_a_changed_token_is_refused(tokens: SiteTokens) -> None:
    head, _, signature = tokens.issue("C1", kid="new").split(".")
    _, body, _ = tokens.issue("C2", kid="new").split(".")
    with pytest.raises(InvalidTokenError):
        tokens.verify(f"{head}.{body}.{signature}")


@pytest.mark.parametrize("ttl_s", [0, -1, 301])
def test_no_token_is_issued_for_longer_than_five_minutes(tokens: SiteTokens, ttl_s: int) -> None:
    with pytest.raises(ValueError, match="1 to 300 seconds"):
        tokens.issue("C1", kid="new", ttl_s=ttl_s)


class TestOnce:
    async def test_a_token_with_an_id_is_taken_once(self, tokens: SiteTokens, clock: FakeClock) -> None:
        token = signed(clock, jti="page-1")
        assert await tokens.redeem(token) == "C1"
        with pytest.raises(InvalidTokenError, match="used before"):
            await tokens.redeem(token)
        assert await tokens.redeem(signed(clock, jti="page-2")) == "C1"

    async def test_of_many_at_once_one_is_taken(self, tokens: SiteTokens, clock: FakeClock) -> None:
        token = signed(clock, jti="page-1")
        taken = await asyncio.gather(*(tokens.redeem(token) for _ in range(6)), return_exceptions=True)
        assert sorted(map(str, taken)) == ["C1"] + ["the site token was used before"] * 5

    async def test_ids_are_each_keys_own(self, tokens: SiteTokens, clock: FakeClock) -> None:
        for kid, key in (("old", OLD), ("new", NEW)):
            assert await tokens.redeem(signed(clock, kid=kid, key=key, jti="1")) == "C1"

    async def test_without_an_id_it_may_be_taken_again_while_it_lives(
        self, tokens: SiteTokens, clock: FakeClock
    ) -> None:
        token = signed(clock)
        for _ in range(2):
            assert await tokens.redeem(token) == "C1"

    async def test_a_bad_token_uses_up_no_id(self, tokens: SiteTokens, clock: FakeClock) -> None:
        with pytest.raises(InvalidTokenError):
            await tokens.redeem(signed(clock, jti="page-1", key=OLD))
        assert await tokens.redeem(signed(clock, jti="page-1")) == "C1"

    async def test_ended_tokens_are_forgotten(self, tokens: SiteTokens, clock: FakeClock, db: Database) -> None:
        await tokens.redeem(signed(clock, jti="page-1"))
        clock.advance(300)
        await tokens.redeem(signed(clock, jti="page-2"))
        async with db.read() as connection:
            assert (await connection.execute(select(func.count()).select_from(used_site_tokens))).scalar_one() == 1


class TestPublicKeys:
    """The bank's site signs with a private key of its own; we know the public half only."""

    @pytest.mark.parametrize("algorithm", PRIVATE_KEYS)
    def test_the_key_decides_the_algorithm(self, db: Database, clock: FakeClock, algorithm: str) -> None:
        private_key = PRIVATE_KEYS[algorithm]
        tokens = SiteTokens({"site": pem(private_key)}, "zhanggui", db, clock)
        assert tokens.verify(signed(clock, private_key, "site", algorithm)).customer_id == "C1"

    @pytest.mark.parametrize("algorithm", PRIVATE_KEYS)
    def test_a_public_key_is_no_shared_secret(self, db: Database, clock: FakeClock, algorithm: str) -> None:
        """The classic: HS256 with the public key, which everybody knows, as the secret."""
        public_key = pem(PRIVATE_KEYS[algorithm])
        tokens = SiteTokens({"site": public_key}, "zhanggui", db, clock)
        now = int(clock().timestamp())
        claims = {"sub": "C1", "aud": "zhanggui", "iat": now, "exp": now + 60}
        forged = _hs256(claims, public_key, kid="site")
        with pytest.raises(InvalidTokenError):
            tokens.verify(forged)

    def test_another_pair_is_refused(self, db: Database, clock: FakeClock) -> None:
        tokens = SiteTokens({"site": pem(PRIVATE_KEYS["EdDSA"])}, "zhanggui", db, clock)
        with pytest.raises(InvalidTokenError):
            tokens.verify(signed(clock, ed25519.Ed25519PrivateKey.generate(), "site", "EdDSA"))

    @pytest.mark.parametrize(
        "key",
        [
            "short",
            pem(rsa.generate_private_key(65537, 1024)),
            pem(ec.generate_private_key(ec.SECP384R1())),
            PRIVATE_KEYS["EdDSA"].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
            "-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----",
        ],
    )
    def test_weak_and_other_keys_are_refused_at_the_start(self, db: Database, clock: FakeClock, key: str) -> None:
        with pytest.raises(ValueError, match=r"key|secret|PEM|load"):
            SiteTokens({"site": key}, "zhanggui", db, clock)


def _json(claims: dict[str, Any]) -> str:
    return json.dumps(claims)


def _hs256(claims: dict[str, Any], secret: str, *, kid: str) -> str:
    """A JWT put together by hand: PyJWT refuses to sign with a public key."""

    def part(data: bytes) -> str:
        return jwt.utils.base64url_encode(data).decode()

    head = part(_json({"alg": "HS256", "typ": "JWT", "kid": kid}).encode())
    body = part(_json(claims).encode())
    return f"{head}.{body}.{part(hmac.digest(secret.encode(), f'{head}.{body}'.encode(), 'sha256'))}"
