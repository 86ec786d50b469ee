"""Against the RFC's own vectors, and what goes beyond them: drift, one use, recovery codes."""

from datetime import datetime, timezone

import pyotp
import pytest
from sqlalchemy import select, update

from bot.application import Gateway
from bot.staff.errors import WrongCodeError
from bot.staff.models import Agent
from bot.staff.tables import agents, recovery_codes
from bot.staff.totp import OneTimePasswords
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.staff.people import hire

SECRET = "a-secret-of-at-least-32-characters!"
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture
def codes(db: Database, clock: FakeClock) -> OneTimePasswords:
    return OneTimePasswords(db, clock, SECRET, issuer="掌柜银行")


@pytest.fixture
async def lin(gateway: Gateway) -> Agent:
    return await hire(gateway, "lin")


def code_at(secret: str, clock: FakeClock, *, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(clock().timestamp() + 30 * steps)


@pytest.mark.parametrize(
    ("second", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
async def test_the_vectors_of_rfc_6238(db: Database, clock: FakeClock, lin: Agent, second: int, code: str) -> None:
    codes = OneTimePasswords(db, clock, SECRET, issuer="掌柜银行", new_secret=lambda: RFC_SECRET)
    await codes.begin(lin)
    clock.now = datetime.fromtimestamp(second, timezone.utc)
    await codes.confirm(lin, code)


async def test_the_uri_names_bank_and_login(codes: OneTimePasswords, lin: Agent) -> None:
    begun = await codes.begin(lin)
    parsed = pyotp.parse_uri(begun.uri)
    assert (parsed.name, parsed.issuer, parsed.secret) == ("lin", "掌柜银行", begun.secret)


@pytest.mark.parametrize("steps", [-1, 0, 1])
async def test_one_step_of_drift_is_allowed(codes: OneTimePasswords, clock: FakeClock, lin: Agent, steps: int) -> None:
    begun = await codes.begin(lin)
    assert len(set(await codes.confirm(lin, code_at(begun.secret, clock, steps=steps)))) == 10


@pytest.mark.parametrize("steps", [-2, 2])
async def test_two_steps_are_not(codes: OneTimePasswords, clock: FakeClock, lin: Agent, steps: int) -> None:
    begun = await codes.begin(lin)
    with pytest.raises(WrongCodeError):
        await codes.confirm(lin, code_at(begun.secret, clock, steps=steps))


async def test_a_code_is_accepted_once_and_none_before_it(
    codes: OneTimePasswords, clock: FakeClock, lin: Agent
) -> None:
    secret = (await codes.begin(lin)).secret
    await codes.confirm(lin, code_at(secret, clock))
    for steps in (0, -1):
        with pytest.raises(WrongCodeError):
            await codes.verify(lin, code_at(secret, clock, steps=steps))
    assert not await codes.verify(lin, code_at(secret, clock, steps=1))


async def test_a_recovery_code_works_once_however_it_is_typed(
    codes: OneTimePasswords, clock: FakeClock, lin: Agent
) -> None:
    secret = (await codes.begin(lin)).secret
    first, second, *_ = await codes.confirm(lin, code_at(secret, clock))
    assert await codes.verify(lin, f" {first.upper()}".replace("-", " "))
    assert await codes.verify(lin, second)
    with pytest.raises(WrongCodeError):
        await codes.verify(lin, first)


async def test_one_persons_recovery_code_is_no_other_persons(
    codes: OneTimePasswords, clock: FakeClock, lin: Agent, gateway: Gateway
) -> None:
    zhou = await hire(gateway, "zhou")
    first, *_ = await codes.confirm(lin, code_at((await codes.begin(lin)).secret, clock))
    with pytest.raises(WrongCodeError):
        await codes.verify(zhou, first)


async def test_nothing_readable_is_kept(codes: OneTimePasswords, clock: FakeClock, lin: Agent, db: Database) -> None:
    secret = (await codes.begin(lin)).secret
    made = await codes.confirm(lin, code_at(secret, clock))
    async with db.read() as connection:
        sealed = await connection.scalar(select(agents.c.totp_sealed))
        kept = list(await connection.scalars(select(recovery_codes.c.code_hash)))
    assert secret.encode() not in sealed
    assert len(kept) == 10
    assert not {code.replace("-", "") for code in made} & set(kept)


async def test_a_sealed_secret_is_of_no_use_to_another_account(
    codes: OneTimePasswords, clock: FakeClock, lin: Agent, gateway: Gateway, db: Database
) -> None:
    zhou = await hire(gateway, "zhou")
    secret = (await codes.begin(lin)).secret
    async with db.write() as connection:
        sealed = await connection.scalar(select(agents.c.totp_sealed).where(agents.c.login == "lin"))
        await connection.execute(update(agents).where(agents.c.login == "zhou").values(totp_sealed=sealed))
    with pytest.raises(WrongCodeError):
        await codes.verify(zhou, code_at(secret, clock))
