from datetime import timedelta

import jwt
import pytest

from bot.identity.errors import InvalidTokenError
from bot.identity.tokens import SiteTokens
from tests.fakes.clock import FakeClock

OLD, NEW = "old-key " * 8, "new-key " * 8


@pytest.fixture
def tokens(clock: FakeClock) -> SiteTokens:
    return SiteTokens({"old": OLD, "new": NEW}, "zhanggui", clock)


def signed(
    clock: FakeClock, key: str = NEW, kid: str | None = "new", algorithm: str = "HS256", **changed: object
) -> str:
    claims = {"sub": "C1", "aud": "zhanggui", "iat": clock(), "exp": clock() + timedelta(seconds=300)} | changed
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid} if kid else None)


@pytest.mark.parametrize("kid", ["old", "new"])
def test_a_token_names_its_customer_while_its_key_is_known(tokens: SiteTokens, kid: str) -> None:
    assert tokens.verify(tokens.issue("C1", kid=kid)) == "C1"


def test_a_token_expires(tokens: SiteTokens, clock: FakeClock) -> None:
    token = tokens.issue("C1", kid="new", ttl_s=60)
    clock.advance(59)
    assert tokens.verify(token) == "C1"
    clock.advance(1)
    with pytest.raises(InvalidTokenError):
        tokens.verify(token)


def test_a_token_is_not_from_the_future(tokens: SiteTokens, clock: FakeClock) -> None:
    later = clock() + timedelta(seconds=20)
    assert tokens.verify(signed(clock, iat=later)) == "C1"
    later = clock() + timedelta(seconds=31)
    with pytest.raises(InvalidTokenError):
        tokens.verify(signed(clock, iat=later, exp=later + timedelta(seconds=60)))


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "somebody-else"},
        {"aud": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "C" * 65},
        {"exp": None},
        {"iat": None},
        {"exp": 4102444800},
        {"key": OLD},
        {"kid": "unknown"},
        {"kid": None},
        {"algorithm": "HS384"},
        {"key": "", "algorithm": "none"},
    ],
)
def test_other_tokens_are_refused(tokens: SiteTokens, clock: FakeClock, changed: dict) -> None:
    with pytest.raises(InvalidTokenError):
        tokens.verify(signed(clock, **changed))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e30.e30.", "令牌", "." * 1000])
def test_nonsense_is_refused(tokens: SiteTokens, token: str) -> None:
    with pytest.raises(InvalidTokenError):
        tokens.verify(token)


def test_a_changed_token_is_refused(tokens: SiteTokens) -> None:
    head, _, signature = tokens.issue("C1", kid="new").split(".")
    _, body, _ = tokens.issue("C2", kid="new").split(".")
    with pytest.raises(InvalidTokenError):
        tokens.verify(f"{head}.{body}.{signature}")


@pytest.mark.parametrize("ttl_s", [0, -1, 301])
def test_no_token_lives_longer_than_five_minutes(tokens: SiteTokens, ttl_s: int) -> None:
    with pytest.raises(ValueError, match="1 to 300 seconds"):
        tokens.issue("C1", kid="new", ttl_s=ttl_s)
