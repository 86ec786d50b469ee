"""One access token for all workers: kept encrypted in the database, fetched by one of them at a time.

Services limit how often a token may be fetched (Zoho: ten in ten minutes, then they block; Fxiaoke: ten a minute and
never two at once), so every fetch is counted here before it is made.
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Row, select, update

from bot.clock import Clock
from bot.errors import UnavailableError, ZhangguiError
from bot.privacy.keys import derive_key
from bot.storage.database import Database
from bot.storage.rows import insert_new
from bot.tokens.tables import shared_tokens

_LEASE = timedelta(seconds=20)
_EARLY = timedelta(seconds=60)
"""A token is renewed this much before it ends, so that it does not end on the way."""
_POLL_S = 0.05
_POLLS = 200


@dataclass(frozen=True)
class Fetched:
    """What the service gave: the token, how long it lives, and what came with it (`api_domain`, `corpId`, …)."""

    token: str
    lives_s: int
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Limit:
    """At most `fetches` in any `window_s` seconds."""

    fetches: int
    window_s: int


class SharedToken:
    """Hands out the token named `name` and renews it when it ends or is refused."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        secret: str,
        *,
        name: str,
        limit: Limit,
        fetch: Callable[[], Awaitable[Fetched]],
        unavailable: Callable[[str, float | None], ZhangguiError],
    ) -> None:
        """`secret` is the installation's secret key; `fetch` asks the service.

        `unavailable` makes the error for "no token now" from a cause and the seconds to wait, where they are known.
        """
        self._db = db
        self._clock = clock
        self._cipher = AESGCM(derive_key(secret, "shared tokens"))
        self._name = name
        self._limit = limit
        self._fetch = fetch
        self._unavailable = unavailable
        self._renewal: asyncio.Task[Fetched] | None = None

    async def get(self, *, refused: str | None = None) -> Fetched:
        """A token that should be good; never `refused`, which the service has just turned down.

        Raises the unavailable error when none can be had now, with the time to wait if the limit is the reason, and
        whatever the fetch raises.
        """
        for _ in range(_POLLS):
            row = await self._row()
            if (kept := self._kept(row)) is not None and kept.token != refused:
                return kept
            if (holder := await self._take_lease(row)) is not None:
                # A caller who gives up must not waste the fetch: it is counted, and others wait for it.
                self._renewal = asyncio.create_task(self._renew(holder))
                self._renewal.add_done_callback(_hear)
                return await asyncio.shield(self._renewal)
            await asyncio.sleep(_POLL_S)  # somebody else is fetching it
        raise self._unavailable(f"no {self._name} token: another worker did not get one in time", None)

    async def _row(self) -> Row[Any]:
        statement = select(shared_tokens).where(shared_tokens.c.name == self._name)
        async with self._db.read() as connection:
            row = (await connection.execute(statement)).one_or_none()
        if row is not None:
            return row
        async with self._db.write() as connection:
            await insert_new(connection, shared_tokens, name=self._name, fetched_at=[])
            return (await connection.execute(statement)).one()

    def _kept(self, row: Row[Any]) -> Fetched | None:
        if row.sealed is None or row.ends_at - _EARLY <= self._clock():
            return None
        try:
            return Fetched(**json.loads(self._cipher.decrypt(row.sealed[:12], row.sealed[12:], self._name.encode())))
        except InvalidTag:
            return None  # written under another SECRET_KEY

    async def _take_lease(self, row: Row[Any]) -> str | None:
        """Our name as the one who fetches, None if somebody else does. Raises the unavailable error at the limit."""
        now = self._clock()
        if row.lease_until is not None and row.lease_until > now:
            return None
        earliest = now.timestamp() - self._limit.window_s
        recent = [at for at in row.fetched_at if at > earliest]
        if len(recent) >= self._limit.fetches:
            raise self._unavailable(f"{self._name} tokens fetched too often", recent[0] - earliest)
        holder = secrets.token_hex(8)
        same = shared_tokens.c.holder.is_(None) if row.holder is None else shared_tokens.c.holder == row.holder
        taken = (
            update(shared_tokens)
            .where(shared_tokens.c.name == self._name, same)
            .values(holder=holder, lease_until=now + _LEASE, fetched_at=[*recent, now.timestamp()])
        )
        async with self._db.write() as connection:
            return holder if (await connection.execute(taken)).rowcount == 1 else None

    async def _renew(self, holder: str) -> Fetched:
        ours = update(shared_tokens).where(shared_tokens.c.name == self._name, shared_tokens.c.holder == holder)
        try:
            fetched = await self._fetch()
        except BaseException as error:
            async with self._db.write() as connection:
                await connection.execute(ours.values(lease_until=None))
            if isinstance(error, UnavailableError):
                error.passes_soon = False  # fetches are counted: a second one at once would be wasted
            raise
        nonce = secrets.token_bytes(12)
        sealed = nonce + self._cipher.encrypt(nonce, json.dumps(asdict(fetched)).encode(), self._name.encode())
        ends_at = self._clock() + timedelta(seconds=fetched.lives_s)
        async with self._db.write() as connection:
            await connection.execute(ours.values(sealed=sealed, ends_at=ends_at, lease_until=None))
        return fetched


def _hear(renewal: asyncio.Task[Fetched]) -> None:
    """Take note of an error that the caller did not wait for, or asyncio would log it as forgotten."""
    if not renewal.cancelled():
        renewal.exception()
