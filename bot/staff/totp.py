"""One-time passwords of an authenticator app (TOTP, RFC 6238: SHA-1, 6 digits, 30 s) and codes for when it is lost."""

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import pyotp
import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, insert, or_, select, update

from bot.bearer import digest
from bot.clock import Clock
from bot.privacy.keys import derive_key
from bot.staff.errors import WrongCodeError
from bot.staff.models import Agent
from bot.staff.tables import agents, recovery_codes
from bot.storage.database import Database

_log = structlog.get_logger(__name__)
_STEP_S = 30
_DRIFT_STEPS = 1
_RECOVERY_CODES = 10
_NONCE_BYTES = 12


@dataclass(frozen=True)
class Enrolment:
    """What the app has to learn."""

    secret: str
    """Base32, for typing."""
    uri: str
    """`otpauth://…`, for a QR code."""


class OneTimePasswords:
    """Keeps each person's secret encrypted, bound to the account, and accepts each code once."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        secret: str,
        *,
        issuer: str,
        new_secret: Callable[[], str] = pyotp.random_base32,
    ) -> None:
        """`issuer` is how the app names this bank."""
        self._db = db
        self._clock = clock
        self._cipher = AESGCM(derive_key(secret, "staff.totp"))
        self._issuer = issuer
        self._new_secret = new_secret

    async def begin(self, agent: Agent) -> Enrolment:
        """A new secret, good once a code of it has come back; an earlier one is forgotten."""
        secret = self._new_secret()
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, secret.encode(), agent.agent_id.encode())
        async with self._db.write() as connection:
            values = {"totp_sealed": sealed, "totp_since": None, "totp_last_step": None}
            await connection.execute(update(agents).where(agents.c.agent_id == agent.agent_id).values(values))
        uri = pyotp.TOTP(secret).provisioning_uri(name=agent.login, issuer_name=self._issuer)
        return Enrolment(secret, uri)

    async def confirm(self, agent: Agent, code: str) -> list[str]:
        """The app works: ten recovery codes, to be shown this once. Raises WrongCodeError."""
        await self._use(agent, code)
        codes = [_recovery_code() for _ in range(_RECOVERY_CODES)]
        async with self._db.write() as connection:
            values = {"totp_since": self._clock()}
            await connection.execute(update(agents).where(agents.c.agent_id == agent.agent_id).values(values))
            await connection.execute(delete(recovery_codes).where(recovery_codes.c.agent_id == agent.agent_id))
            rows = [{"agent_id": agent.agent_id, "code_hash": _hash(agent, code)} for code in codes]
            await connection.execute(insert(recovery_codes), rows)
        return codes

    async def verify(self, agent: Agent, code: str) -> bool:
        """Use up a code of the app, or a recovery code: says whether it was one of these. Raises WrongCodeError."""
        typed = code.replace(" ", "")
        if typed.isdecimal():
            await self._use(agent, typed)
            return False
        mine = recovery_codes.c.code_hash == _hash(agent, typed)
        async with self._db.write() as connection:
            if (await connection.execute(delete(recovery_codes).where(mine))).rowcount != 1:
                raise WrongCodeError("no such recovery code")
        return True

    async def _use(self, agent: Agent, code: str) -> None:
        query = select(agents.c.totp_sealed).where(agents.c.agent_id == agent.agent_id)
        async with self._db.read() as connection:
            sealed = await connection.scalar(query)
        if sealed is None:
            raise WrongCodeError("nothing is enrolled")
        step = self._step_of(self._opened(agent, sealed), code)
        unused = or_(agents.c.totp_last_step.is_(None), agents.c.totp_last_step < step)
        statement = update(agents).where(agents.c.agent_id == agent.agent_id, unused).values(totp_last_step=step)
        async with self._db.write() as connection:
            if (await connection.execute(statement)).rowcount != 1:
                raise WrongCodeError("this code, or a later one, was used before")

    def _opened(self, agent: Agent, sealed: bytes) -> str:
        try:
            nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            return self._cipher.decrypt(nonce, ciphertext, agent.agent_id.encode()).decode()
        except InvalidTag as error:  # SECRET_KEY has changed: an admin resets the app
            _log.error("totp_does_not_open", agent_id=agent.agent_id)
            raise WrongCodeError("the app's secret does not open") from error

    def _step_of(self, secret: str, code: str) -> int:
        """The step within the drift whose code this is."""
        now = int(self._clock().timestamp()) // _STEP_S
        app = pyotp.TOTP(secret)
        for step in range(now - _DRIFT_STEPS, now + _DRIFT_STEPS + 1):
            if pyotp.utils.strings_equal(app.generate_otp(step), code.strip()):
                return step
        raise WrongCodeError("wrong code")


def _recovery_code() -> str:
    """80 random bits as `abcd-efgh-ijkl-mnop`."""
    letters = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def _hash(agent: Agent, code: str) -> str:
    return digest(f"{agent.agent_id}:{code.lower().replace('-', '')}")
