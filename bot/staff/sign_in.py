"""Signing in: password, then what else is wanted, one step after another, then a session."""

from dataclasses import dataclass
from typing import Literal

import structlog

from bot.privacy.audit import Audit
from bot.staff.accounts import AccountRow, Accounts, agent_of
from bot.staff.errors import LoginFailedError, PendingSignInError
from bot.staff.failures import Failures
from bot.staff.models import Agent, Device, Session
from bot.staff.passwords import Passwords
from bot.staff.pending import PendingSignIns, Proven
from bot.staff.sessions import DeskSessions
from bot.staff.totp import Enrolment, OneTimePasswords

Step = Literal["code", "password", "enrolment", "done"]
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Progress:
    """How far a sign-in is."""

    step: Step
    """What is wanted next: a code of the app, a password of one's own, an app to enrol; or nothing."""
    secret: str
    """Of the session once it is done, else what the next step has to show."""
    agent: Agent


class SignIn:
    """Every call raises LoginLockedError after too many wrong tries, and all but the first PendingSignInError when
    the sign-in was not begun, took too long or wants another step."""

    def __init__(
        self,
        accounts: Accounts,
        passwords: Passwords,
        codes: OneTimePasswords,
        failures: Failures,
        pending: PendingSignIns,
        sessions: DeskSessions,
        audit: Audit,
        *,
        totp_required: bool,
    ) -> None:
        """Without `totp_required` only those who have an app are asked for its code."""
        self._accounts = accounts
        self._passwords = passwords
        self._codes = codes
        self._failures = failures
        self._pending = pending
        self._sessions = sessions
        self._audit = audit
        self._totp_required = totp_required

    async def begin(self, login: str, password: str, device: Device) -> Progress:
        """Name and password. Raises LoginFailedError, after the same time whether the login exists or not."""
        await self._failures.count(login)
        row = await self._accounts.row_of(login=login)
        usable = row is not None and row.disabled_at is None
        if not await self._passwords.match(row.password_hash if row and usable else None, password) or row is None:
            raise LoginFailedError("unknown login, wrong password or disabled account")
        if self._passwords.is_outdated(row.password_hash):
            row = await self._accounts.rehash(row.agent_id, password)
        if row.totp_since is None:
            await self._failures.forget(login)
        else:
            await self._failures.take_back(login)
        return await self._progress(row, device, code=False)

    async def enter_code(self, pending: str, code: str, device: Device) -> Progress:
        """A code of the app, or a recovery code. Raises WrongCodeError."""
        row = await self._at(pending, "code")
        agent = agent_of(row)
        await self._failures.count(agent.login)
        if await self._codes.verify(agent, code):
            await self._audit.record(agent.actor, "staff.recovery_code", None, None, {"agent_id": agent.agent_id})
        await self._failures.forget(agent.login)
        return await self._progress(row, device, code=True)

    async def choose_password(self, pending: str, password: str, device: Device) -> Progress:
        """A password of one's own instead of the initial one. Raises WeakPasswordError."""
        row = await self._at(pending, "password")
        changed = await self._accounts.set_password(agent_of(row), password)
        return await self._progress(changed, device, code=self._pending.read(pending)[2])

    async def begin_enrolment(self, pending: str) -> Enrolment:
        """The secret for the app to learn, a new one each time."""
        return await self._codes.begin(agent_of(await self._at(pending, "enrolment")))

    async def confirm_enrolment(self, pending: str, code: str, device: Device) -> tuple[Progress, list[str]]:
        """The app's first code; with it come the recovery codes, this once. Raises WrongCodeError."""
        agent = agent_of(await self._at(pending, "enrolment"))
        await self._failures.count(agent.login)
        recovery_codes = await self._codes.confirm(agent, code)
        await self._failures.forget(agent.login)
        await self._audit.record(agent.actor, "staff.enrol", None, None, {"agent_id": agent.agent_id})
        row = await self._accounts.row_of(agent_id=agent.agent_id)
        assert row is not None  # accounts are disabled, never deleted
        return await self._progress(row, device, code=True), recovery_codes

    async def unlock(self, session: Session, password: str) -> None:
        """Open a locked session again. Raises LoginFailedError for a wrong password."""
        await self._require_password(session.agent, password)
        await self._sessions.used(session.session_id)

    async def change_password(self, agent: Agent, old: str, new: str) -> None:
        """Another password, which ends all sessions. Raises LoginFailedError for a wrong `old`, WeakPasswordError."""
        await self._require_password(agent, old)
        await self._accounts.set_password(agent, new)

    async def _require_password(self, agent: Agent, password: str) -> None:
        await self._failures.count(agent.login)
        row = await self._accounts.row_of(agent_id=agent.agent_id)
        if not await self._passwords.match(row.password_hash if row else None, password):
            raise LoginFailedError("wrong password")
        await self._failures.take_back(agent.login)

    async def _at(self, pending: str, step: Step) -> AccountRow:
        agent_id, stamp, code = self._pending.read(pending)
        row = await self._accounts.row_of(agent_id=agent_id)
        if row is None or row.disabled_at is not None or not self._pending.fits(stamp, row.password_hash):
            raise PendingSignInError("the account has changed meanwhile")
        if self._step(row, code=code) != step:
            raise PendingSignInError("another step is wanted")
        return row

    def _step(self, row: AccountRow, *, code: bool) -> Step:
        if row.totp_since is not None and not code:
            return "code"
        if row.must_change_password:
            return "password"
        return "enrolment" if self._totp_required and row.totp_since is None else "done"

    async def _progress(self, row: AccountRow, device: Device, *, code: bool) -> Progress:
        agent, step = agent_of(row), self._step(row, code=code)
        if step != "done":
            return Progress(step, self._pending.issue(Proven(agent.agent_id, row.password_hash, code)), agent)
        _log.info("signed_in", agent_id=agent.agent_id)
        return Progress(step, await self._sessions.open(agent, device), agent)
