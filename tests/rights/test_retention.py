from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import select, update
from structlog.testing import capture_logs

from bot.channels.wechat.tables import wechat_users
from bot.privacy.errors import DestroyedKeyError
from bot.privacy.tables import audit_head, audit_log
from bot.rights.build import build_rights
from bot.settings import Settings
from tests.rights.conftest import PHONES, WANG, House

PERIODS = {name: field for name, field in Settings.model_fields.items() if name.startswith("retain_")}


CLASSES = {
    "messages": ("messages", "retain_message_days"),
    "mirrors at the desk outside": ("outside_conversations", "retain_message_days"),
    "one-time codes": ("challenges", "retain_code_days"),
    "limits of one-time codes": ("challenge_limits", "retain_code_days"),
    "short messages (development)": ("sms_outbox", "retain_code_days"),
    "customers' sessions": ("sessions", "retain_session_days"),
    "agents' sessions": ("desk_sessions", "retain_session_days"),
    "WeChat pushes": ("wechat_inbound", "retain_wechat_days"),
    "WeChat replies": ("wechat_replies", "retain_wechat_days"),
    "WeChat windows": ("wechat_windows", "retain_wechat_days"),
    "WeChat binding pages": ("wechat_bind_pages", "retain_wechat_days"),
    "unanswered questions": ("knowledge_misses", "retain_miss_days"),
    "ratings": ("ratings", "retain_rating_days"),
    "keys of sealed values": ("data_keys", "retain_sealed_days"),
    "complaints": ("complaints", "retain_complaint_days"),
    "audit log": ("audit_log", "retain_audit_days"),
}


async def retain(house: House, *, dry: bool = False, batch: int = 500) -> dict[str, int]:
    done = await house.rights.retention.run(actor="admin:root", dry=dry, batch=batch)
    return {each.what: each.rows for each in done if each.rows}


async def test_nothing_goes_before_its_time(house: House, wang: str) -> None:
    before = await house.counts()
    assert await retain(house) == {}
    assert await house.counts() == before  # and nothing is audited


async def test_a_dry_run_counts_what_a_run_removes_and_removes_nothing(house: House, wang: str) -> None:
    house.clock.advance(days=2000)
    before = await house.counts()
    due = await retain(house, dry=True)
    assert await house.counts() == before
    assert await retain(house) == due


async def test_each_class_goes_when_its_days_are_over(house: House, wang: str) -> None:
    """The periods one after another: the day before nothing of the class goes, the day after all of it."""
    start, kept = house.clock(), await house.counts()
    for days in sorted({getattr(house.gateway.settings, setting) for setting in PERIODS}):
        due = {what: table for what, (table, setting) in CLASSES.items() if _days(house, setting) == days}
        house.clock.now = start + timedelta(days=days - 1)
        assert not due.keys() & (await retain(house)).keys()
        house.clock.now = start + timedelta(days=days + 1)  # a session ends half a day after its last use
        gone = await retain(house)
        assert {what: gone[what] for what in due} == {what: kept[table] for what, table in due.items()}
    left = await house.counts()
    assert {table: left[table] for table, _ in CLASSES.values() if left[table]} == {
        "audit_log": left["audit_log"],  # what the runs have written
    }


def _days(house: House, setting: str) -> int:
    return int(getattr(house.gateway.settings, setting))


async def test_a_web_customers_binding_goes_with_the_messages(house: House, wang: str) -> None:
    again = await house.conversation_again(WANG)
    house.clock.advance(days=1096)
    assert (await retain(house))["bindings"] == 1
    assert (await house.gateway.identity.principal(again)).customer_id is None
    assert (await house.gateway.identity.principal(wang)).customer_id == WANG


async def test_what_belongs_to_a_complaint_goes_with_it(house: House, wang: str) -> None:
    house.clock.advance(days=1826)
    await retain(house)
    counts = await house.counts()
    assert [counts[name] for name in ("complaint_timeline", "complaint_extensions", "crm_records")] == [0, 0, 0]


async def test_what_was_said_stays_while_a_complaint_about_it_is_open(house: House, wang: str) -> None:
    again = await house.conversation_again(WANG)
    number = await house.complaint(again)
    house.clock.advance(days=1100)
    await retain(house)
    assert {message.text for message in await house.gateway.log.messages(again)}
    assert await house.base.vault.open(again, "[手机号1]") == PHONES[WANG]
    assert await house.gateway.log.messages(wang) == []
    assert (await house.counts())["complaints"] == 3
    assert (await house.base.complaints.status(await house.gateway.identity.principal(again), number)).number == number


async def test_notes_are_blanked_and_the_handoff_stays_for_the_statistics(house: House, wang: str) -> None:
    house.clock.advance(days=1096)
    assert (await retain(house))["agents' notes"] == 2
    found = await house.gateway.handoff.latest(wang)
    assert found is not None
    assert (found.note, found.intents, found.reason) == (None, [], "asked")
    assert "agents' notes" not in await retain(house)


async def test_sealed_values_open_until_their_conversation_has_come_to_rest(house: House, wang: str) -> None:
    house.clock.advance(days=100)
    await house.gateway.conversations.receive(wang, "m9", "还在吗")
    house.clock.advance(days=100)
    assert (await retain(house))["keys of sealed values"] == 1  # of the other customer
    assert await house.base.vault.open(wang, "[手机号1]") == PHONES[WANG]
    house.clock.advance(days=81)
    await retain(house)
    with pytest.raises(DestroyedKeyError):
        await house.base.vault.open(wang, "[手机号1]")


async def test_a_wechat_user_stays_while_following(house: House, wang: str) -> None:
    async with house.base.db.write() as connection:
        left = wechat_users.c.openid == f"openid-{WANG}"
        await connection.execute(update(wechat_users).where(left).values(unfollowed_at=house.clock()))
    house.clock.advance(days=1096)
    assert (await retain(house))["WeChat users who left"] == 1
    assert (await house.counts())["wechat_users"] == 1
    assert (await house.counts())["identity_bindings"] == 1


async def test_rasa_forgets_dialogues_that_ended_long_ago(house: House, wang: str) -> None:
    house.dialogue_of(wang, 2, ago=timedelta(days=31))
    house.dialogue_of(wang, 1, ago=timedelta(days=31))  # an old part of one that goes on
    assert (await retain(house))["Rasa's memory of dialogues"] == 2
    assert f"{wang}.2" not in house.senders()
    assert f"{wang}.1" in house.senders()


async def test_small_batches_come_to_the_same(house: House, wang: str) -> None:
    house.clock.advance(days=2000)
    due = await retain(house, dry=True)
    assert await retain(house, batch=1) == due


class TestAuditLog:
    async def test_the_rest_is_still_proven_and_says_since_when(self, house: House, wang: str) -> None:
        written = (await house.counts())["audit_log"]
        noted = (await house.base.audit_verifier.verify()).head.fingerprint
        last = house.clock()
        house.clock.advance(days=1000)
        await house.conversation_again(WANG)
        later = (await house.base.audit_verifier.verify()).head.fingerprint
        house.clock.advance(days=826)
        assert (await retain(house, batch=3))["audit log"] == written
        found = await house.base.audit_verifier.verify()
        assert (found.breaks, found.since) == ((), last)
        assert not (await house.base.audit_verifier.verify(expect=noted)).breaks  # the checkpoint itself
        assert not (await house.base.audit_verifier.verify(expect=later)).breaks

    async def test_a_run_is_audited_by_class(self, house: House, wang: str) -> None:
        house.clock.advance(days=31)
        due = await retain(house)
        async with house.base.db.read() as connection:
            row = (await connection.execute(select(audit_log).where(audit_log.c.action == "privacy.retain"))).one()
        assert (row.actor, row.reason, row.detail) == ("admin:root", "retention periods", due)

    async def test_nothing_is_removed_while_the_head_is_not_ours(self, house: House, wang: str) -> None:
        async with house.base.db.write() as connection:
            await connection.execute(update(audit_head).values(last_id=3))
        house.clock.advance(days=1826)
        before = (await house.counts())["audit_log"]
        assert "audit log" not in await retain(house)
        assert (await house.counts())["audit_log"] >= before


class TestJob:
    async def test_one_process_does_it_once_a_day(self, house: House, wang: str) -> None:
        mine, yours = house.rights.job, build_rights(house.base).job
        assert await mine.once()
        assert not await mine.once()
        assert not await yours.once()
        house.clock.advance(days=1)
        assert await yours.once()
        assert not await mine.once()

    async def test_it_logs_the_fingerprint_for_the_log_collector(self, house: House, wang: str) -> None:
        house.clock.advance(days=31)
        with capture_logs() as logs:
            await house.rights.job.once()
        (head,) = [line for line in logs if line["event"] == "audit_head"]
        assert not (await house.base.audit_verifier.verify(expect=head["fingerprint"])).breaks
        (done,) = [line for line in logs if line["event"] == "retention_done"]
        assert done["removed"]["one-time codes"] == 2

    async def test_it_says_when_the_head_is_not_ours(self, house: House, wang: str) -> None:
        async with house.base.db.write() as connection:
            await connection.execute(update(audit_head).values(last_id=3))
        with capture_logs() as logs:
            await house.rights.job.once()
        assert "audit_head_forged" in {line["event"] for line in logs if line["log_level"] == "error"}


@pytest.mark.parametrize(
    ("setting", "least"),
    [
        (name, 1095 if name == "retain_complaint_days" else 183 if name == "retain_audit_days" else 1)
        for name in PERIODS
    ],
)
def test_less_than_the_law_asks_for_is_refused(setting: str, least: int) -> None:
    assert getattr(Settings(**{setting: least}), setting) == least
    with pytest.raises(ValidationError):
        Settings(**{setting: least - 1})
