"""Puts this subject's parts together."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.conversations.fanout import Fanout
from bot.privacy.audit import Audit
from bot.settings import Settings
from bot.staff.accounts import Accounts
from bot.staff.failures import Failures
from bot.staff.passwords import Passwords
from bot.staff.pending import PendingSignIns
from bot.staff.sessions import DeskSessions
from bot.staff.sign_in import SignIn
from bot.staff.totp import OneTimePasswords
from bot.storage.database import Database


@dataclass
class Staff:
    """The bank's people: their accounts, how they sign in, and their sessions."""

    accounts: Accounts
    sign_in: SignIn
    sessions: DeskSessions


def build_staff(settings: Settings, *, db: Database, clock: Clock, fanout: Fanout, audit: Audit) -> Staff:
    """For the gateway, the command line and the seeds."""
    secret = settings.secret_key.get_secret_value()
    passwords = Passwords()
    sessions = DeskSessions(db, clock, fanout, idle_s=settings.desk_idle_s, ttl_s=settings.desk_session_s)
    accounts = Accounts(db, clock, passwords, sessions, audit)
    sign_in = SignIn(
        accounts,
        passwords,
        OneTimePasswords(db, clock, secret, issuer=settings.brand_name),
        Failures(db, clock, secret, tries=settings.login_tries, lock_s=settings.login_lock_s),
        PendingSignIns(secret, clock),
        sessions,
        audit,
        totp_required=settings.desk_totp == "required",
    )
    return Staff(accounts, sign_in, sessions)
