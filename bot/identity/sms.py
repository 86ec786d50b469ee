"""Sending short messages to customers' phones."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import insert, select

from bot.clock import Clock
from bot.identity.errors import SmsUnavailableError
from bot.identity.tables import sms_outbox
from bot.storage.database import Database


class SmsSender(Protocol):
    """Hands a short message over and returns at once, without waiting for its delivery.

    Unknown phone numbers are sent nothing; a slow sender would let a stranger time who is a customer.
    """

    def require(self) -> None:
        """Raises SmsUnavailableError when nothing can be sent at all: asked first, or it would tell who is known."""
        ...

    async def send(self, phone: str, text: str) -> None:
        """`phone` is the 11-digit mobile number."""
        ...

    async def close(self) -> None:
        """Wait for what was handed over and is still on its way."""
        ...


@dataclass(frozen=True)
class SentSms:
    """A short message as the development outbox keeps it."""

    phone: str
    text: str
    sent_at: datetime


class ConsoleSms:
    """The development sender: prints the message and keeps it, in clear, for the demo page. Never for production."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def require(self) -> None:
        """It is always there."""

    async def send(self, phone: str, text: str) -> None:
        """Print one line and keep the message."""
        async with self._db.write() as connection:
            row = {"phone": phone, "text": text, "sent_at": self._clock()}
            await connection.execute(insert(sms_outbox).values(row))
        print(f"SMS to {phone}: {text}", flush=True)

    async def close(self) -> None:
        """Nothing is ever on its way."""

    async def latest(self, phone: str | None = None, limit: int = 5) -> list[SentSms]:
        """The messages last sent, newest first; to `phone` only, if given."""
        columns = (sms_outbox.c.phone, sms_outbox.c.text, sms_outbox.c.sent_at)
        statement = select(*columns).order_by(sms_outbox.c.id.desc()).limit(limit)
        if phone is not None:
            statement = statement.where(sms_outbox.c.phone == phone)
        async with self._db.read() as connection:
            return [SentSms(*row) for row in await connection.execute(statement)]


class NoSms:
    """An installation without an SMS gateway: refuses, so that the customer is handed to a person instead."""

    def require(self) -> None:
        """Raises SmsUnavailableError."""
        raise SmsUnavailableError("no SMS gateway is connected")

    async def send(self, phone: str, text: str) -> None:  # noqa: ARG002
        """Raises SmsUnavailableError."""
        self.require()

    async def close(self) -> None:
        """Nothing is ever on its way."""
