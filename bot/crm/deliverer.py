"""Brings the outbox to the CRM: at once after a commit, and again and again while the CRM is away."""

import asyncio
import contextlib
import traceback

import structlog

from bot import metrics
from bot.crm.errors import CrmRejectedError, CrmUnavailableError, UnknownWriteError
from bot.crm.outbox import CrmOutbox, Due
from bot.crm.port import Crm
from bot.identity.policy import permit
from bot.identity.principal import SYSTEM
from bot.storage.leases import Lease

_log = structlog.get_logger(__name__)


class OutboxDeliverer:
    """Every process that adds writes runs one; the lease lets one of them deliver at a time."""

    def __init__(
        self,
        outbox: CrmOutbox,
        crm: Crm,
        lease: Lease,
        *,
        write_s: float,
        look_s: float,
        retry_first_s: float,
        retry_most_s: float,
    ) -> None:
        """It looks every `look_s` seconds; pauses between tries double from `retry_first_s` up to `retry_most_s`.

        A write takes `write_s` at most. The lease must last longer, so that none is on its way twice at once.
        """
        self._outbox = outbox
        self._crm = crm
        self._lease = lease
        self._write_s = write_s
        self._look_s = look_s
        self._retry_first_s = retry_first_s
        self._retry_most_s = retry_most_s

    async def run(self) -> None:
        """Deliver until cancelled; what goes wrong is logged and tried again."""
        while True:
            try:
                await self.deliver()
            except Exception:
                _log.exception("crm_outbox_failed")
            await self._outbox.news(self._look_s)

    async def deliver(self) -> int:
        """Deliver what is due, in order; how many writes the CRM took. 0 while another process is at it."""
        taken = 0
        if await self._outbox.due() is not None:
            try:
                while await self._lease.take() and (due := await self._outbox.due()) is not None:
                    taken += await self._try(due)
            except CrmUnavailableError:
                pass  # a CRM that is away is not asked for each write
            finally:
                await self._lease.release()
        waiting, parked = await self._outbox.counts()
        metrics.CRM_OUTBOX.labels(state="waiting").set(waiting)
        metrics.CRM_OUTBOX.labels(state="parked").set(parked)
        return taken

    async def _try(self, due: Due) -> bool:
        """Whether the CRM took it. Raises CrmUnavailableError once it has been put off."""
        context = {"write_id": due.write_id, "kind": due.write.kind, "subject": due.write.subject}
        with contextlib.suppress(UnknownWriteError):  # discarded meanwhile
            try:
                await self._deliver(due)
            except CrmRejectedError as error:
                _log.error("crm_write_parked", **context, error=str(error))
                await self._outbox.park(due, str(error))
            except CrmUnavailableError as error:
                pause = max(error.retry_after_s or 0, self._pause(due.attempts))
                _log.warning("crm_write_delayed", **context, error=str(error), again_in_s=pause)
                await self._outbox.failed(due, str(error), again_in_s=pause)
                raise
            else:
                await self._outbox.delivered(due.write_id)
                return True
        return False

    async def _deliver(self, due: Due) -> None:
        """What no adapter foresaw puts a write off like an outage: others must not wait behind it for ever."""
        permit(SYSTEM, "crm.deliver")
        try:
            async with asyncio.timeout(self._write_s):
                await due.write.deliver(self._crm)
        except TimeoutError:
            raise CrmUnavailableError(f"not done within {self._write_s:g} s") from None
        except (CrmRejectedError, CrmUnavailableError):
            raise
        except Exception as error:
            # Only its kind and place: the message of an error that nobody foresaw may say anything.
            place = traceback.extract_tb(error.__traceback__)[-1]
            raise CrmUnavailableError(f"{type(error).__name__} at {place.name}:{place.lineno}") from None

    def _pause(self, attempts: int) -> float:
        return min(self._retry_first_s * 2.0 ** min(attempts, 30), self._retry_most_s)
