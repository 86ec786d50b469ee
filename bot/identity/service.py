"""Who is on the other side, and the one-time code that proves it."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Literal

from bot.clock import Clock
from bot.crm.port import Crm
from bot.identity.bindings import Bindings
from bot.identity.challenges import Challenges
from bot.identity.errors import UnknownCustomerError
from bot.identity.principal import Principal
from bot.identity.sms import SmsSender
from bot.privacy.audit import Audit
from bot.privacy.detect import Kind
from bot.privacy.errors import UnknownPlaceholderError
from bot.privacy.keys import derive_key
from bot.privacy.vault import Vault
from bot.settings import Settings
from bot.storage.database import Database
from bot.texts import Texts
from bot.wording import mask_phone


@dataclass(frozen=True)
class ChallengeSent:
    """What the customer is told after a code was sent: to which phone, and how long it holds."""

    masked_phone: str
    minutes: int


@dataclass(frozen=True)
class ChallengeOutcome:
    """What became of a code the customer typed; `resume` is what to go on with after it passed."""

    result: Literal["passed", "wrong", "locked", "expired"]
    tries_left: int
    resume: str | None


@dataclass(frozen=True)
class _Target:
    """Whom a code is meant for. No customer: the phone is nobody's, and nobody may notice."""

    phone: str
    subject: str
    customer_id: str | None
    bound: bool


def random_code() -> str:
    """Six digits nobody can foresee."""
    return f"{secrets.randbelow(1_000_000):06d}"


class IdentityService:
    """The only maker of principals. Binding and stepping up are audited."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        settings: Settings,
        *,
        crm: Crm,
        vault: Vault,
        sms: SmsSender,
        texts: Texts,
        audit: Audit,
        draw_code: Callable[[], str] = random_code,
    ) -> None:
        self._clock = clock
        self._settings = settings
        self._crm = crm
        self._vault = vault
        self._sms = sms
        self._texts = texts
        self._audit = audit
        self._bindings = Bindings(db, clock)
        self._challenges = Challenges(db, clock, settings, draw_code)
        self._phone_key = derive_key(settings.secret_key.get_secret_value(), "identity.phone")

    async def principal(self, conversation_id: str) -> Principal:
        """Who the conversation belongs to, at the level that holds at this moment."""
        return await self._bindings.principal(conversation_id)

    async def bind(self, conversation_id: str, customer_id: str) -> None:
        """Level 1: the caller has verified, by a site token or a bound openid, that this is the customer."""
        await self._bindings.bind(conversation_id, customer_id)
        await self._audit.record("system", "identity.bind", customer_id, conversation_id, {})

    async def unbind(self, conversation_id: str) -> None:
        """Level 0 again; nothing happens to an anonymous conversation."""
        who = await self.principal(conversation_id)
        if who.customer_id is not None:
            await self._bindings.unbind(conversation_id)
            await self._audit.record("system", "identity.unbind", who.customer_id, conversation_id, {})

    async def start_challenge(self, conversation_id: str, *, resume: str, phone: str | None = None) -> ChallengeSent:
        """Send a code to the bound customer's phone on file, else to `phone`, a placeholder the customer typed.

        `resume` is the payload to go on with once the code has passed. A number that is no customer's behaves
        like any other, except that nothing is sent and no code passes. Raises UnknownCustomerError,
        ChallengeLockedError, ResendTooSoonError.
        """
        target = await self._target(conversation_id, phone)
        code = await self._challenges.open(
            conversation_id, target.subject, target.customer_id, resume, bound=target.bound
        )
        minutes = self._settings.code_ttl_s // 60
        if target.customer_id is not None:
            await self._sms.send(target.phone, self._texts("utter_sms_code", code=code, minutes=minutes))
        return ChallengeSent(mask_phone(target.phone), minutes)

    async def expects_code(self, conversation_id: str) -> bool:
        """Whether six digits typed now belong here: a code is open, or ended less than its lifetime ago."""
        return await self._challenges.expects_code(conversation_id)

    async def answer_challenge(self, conversation_id: str, code: str) -> ChallengeOutcome:
        """Try the code; when it passes, the conversation is the customer's at level 2 for `step_up_s` seconds."""
        answered = await self._challenges.answer(conversation_id, code)
        if answered.customer_id is not None:
            until = self._clock() + timedelta(seconds=self._settings.step_up_s)
            await self._bindings.bind(conversation_id, answered.customer_id, stepped_up_until=until)
            await self._audit.record("customer", "identity.step_up", answered.customer_id, conversation_id, {})
        return ChallengeOutcome(answered.result, answered.tries_left, answered.resume)

    async def _target(self, conversation_id: str, placeholder: str | None) -> _Target:
        bound = (await self.principal(conversation_id)).customer_id
        if bound is not None:
            profile = await self._crm.profile(bound)
            if profile is None:
                raise UnknownCustomerError("the bound customer is not in the CRM")
            return _Target(profile.phone, f"customer:{bound}", bound, bound=True)
        if placeholder is None:
            raise UnknownCustomerError("nobody is bound and no phone was given")
        try:
            phone = await self._vault.open(conversation_id, placeholder, kind=Kind.MOBILE)
        except UnknownPlaceholderError as error:
            raise UnknownCustomerError("no phone is sealed under this placeholder") from error
        customer_id = await self._crm.find_by_phone(phone)
        subject = f"customer:{customer_id}" if customer_id else f"phone:{self._fingerprint(phone)}"
        return _Target(phone, subject, customer_id, bound=False)

    def _fingerprint(self, phone: str) -> str:
        return hmac.digest(self._phone_key, phone.encode(), sha256).hex()
