"""Sending short messages through the bank's SMS gateway over HTTP (docs/identity.md, "SMS gateway")."""

import asyncio
import json
import secrets
from uuid import uuid4

import httpx
import structlog

from bot import metrics
from bot.clock import Clock
from bot.identity.errors import IdentityError, SmsRefusedError, SmsUnavailableError
from bot.identity.sms_signature import KEY_HEADER, NONCE_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, sign

_log = structlog.get_logger(__name__)
_PAUSES_S = (0.5, 2.0)
"""Before the second and the third try, the last."""


class HttpSms:
    """An `SmsSender` that delivers in the background: nobody can tell by the time it takes whether anything is sent."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        clock: Clock,
        *,
        url: str,
        key_id: str,
        secret: str,
        timeout_s: float,
        pauses_s: tuple[float, ...] = _PAUSES_S,
    ) -> None:
        """`timeout_s` is for one try; there is one more try than there are pauses."""
        self._http = http
        self._clock = clock
        self._url = url
        self._key_id = key_id
        self._secret = secret
        self._timeout_s = timeout_s
        self._pauses_s = pauses_s
        self._deliveries: set[asyncio.Task[None]] = set()

    def require(self) -> None:
        """It is configured; whether the gateway answers is known only when it is asked."""

    async def send(self, phone: str, text: str) -> None:
        """Begin the delivery and return. A failure is logged and counted; the customer asks for another code."""
        message_id = uuid4().hex
        body = json.dumps({"message_id": message_id, "phone": phone, "text": text}, ensure_ascii=False).encode()
        task = asyncio.create_task(self._deliver(message_id, body))
        self._deliveries.add(task)
        task.add_done_callback(self._deliveries.discard)

    async def close(self) -> None:
        """Wait for what was handed over; no longer than all tries of one message take."""
        await asyncio.gather(*self._deliveries)

    async def _deliver(self, message_id: str, body: bytes) -> None:
        outcome = "sent"
        try:
            await self._persist(body)
        except IdentityError as error:
            outcome = "refused" if isinstance(error, SmsRefusedError) else "unavailable"
            _log.warning(error.code, message_id=message_id, cause=str(error))
        except Exception as error:  # a background task has nobody else to tell; its text might hold the message
            outcome = "failed"
            _log.error("sms_failed", message_id=message_id, cause=type(error).__name__)
        metrics.SMS.labels(outcome=outcome).inc()

    async def _persist(self, body: bytes) -> None:
        """Several tries with one `message_id`, so that the gateway sends one message."""
        for pause_s in self._pauses_s:
            try:
                return await self._post(body)
            except SmsUnavailableError:
                await asyncio.sleep(pause_s)
        return await self._post(body)

    async def _post(self, body: bytes) -> None:
        """One try, signed anew. Raises SmsUnavailableError (may pass later) or SmsRefusedError (will not)."""
        try:
            async with asyncio.timeout(self._timeout_s):
                response = await self._http.post(
                    self._url, content=body, headers=self._headers(body), timeout=self._timeout_s
                )
        except (httpx.HTTPError, TimeoutError) as error:
            raise SmsUnavailableError(type(error).__name__) from error
        status = response.status_code
        if status in (408, 429) or status >= 500:
            raise SmsUnavailableError(f"status {status}")
        if not response.is_success:
            raise SmsRefusedError(f"status {status}")

    def _headers(self, body: bytes) -> dict[str, str]:
        timestamp, nonce = int(self._clock().timestamp()), secrets.token_hex(16)
        return {
            "Content-Type": "application/json",
            KEY_HEADER: self._key_id,
            TIMESTAMP_HEADER: str(timestamp),
            NONCE_HEADER: nonce,
            SIGNATURE_HEADER: sign(self._secret, timestamp, nonce, body),
        }
