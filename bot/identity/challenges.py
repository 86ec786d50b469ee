"""One-time codes: kept as keyed hashes, passed once, guessed three times at most."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, and_, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.identity.errors import ChallengeLockedError, ResendTooSoonError, TooManyCodesError
from bot.identity.tables import challenge_limits, challenges
from bot.privacy.keys import derive_key
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.rows import insert_new

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Answered:
    """What became of a code; `customer_id` and `resume` are given when it passed."""

    result: Literal["passed", "wrong", "locked", "expired"]
    tries_left: int = 0
    customer_id: str | None = None
    resume: str | None = None


class Challenges:
    """Codes and the limits on them.

    Sending and failing are counted per subject (a customer, or a phone number that is nobody's), not per
    conversation: opening another conversation buys no further guess. Each count is taken with the subject's row
    locked, so that guesses sent all at once are counted one after another.
    """

    def __init__(self, db: Database, clock: Clock, settings: Settings, draw_code: Callable[[], str]) -> None:
        self._db = db
        self._clock = clock
        self._draw_code = draw_code
        self._key = derive_key(settings.secret_key.get_secret_value(), "identity.code")
        self._ttl = timedelta(seconds=settings.code_ttl_s)
        self._resend = timedelta(seconds=settings.code_resend_s)
        self._lock = timedelta(seconds=settings.code_lock_s)
        self._tries = settings.code_tries
        self._sends_per_day = settings.code_sends_per_day

    async def open(
        self, conversation_id: str, subject: str, customer_id: str | None, resume: str, *, bound: bool
    ) -> str:
        """A new code, which replaces any other of the conversation. With no customer it can never pass.

        Who is `bound` (signed in) to the conversation waits only for what this conversation has sent: another
        one's code is of no use here, and nobody but the customer can open more. Strangers wait per phone.
        The same goes for the sendings of a day: strangers use up their own, not those of the customer.
        Raises ChallengeLockedError, ResendTooSoonError and TooManyCodesError.
        """
        now = self._clock()
        async with self._db.write() as connection:
            limits = await self._limits(connection, subject)
            if limits.locked_until is not None and now < limits.locked_until:
                raise ChallengeLockedError(limits.locked_until)
            sent_at = await _on_its_way_since(connection, conversation_id) if bound else limits.sent_at
            if sent_at is not None and now < sent_at + self._resend:
                raise ResendTooSoonError(ceil((sent_at + self._resend - now).total_seconds()))
            await self._count_sendings(connection, conversation_id, subject, bound)
            code, challenge_id = self._draw_code(), uuid4().hex
            await _set_limits(connection, subject, sent_at=now)
            await connection.execute(
                update(challenges)
                .where(challenges.c.conversation_id == conversation_id, challenges.c.ended_at.is_(None))
                .values(ended_at=now)
            )
            await connection.execute(
                insert(challenges).values(
                    challenge_id=challenge_id,
                    conversation_id=conversation_id,
                    subject=subject,
                    customer_id=customer_id,
                    bound=bound,
                    code_hash=self._hash(challenge_id, code),
                    resume=resume,
                    sent_at=now,
                    expires_at=now + self._ttl,
                )
            )
        return code

    async def expects_code(self, conversation_id: str) -> bool:
        """Whether six digits typed now are meant as a code: one is open, or ended less than its lifetime ago."""
        async with self._db.read() as connection:
            challenge = await _latest(connection, conversation_id)
        return challenge is not None and self._clock() < (challenge.ended_at or challenge.expires_at) + self._ttl

    async def answer(self, conversation_id: str, code: str) -> Answered:
        """Try `code` on the conversation's open challenge."""
        now = self._clock()
        async with self._db.write() as connection:
            challenge = await _latest(connection, conversation_id)
            if challenge is None:
                return Answered("expired")
            limits = await self._limits(connection, challenge.subject)
            if limits.locked_until is not None and now < limits.locked_until:
                return Answered("locked")
            right = hmac.compare_digest(self._hash(challenge.challenge_id, code), challenge.code_hash)
            if right and challenge.customer_id is not None:
                if not await _use(connection, challenge.challenge_id, now):
                    return Answered("expired")
                await _set_limits(connection, challenge.subject, failures=0)
                return Answered("passed", self._tries, challenge.customer_id, challenge.resume)
            if challenge.ended_at is not None or challenge.expires_at <= now:
                return Answered("expired")
            return await self._count_failure(connection, limits, challenge.challenge_id, now)

    async def _count_sendings(
        self, connection: AsyncConnection, conversation_id: str, subject: str, bound: bool
    ) -> None:
        """Raises TooManyCodesError. Counted with the row of the subject locked, so that none slips through."""
        same_phone = and_(challenges.c.subject == subject, challenges.c.bound.is_(bound))
        of_today = challenges.c.sent_at > self._clock() - _DAY

        async def sent(which: ColumnElement[bool]) -> int:
            statement = select(func.count()).select_from(challenges).where(which, of_today)
            return (await connection.execute(statement)).scalar_one()

        counts = [await sent(same_phone), await sent(challenges.c.conversation_id == conversation_id)]
        if max(counts) >= self._sends_per_day:
            raise TooManyCodesError("enough codes for a day")

    async def _count_failure(
        self, connection: AsyncConnection, limits: Row[Any], challenge_id: str, now: datetime
    ) -> Answered:
        recent = limits.failed_at is not None and now < limits.failed_at + self._lock
        failures = limits.failures + 1 if recent else 1
        await _set_limits(connection, limits.subject, failures=failures, failed_at=now)
        if failures < self._tries:
            return Answered("wrong", self._tries - failures)
        await _set_limits(connection, limits.subject, failures=0, locked_until=now + self._lock)
        await _use(connection, challenge_id, now)
        return Answered("locked")

    async def _limits(self, connection: AsyncConnection, subject: str) -> Row[Any]:
        """The subject's row, locked until the transaction ends (on SQLite the whole database is)."""
        await insert_new(connection, challenge_limits, subject=subject, failures=0)
        statement = select(challenge_limits).where(challenge_limits.c.subject == subject).with_for_update()
        return (await connection.execute(statement)).one()

    def _hash(self, challenge_id: str, code: str) -> bytes:
        return hmac.digest(self._key, f"{challenge_id}:{code}".encode(), sha256)


async def _latest(connection: AsyncConnection, conversation_id: str) -> Row[Any] | None:
    statement = (
        select(challenges)
        .where(challenges.c.conversation_id == conversation_id)
        .order_by(challenges.c.sent_at.desc())
        .limit(1)
    )
    return (await connection.execute(statement)).one_or_none()


async def _on_its_way_since(connection: AsyncConnection, conversation_id: str) -> datetime | None:
    """When the code was sent that the conversation waits for; None when it has been used."""
    challenge = await _latest(connection, conversation_id)
    return challenge.sent_at if challenge is not None and challenge.ended_at is None else None


async def _use(connection: AsyncConnection, challenge_id: str, now: datetime) -> bool:
    """End the challenge; False when it had ended or expired already, so that one code passes one time only."""
    result = await connection.execute(
        update(challenges)
        .where(
            challenges.c.challenge_id == challenge_id,
            challenges.c.ended_at.is_(None),
            challenges.c.expires_at > now,
        )
        .values(ended_at=now)
    )
    return result.rowcount == 1


async def _set_limits(connection: AsyncConnection, subject: str, **values: Any) -> None:
    await connection.execute(update(challenge_limits).where(challenge_limits.c.subject == subject).values(**values))
