"""Whatever is done to the audit log without the secret is found, and the first broken row is named."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from bot.privacy.audit import Audit
from bot.privacy.chain import Chain, Head
from bot.privacy.tables import audit_head, audit_log
from bot.privacy.verify import AuditVerifier
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.privacy.tampering import tamper

SECRET = "a-secret-of-at-least-32-characters!"


@pytest.fixture
async def verifier(db: Database, clock: FakeClock) -> AuditVerifier:
    """Six rows are there."""
    audit = Audit(db, clock, SECRET)
    for number in range(1, 7):
        clock.advance(1)
        await audit.record(f"agent:a{number}", "customer_card.read", f"C{number}", "c", {"n": number}, reason="asked")
    return AuditVerifier(db, SECRET)


async def breaks(verifier: AuditVerifier) -> list[tuple[int | None, str]]:
    return [(each.row_id, each.what) for each in (await verifier.verify()).breaks]


async def test_an_intact_log(verifier: AuditVerifier, db: Database) -> None:
    found = await verifier.verify()
    assert (found.rows, found.breaks, found.since) == (6, (), None)
    async with db.read() as connection:
        last = (await connection.execute(select(audit_log).where(audit_log.c.id == 6))).one()
    assert found.head.fingerprint == f"6:{last.hash.hex()}"


async def test_an_empty_log_is_intact(db: Database) -> None:
    found = await AuditVerifier(db, SECRET).verify()
    assert (found.rows, found.breaks) == (0, ())


@pytest.mark.parametrize(
    "change",
    [
        "at = '2026-11-23 04:00:09.000001'",
        "actor = 'agent:b'",
        "action = 'profile.read'",
        "customer_id = 'C9'",
        "customer_id = NULL",
        "conversation_id = 'd'",
        "reason = 'none'",
        "reason = NULL",
        "detail = '{\"n\": 4}'",
        "previous = hash",
        "hash = previous",
    ],
)
@pytest.mark.parametrize("row", [1, 3, 6])
async def test_an_edited_column(verifier: AuditVerifier, db: Database, change: str, row: int) -> None:
    await tamper(db, f"UPDATE audit_log SET {change} WHERE id = {row}")
    first, *more = await breaks(verifier)
    assert first == (row, "edited, or not written by us")
    # Only a changed hash is a wrong predecessor for the row that follows.
    assert [each[0] for each in more] == ([row + 1] if change.startswith("hash") and row < 6 else [])


async def test_an_edited_id(verifier: AuditVerifier, db: Database) -> None:
    await tamper(db, "UPDATE audit_log SET id = 60 WHERE id = 6")
    assert (await breaks(verifier))[0] == (6, "removed, and all to row 59")


@pytest.mark.parametrize("row", [1, 3])
async def test_a_removed_row(verifier: AuditVerifier, db: Database, row: int) -> None:
    await tamper(db, f"DELETE FROM audit_log WHERE id = {row}")
    assert await breaks(verifier) == [(row, "removed")]


async def test_removed_rows_closed_up(verifier: AuditVerifier, db: Database) -> None:
    """The rows behind are renumbered, so that no gap shows."""
    up = [f"UPDATE audit_log SET id = {n - 1} WHERE id = {n}" for n in range(4, 7)]
    await tamper(db, "DELETE FROM audit_log WHERE id = 3", *up)
    assert (await breaks(verifier))[0] == (3, "reordered: it does not follow the row before it")


@pytest.mark.parametrize("cut", [1, 3, 6])
async def test_a_tail_cut_off(verifier: AuditVerifier, db: Database, cut: int) -> None:
    await tamper(db, f"DELETE FROM audit_log WHERE id > {6 - cut}")
    assert await breaks(verifier) == [(7 - cut, "tail cut off: removed, and all to row 6")]


async def test_a_tail_cut_off_and_a_head_that_hides_it(verifier: AuditVerifier, db: Database) -> None:
    hide = "UPDATE audit_head SET last_id = 4, last_hash = (SELECT hash FROM audit_log WHERE id = 4)"
    await tamper(db, "DELETE FROM audit_log WHERE id > 4", hide)
    assert await breaks(verifier) == [(None, "forged: it does not carry our signature")]


async def test_a_beginning_cut_off_and_a_checkpoint_that_hides_it(verifier: AuditVerifier, db: Database) -> None:
    hide = "UPDATE audit_head SET base_id = 2, base_hash = (SELECT hash FROM audit_log WHERE id = 2)"
    await tamper(db, hide, "DELETE FROM audit_log WHERE id <= 2")
    assert await breaks(verifier) == [(None, "forged: it does not carry our signature")]


async def test_a_head_signed_under_another_secret(verifier: AuditVerifier, db: Database) -> None:
    async with db.read() as connection:
        last = (await connection.execute(select(audit_log).where(audit_log.c.id == 4))).one()
    signature = Chain("another-secret-of-at-least-32-chars").sign(Head(4, last.hash))
    await tamper(db, "DELETE FROM audit_log WHERE id > 4")
    async with db.write() as connection:
        values = {"last_id": 4, "last_hash": last.hash, "signature": signature}
        await connection.execute(audit_head.update().values(values))
    assert await breaks(verifier) == [(None, "forged: it does not carry our signature")]


async def test_no_head(verifier: AuditVerifier, db: Database) -> None:
    await tamper(db, "DELETE FROM audit_head")
    assert (None, "forged: it does not carry our signature") in await breaks(verifier)


async def test_two_rows_with_their_ids_swapped(verifier: AuditVerifier, db: Database) -> None:
    swap = [f"UPDATE audit_log SET id = {new} WHERE id = {old}" for old, new in ((2, 99), (4, 2), (99, 4))]
    await tamper(db, *swap)
    assert (await breaks(verifier))[0] == (2, "reordered: it does not follow the row before it")


async def test_two_rows_with_their_contents_swapped(verifier: AuditVerifier, db: Database) -> None:
    def become(row: int, other: int) -> str:
        content = f"actor = 'agent:a{other}', customer_id = 'C{other}', detail = '{{\"n\": {other}}}'"
        return f"UPDATE audit_log SET {content} WHERE id = {row}"

    await tamper(db, become(3, 4), become(4, 3))
    assert [each[0] for each in await breaks(verifier)] == [3, 4]


async def test_a_row_made_up(verifier: AuditVerifier, db: Database, clock: FakeClock) -> None:
    """By somebody who knows how rows are linked, but not the secret."""
    async with db.read() as connection:
        last = (await connection.execute(select(audit_log).where(audit_log.c.id == 6))).one()
    row = {**last._mapping, "id": 7, "actor": "agent:x", "previous": last.hash}
    row["hash"] = Chain("guess" * 8).hash(last.hash, row)
    async with db.write() as connection:
        await connection.execute(insert(audit_log).values(row))
    assert [each[0] for each in await breaks(verifier)] == [7, 7]


async def test_every_broken_row_is_named(verifier: AuditVerifier, db: Database) -> None:
    await tamper(db, "UPDATE audit_log SET actor = 'x' WHERE id = 2", "DELETE FROM audit_log WHERE id = 5")
    assert await breaks(verifier) == [(2, "edited, or not written by us"), (5, "removed")]


async def test_a_log_set_back_as_a_whole_is_found_by_a_fingerprint_kept_elsewhere(
    verifier: AuditVerifier, db: Database, clock: FakeClock
) -> None:
    noted = (await verifier.verify()).head.fingerprint
    await Audit(db, clock, SECRET).record("system", "later", None, None, {})
    assert not (await verifier.verify(expect=noted)).breaks  # the log has grown since: it is still the one noted
    later = (await verifier.verify()).head.fingerprint
    async with db.read() as connection:
        row = (await connection.execute(select(audit_log).where(audit_log.c.id == 3))).one()
    await tamper(db, "DELETE FROM audit_log WHERE id > 3")
    async with db.write() as connection:  # a head we have signed once, from a backup
        values = {"last_id": 3, "last_hash": row.hash, "signature": Chain(SECRET).sign(Head(3, row.hash))}
        await connection.execute(audit_head.update().values(values))
    assert not (await verifier.verify()).breaks
    assert [each.what[:17] for each in (await verifier.verify(expect=later)).breaks] == ["there is no row 7"]
    for _ in range(4):
        await Audit(db, clock, SECRET).record("system", "other", None, None, {})
    assert "row 7 is not the one noted" in (await verifier.verify(expect=later)).breaks[0].what


@pytest.mark.parametrize("given", ["", "6", "x:y", "²:00"])
async def test_what_is_no_fingerprint(verifier: AuditVerifier, given: str) -> None:
    assert "no fingerprint" in (await verifier.verify(expect=given)).breaks[0].what


_VALUES = st.one_of(st.none(), st.text(max_size=20))
_DETAILS = st.dictionaries(st.text(max_size=5), st.one_of(_VALUES, st.integers(), st.lists(_VALUES, max_size=3)))


@given(reason=_VALUES, detail=_DETAILS, other=_DETAILS)
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_equal_rows_have_equal_hashes_and_others_do_not(
    clock: FakeClock, reason: str | None, detail: dict[str, object], other: dict[str, object]
) -> None:
    chain = Chain(SECRET)
    row = dict.fromkeys(("actor", "action", "customer_id", "conversation_id")) | {"at": clock(), "reason": reason}
    first = chain.hash(bytes(32), {**row, "detail": detail})
    assert first == chain.hash(bytes(32), {**row, "detail": dict(reversed(detail.items()))})
    assert (first == chain.hash(bytes(32), {**row, "detail": other})) == (detail == other)
    assert first != chain.hash(b"\1" * 32, {**row, "detail": detail})
