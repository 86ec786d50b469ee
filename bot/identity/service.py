"""Who is on the other side, and the one-time code that proves it."""

import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from bot.clock import Clock
from bot.crm.errors import CrmError
from bot.crm.service import CrmService
from bot.identity.bindings import Bindings
from bot.identity.challenges import Challenges
from bot.identity.errors import UnknownCustomerError
from bot.identity.policy import LONGEST_STEP_UP_S, permit, require
from bot.identity.principal import SYSTEM, Level, Principal
from bot.identity.sms import SmsSender
from bot.privacy.audit import CUSTOMER, Audit
from bot.privacy.errors import UnknownPlaceholderError
from bot.privacy.findings import Kind
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
class Standing:
    """What a customer may know of the own identity check."""

    masked_phone: str | None
    """None where the CRM has no such customer, or does not answer."""
    bound_at: datetime
    verified_until: datetime | None
    """Until when the last code is good for anything; None when it is not."""


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
        crm: CrmService,
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

    async def customers(self, conversation_ids: Sequence[str]) -> dict[str, str]:
        """Conversation → customer, of those that are somebody's; for lists, which tell no more than masked names."""
        return await self._bindings.customers(conversation_ids)

    async def bind(self, conversation_id: str, customer_id: str) -> None:
        """Level 1: the caller has verified, by a site token or a bound openid, that this is the customer."""
        await self._bindings.bind(conversation_id, customer_id)
        reason = "the channel has verified the customer"
        await self._audit.record(SYSTEM.actor, "identity.bind", customer_id, conversation_id, {}, reason=reason)

    async def unbind(self, conversation_id: str) -> None:
        """Level 0 again, for a customer whose code was passed moments ago; raises AssuranceRequiredError."""
        who = await self.principal(conversation_id)
        require(who, "binding.end", self._clock())
        await self._end_binding(who, who.actor, "identity.unbind")

    async def end_session(self, conversation_id: str) -> None:
        """Level 0 again where the binding is a session's and not a lasting one; nothing happens to a stranger."""
        who = await self.principal(conversation_id)
        require(who, "session.end", self._clock())
        await self._end_binding(who, who.actor, "identity.sign_out")

    async def expire_binding(self, conversation_id: str) -> bool:
        """Level 0 again for somebody who left; False when nobody was bound."""
        permit(SYSTEM, "binding.expire")
        who, reason = await self.principal(conversation_id), "unfollowed for good"
        return await self._end_binding(who, SYSTEM.actor, "identity.unbind", reason=reason)

    async def end_step_up(self, conversation_id: str) -> bool:
        """Level 1 again; False when no code was in force."""
        who = await self.principal(conversation_id)
        require(who, "step_up.end", self._clock())
        if who.level < Level.STEPPED_UP:
            return False
        await self._audit.record(who.actor, "identity.step_down", who.customer_id, conversation_id, {})
        await self._bindings.drop_step_up(conversation_id)
        return True

    async def standing(self, conversation_id: str) -> Standing | None:
        """Who is bound, for the customer to see; None when nobody is."""
        binding = await self._bindings.of(conversation_id)
        if binding is None:
            return None
        who = await self.principal(conversation_id)
        try:
            profile = await self._crm.own_profile(who, "phone.show")
        except CrmError:
            profile = None
        until = None
        if who.level is Level.STEPPED_UP and who.stepped_up_at is not None:
            until = who.stepped_up_at + timedelta(seconds=LONGEST_STEP_UP_S)
        return Standing(mask_phone(profile.phone) if profile else None, binding.bound_at, until)

    async def start_challenge(self, conversation_id: str, *, resume: str, phone: str | None = None) -> ChallengeSent:
        """Send a code to the bound customer's phone on file, else to `phone`, a placeholder the customer typed.

        `resume` is the payload to go on with once the code has passed. A number that is no customer's behaves
        like any other, except that nothing is sent and no code passes. Raises UnknownCustomerError,
        ChallengeLockedError, ResendTooSoonError, TooManyCodesError, SmsUnavailableError.
        """
        self._sms.require()
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

    async def answer_challenge(self, conversation_id: str, code: str, *, step_up: bool = True) -> ChallengeOutcome:
        """Try the code; when it passes, the conversation is the customer's at level 2.

        Without `step_up` it is the customer's at level 1 only, for a channel that binds on a page of its own.
        """
        answered = await self._challenges.answer(conversation_id, code)
        if answered.customer_id is not None:
            proved_at = self._clock() if step_up else None
            await self._bindings.bind(conversation_id, answered.customer_id, stepped_up_at=proved_at)
            what = "identity.step_up" if step_up else "identity.bind"
            await self._audit.record(CUSTOMER, what, answered.customer_id, conversation_id, {})
        return ChallengeOutcome(answered.result, answered.tries_left, answered.resume)

    async def _target(self, conversation_id: str, placeholder: str | None) -> _Target:
        who = await self.principal(conversation_id)
        bound = who.customer_id
        if bound is not None:
            profile = await self._crm.own_profile(who, "phone.challenge")
            if profile is None:
                raise UnknownCustomerError("the bound customer is not in the CRM")
            return _Target(profile.phone, f"customer:{bound}", bound, bound=True)
        if placeholder is None:
            raise UnknownCustomerError("nobody is bound and no phone was given")
        try:
            phone = await self._vault.open(conversation_id, placeholder, kind=Kind.MOBILE)
        except UnknownPlaceholderError as error:
            raise UnknownCustomerError("no phone is sealed under this placeholder") from error
        customer_id = await self._crm.find_by_phone(phone, conversation_id)
        subject = f"customer:{customer_id}" if customer_id else f"phone:{self._fingerprint(phone)}"
        return _Target(phone, subject, customer_id, bound=False)

    def _fingerprint(self, phone: str) -> str:
        return hmac.digest(self._phone_key, phone.encode(), sha256).hex()

    async def _end_binding(self, who: Principal, actor: str, action: str, *, reason: str | None = None) -> bool:
        if who.customer_id is None:
            return False
        await self._bindings.unbind(who.conversation_id)
        await self._audit.record(actor, action, who.customer_id, who.conversation_id, {}, reason=reason)
        return True
