"""One-time codes: who may pass, how often one may guess, and what a stranger can find out."""

import asyncio
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select

from bot.crm.service import CrmService
from bot.identity.errors import (
    AssuranceRequiredError,
    ChallengeLockedError,
    ResendTooSoonError,
    TooManyCodesError,
    UnknownCustomerError,
)
from bot.identity.principal import Level, Principal
from bot.identity.service import ChallengeOutcome, ChallengeSent, IdentityService, Standing, random_code
from bot.identity.tables import challenges
from bot.privacy.audit import Audit
from bot.privacy.tables import audit_log
from bot.privacy.vault import Vault
from bot.settings import Settings
from bot.storage.database import Database
from bot.texts import Texts
from tests.contracts.crm import LI, WANG
from tests.fakes.clock import FakeClock
from tests.fakes.crm import FakeCrm
from tests.fakes.sms import FakeSms

TEXTS = Texts({"utter_sms_code": [{"text": "【{brand}】验证码{code}，{minutes}分钟内有效。"}]}, brand="测试银行")
SECRET = "a-secret-of-at-least-32-characters!"
WRONG = "999999"


@pytest.fixture
def vault(db: Database) -> Vault:
    return Vault(db, {"test": SECRET})


@pytest.fixture
def identity(db: Database, clock: FakeClock, sms: FakeSms, vault: Vault) -> IdentityService:
    """Its codes are 100001, 100002, …"""
    codes = count(100001)
    audit = Audit(db, clock, SECRET)
    return IdentityService(
        db,
        clock,
        Settings(secret_key=SECRET),
        crm=CrmService(FakeCrm(WANG, LI), audit, clock),
        vault=vault,
        sms=sms,
        texts=TEXTS,
        audit=audit,
        draw_code=lambda: str(next(codes)),
    )


async def typed(vault: Vault, conversation_id: str, phone: str) -> str:
    """The placeholder under which the conversation knows the phone."""
    return await vault.seal(conversation_id, phone)


class TestPrincipal:
    async def test_nobody_at_first(self, identity: IdentityService) -> None:
        assert await identity.principal("c") == Principal("c", None, Level.ANONYMOUS)

    async def test_bound_and_unbound(self, identity: IdentityService) -> None:
        await identity.bind("c", "C1")
        assert await identity.principal("c") == Principal("c", "C1", Level.BOUND)
        assert await identity.principal("other") == Principal("other", None, Level.ANONYMOUS)
        await identity.end_session("c")
        await identity.end_session("c")
        assert await identity.principal("c") == Principal("c", None, Level.ANONYMOUS)

    async def test_stepping_up_ends(self, identity: IdentityService, clock: FakeClock) -> None:
        await identity.bind("c", "C1")
        await identity.start_challenge("c", resume="/check_balance")
        clock.advance(100)
        await identity.answer_challenge("c", "100001")
        clock.advance(599)
        assert (await identity.principal("c")).level == Level.STEPPED_UP
        clock.advance(1)
        assert (await identity.principal("c")).level == Level.BOUND

    async def test_binding_the_same_customer_keeps_the_step_up(self, identity: IdentityService) -> None:
        await identity.bind("c", "C1")
        await identity.start_challenge("c", resume="/affirm")
        await identity.answer_challenge("c", "100001")
        await identity.bind("c", "C1")
        assert (await identity.principal("c")).level == Level.STEPPED_UP

    async def test_binding_another_customer_ends_it(self, identity: IdentityService) -> None:
        await identity.bind("c", "C1")
        await identity.start_challenge("c", resume="/affirm")
        await identity.answer_challenge("c", "100001")
        await identity.bind("c", "C2")
        assert await identity.principal("c") == Principal("c", "C2", Level.BOUND)

    async def test_unbinding_takes_a_code_passed_moments_ago(self, identity: IdentityService, clock: FakeClock) -> None:
        await identity.bind("c", "C1")
        with pytest.raises(AssuranceRequiredError):
            await identity.unbind("c")
        await identity.start_challenge("c", resume="/affirm")
        await identity.answer_challenge("c", "100001")
        clock.advance(300)
        with pytest.raises(AssuranceRequiredError):
            await identity.unbind("c")
        await identity.start_challenge("c", resume="/affirm")
        await identity.answer_challenge("c", "100002")
        clock.advance(299)
        await identity.unbind("c")
        assert await identity.principal("c") == Principal("c", None, Level.ANONYMOUS)

    async def test_a_stranger_cannot_unbind(self, identity: IdentityService) -> None:
        with pytest.raises(AssuranceRequiredError):
            await identity.unbind("c")

    async def test_the_system_unbinds_who_is_gone(self, identity: IdentityService) -> None:
        await identity.bind("c", "C1")
        assert await identity.expire_binding("c")
        assert not await identity.expire_binding("c")
        assert await identity.principal("c") == Principal("c", None, Level.ANONYMOUS)

    async def test_a_customer_may_drop_the_step_up_at_once(self, identity: IdentityService) -> None:
        await identity.bind("c", "C1")
        assert not await identity.end_step_up("c")
        await identity.start_challenge("c", resume="/affirm")
        await identity.answer_challenge("c", "100001")
        assert await identity.end_step_up("c")
        assert await identity.principal("c") == Principal("c", "C1", Level.BOUND)

    async def test_the_customer_may_know_who_is_bound_and_until_when(
        self, identity: IdentityService, clock: FakeClock
    ) -> None:
        assert await identity.standing("c") is None
        bound_at = clock()
        await identity.bind("c", "C1")
        clock.advance(days=3)
        await identity.bind("c", "C1")  # signed in again: bound since the first time
        assert await identity.standing("c") == Standing("139****0091", bound_at, None)
        await identity.start_challenge("c", resume="/affirm")
        await identity.answer_challenge("c", "100001")
        until = clock() + timedelta(seconds=600)
        assert await identity.standing("c") == Standing("139****0091", bound_at, until)
        clock.advance(600)
        assert await identity.standing("c") == Standing("139****0091", bound_at, None)

    async def test_a_binding_changes_no_other_conversation(self, identity: IdentityService, clock: FakeClock) -> None:
        for conversation in ("web", "wechat"):
            await identity.bind(conversation, "C1")
        await identity.start_challenge("web", resume="/affirm")
        await identity.answer_challenge("web", "100001")
        before = await identity.principal("wechat")
        await identity.bind("new", "C1")
        await identity.unbind("web")
        assert await identity.principal("wechat") == before == Principal("wechat", "C1", Level.BOUND)


class TestChallenge:
    async def test_the_code_goes_to_the_phone_on_file(self, identity: IdentityService, sms: FakeSms) -> None:
        await identity.bind("c", "C1")
        sent = await identity.start_challenge("c", resume="/check_balance")
        assert sent == ChallengeSent("139****0091", 5)
        assert sms.sent == [("13900000091", "【测试银行】验证码100001，5分钟内有效。")]

    async def test_the_right_code_passes_and_resumes(self, identity: IdentityService, clock: FakeClock) -> None:
        await identity.bind("c", "C1")
        await identity.start_challenge("c", resume="/check_balance")
        outcome = await identity.answer_challenge("c", "100001")
        assert (outcome.result, outcome.resume) == ("passed", "/check_balance")
        assert await identity.principal("c") == Principal("c", "C1", Level.STEPPED_UP, clock())

    async def test_a_code_may_bind_without_stepping_up(self, identity: IdentityService, vault: Vault) -> None:
        phone = await typed(vault, "c", "13900000091")
        await identity.start_challenge("c", resume="/bind_account", phone=phone)
        assert (await identity.answer_challenge("c", "100001", step_up=False)).result == "passed"
        assert await identity.principal("c") == Principal("c", "C1", Level.BOUND)

    async def test_a_code_passes_once(self, identity: IdentityService) -> None:
        await identity.bind("c", "C1")
        await identity.start_challenge("c", resume="/affirm")
        await identity.answer_challenge("c", "100001")
        assert await identity.answer_challenge("c", "100001") == ChallengeOutcome("expired", 0, None)

    async def test_of_many_at_once_one_passes(self, identity: IdentityService) -> None:
        await identity.bind("c", "C1")
        await identity.start_challenge("c", resume="/affirm")
        outcomes = await asyncio.gather(*(identity.answer_challenge("c", "100001") for _ in range(8)))
        assert sorted(outcome.result for outcome in outcomes) == ["expired"] * 7 + ["passed"]

    async def test_a_code_holds_five_minutes(self, identity: IdentityService, clock: FakeClock) -> None:
        await identity.bind("c", "C1")
        await identity.start_challenge("c", resume="/affirm")
        clock.advance(299)
        assert (await identity.answer_challenge("c", "100001")).result == "passed"

    async def test_and_not_a_second_longer(self, identity: IdentityService, clock: FakeClock) -> None:
        await identity.bind("c", "C1")
        await identity.start_challenge("c", resume="/affirm")
        clock.advance(300)
        assert (await identity.answer_challenge("c", "100001")).result == "expired"
        assert (await identity.principal("c")).level == Level.BOUND

    async def test_a_new_code_replaces_the_old(self, identity: IdentityService, clock: FakeClock) -> None:
        await identity.bind("c", "C1")
        await identity.start_challenge("c", resume="/check_points")
        clock.advance(60)
        await identity.start_challenge("c", resume="/check_balance")
        assert (await identity.answer_challenge("c", "100001")).result == "wrong"
        assert (await identity.answer_challenge("c", "100002")).resume == "/check_balance"

    async def test_a_code_is_of_its_conversation(self, identity: IdentityService) -> None:
        await identity.bind("c", "C1")
        await identity.bind("other", "C1")
        await identity.start_challenge("c", resume="/affirm")
        assert (await identity.answer_challenge("other", "100001")).result == "expired"

    async def test_no_code_was_asked_for(self, identity: IdentityService) -> None:
        assert await identity.answer_challenge("c", "100001") == ChallengeOutcome("expired", 0, None)

    async def test_nobody_to_challenge(self, identity: IdentityService) -> None:
        with pytest.raises(UnknownCustomerError):
            await identity.start_challenge("c", resume="/affirm")
        with pytest.raises(UnknownCustomerError):
            await identity.start_challenge("c", resume="/affirm", phone="[手机号1]")
        await identity.bind("c", "C404")
        with pytest.raises(UnknownCustomerError):
            await identity.start_challenge("c", resume="/affirm")

    async def test_a_card_number_is_no_phone(self, identity: IdentityService, vault: Vault) -> None:
        placeholder = await vault.seal("c", "6222021000000001239")
        with pytest.raises(UnknownCustomerError):
            await identity.start_challenge("c", resume="/affirm", phone=placeholder)

    async def test_only_a_keyed_hash_is_stored(self, identity: IdentityService, db: Database) -> None:
        await identity.bind("c", "C1")
        await identity.start_challenge("c", resume="/affirm")
        async with db.read() as connection:
            row = (await connection.execute(select(challenges))).one()
        assert len(row.code_hash) == 32
        assert "100001" not in str(row)

    async def test_steps_are_audited(self, identity: IdentityService, db: Database) -> None:
        await identity.bind("c", "C1")
        await identity.start_challenge("c", resume="/affirm")
        await identity.answer_challenge("c", WRONG)
        await identity.answer_challenge("c", "100001")
        await identity.unbind("c")
        async with db.read() as connection:
            rows = (await connection.execute(select(audit_log.c.action).order_by(audit_log.c.id))).scalars().all()
        assert list(rows) == [
            "identity.bind",
            "phone.challenge",
            "identity.step_up",
            "identity.unbind",
        ]


class TestLimits:
    async def test_three_wrong_codes_lock(self, identity: IdentityService, clock: FakeClock) -> None:
        await identity.bind("c", "C1")
        await identity.start_challenge("c", resume="/affirm")
        outcomes = [await identity.answer_challenge("c", WRONG) for _ in range(3)]
        assert [(o.result, o.tries_left) for o in outcomes] == [("wrong", 2), ("wrong", 1), ("locked", 0)]
        assert (await identity.answer_challenge("c", "100001")).result == "locked"
        clock.advance(60)
        with pytest.raises(ChallengeLockedError) as locked:
            await identity.start_challenge("c", resume="/affirm")
        clock.advance(839)
        with pytest.raises(ChallengeLockedError):
            await identity.start_challenge("c", resume="/affirm")
        clock.advance(1)
        assert clock() == locked.value.until
        await identity.start_challenge("c", resume="/affirm")
        assert (await identity.answer_challenge("c", "100002")).result == "passed"

    async def test_guesses_at_once_are_all_counted(self, identity: IdentityService) -> None:
        await identity.bind("c", "C1")
        await identity.start_challenge("c", resume="/affirm")
        outcomes = await asyncio.gather(*(identity.answer_challenge("c", WRONG) for _ in range(10)))
        assert sorted(o.result for o in outcomes) == ["locked"] * 8 + ["wrong"] * 2
        assert (await identity.answer_challenge("c", "100001")).result == "locked"

    async def test_the_lock_is_the_customers(self, identity: IdentityService, vault: Vault) -> None:
        await identity.start_challenge("thief", resume="/a", phone=await typed(vault, "thief", WANG.phone))
        for _ in range(3):
            await identity.answer_challenge("thief", WRONG)
        await identity.bind("c", "C1")
        with pytest.raises(ChallengeLockedError):
            await identity.start_challenge("c", resume="/affirm")
        await identity.bind("d", "C2")
        await identity.start_challenge("d", resume="/affirm")

    async def test_another_conversation_buys_no_guess(self, identity: IdentityService, clock: FakeClock) -> None:
        for conversation in ("a", "b", "c"):
            await identity.bind(conversation, "C1")
            await identity.start_challenge(conversation, resume="/affirm")
            outcome = await identity.answer_challenge(conversation, WRONG)
            clock.advance(60)
        assert outcome.result == "locked"

    async def test_passing_forgets_failures(self, identity: IdentityService, clock: FakeClock) -> None:
        await identity.bind("c", "C1")
        for code in ("100001", "100002"):
            await identity.start_challenge("c", resume="/affirm")
            await identity.answer_challenge("c", WRONG)
            assert (await identity.answer_challenge("c", WRONG)).tries_left == 1
            assert (await identity.answer_challenge("c", code)).result == "passed"
            clock.advance(60)

    async def test_old_failures_are_forgotten(self, identity: IdentityService, clock: FakeClock) -> None:
        await identity.bind("c", "C1")
        await identity.start_challenge("c", resume="/affirm")
        await identity.answer_challenge("c", WRONG)
        await identity.answer_challenge("c", WRONG)
        clock.advance(900)
        await identity.start_challenge("c", resume="/affirm")
        assert (await identity.answer_challenge("c", WRONG)).tries_left == 2

    async def test_a_new_conversation_of_a_signed_in_customer_gets_its_own_code(
        self, identity: IdentityService, sms: FakeSms
    ) -> None:
        for conversation in ("c", "after-signing-in-again"):
            await identity.bind(conversation, "C1")
            await identity.start_challenge(conversation, resume="/affirm")
        assert len(sms.sent) == 2
        assert (await identity.answer_challenge("after-signing-in-again", "100001")).result == "wrong"

    async def test_the_lock_survives_a_new_conversation(self, identity: IdentityService, clock: FakeClock) -> None:
        await identity.bind("c", "C1")
        await identity.start_challenge("c", resume="/affirm")
        for _ in range(3):
            await identity.answer_challenge("c", WRONG)
        clock.advance(899)
        await identity.bind("d", "C1")
        with pytest.raises(ChallengeLockedError):
            await identity.start_challenge("d", resume="/affirm")

    async def test_a_code_can_be_sent_again_after_a_minute_to_the_second(
        self, identity: IdentityService, clock: FakeClock, sms: FakeSms
    ) -> None:
        await identity.bind("c", "C1")
        await identity.start_challenge("c", resume="/affirm")
        clock.advance(59)
        with pytest.raises(ResendTooSoonError) as refused:
            await identity.start_challenge("c", resume="/affirm")
        assert refused.value.seconds == 1
        clock.advance(1)
        await identity.start_challenge("c", resume="/affirm")
        assert len(sms.sent) == 2

    async def test_who_has_used_the_code_need_not_wait_for_the_next(
        self, identity: IdentityService, clock: FakeClock, sms: FakeSms
    ) -> None:
        await identity.bind("c", WANG.customer_id)
        await identity.start_challenge("c", resume="/check_balance")
        clock.advance(1)
        await identity.answer_challenge("c", "100001")
        await identity.end_step_up("c")
        await identity.start_challenge("c", resume="/check_balance")
        assert len(sms.sent) == 2
        with pytest.raises(ResendTooSoonError):
            await identity.start_challenge("c", resume="/check_balance")

    async def test_no_second_code_within_a_minute(
        self, identity: IdentityService, clock: FakeClock, sms: FakeSms
    ) -> None:
        await identity.bind("c", "C1")
        await identity.start_challenge("c", resume="/affirm")
        clock.advance(15.5)
        with pytest.raises(ResendTooSoonError) as refused:
            await identity.start_challenge("c", resume="/affirm")
        assert refused.value.seconds == 45
        assert (await identity.answer_challenge("c", "100001")).result == "passed"
        assert len(sms.sent) == 1


class TestSendingsOfADay:
    """Nobody's phone may be flooded with messages (SMS bombing)."""

    async def send(self, identity: IdentityService, clock: FakeClock, conversation_id: str, phone: str | None) -> None:
        clock.advance(60)
        await identity.start_challenge(conversation_id, resume="/affirm", phone=phone)

    async def test_ten_in_a_day(self, identity: IdentityService, clock: FakeClock, sms: FakeSms) -> None:
        await identity.bind("c", "C1")
        for _ in range(10):
            await self.send(identity, clock, "c", None)
        with pytest.raises(TooManyCodesError):
            await self.send(identity, clock, "c", None)
        assert len(sms.sent) == 10
        assert (await identity.answer_challenge("c", "100010")).result == "passed"
        clock.advance(86_400 - 10 * 60 - 1)
        with pytest.raises(TooManyCodesError):
            await identity.start_challenge("c", resume="/affirm")
        clock.advance(1)
        await identity.start_challenge("c", resume="/affirm")

    async def test_new_conversations_buy_none(
        self, identity: IdentityService, clock: FakeClock, vault: Vault, sms: FakeSms
    ) -> None:
        for phone in (WANG.phone, "13900000099"):  # a customer's and nobody's: refused alike
            for n in range(10):
                conversation = f"{phone}-{n}"
                await self.send(identity, clock, conversation, await typed(vault, conversation, phone))
            with pytest.raises(TooManyCodesError):
                await self.send(identity, clock, "one-more", await typed(vault, "one-more", phone))
        assert [phone for phone, _ in sms.sent] == [WANG.phone] * 10

    async def test_strangers_do_not_use_up_what_the_customer_may_have(
        self, identity: IdentityService, clock: FakeClock, vault: Vault
    ) -> None:
        for n in range(10):
            await self.send(identity, clock, f"s{n}", await typed(vault, f"s{n}", WANG.phone))
        await identity.bind("c", "C1")
        await self.send(identity, clock, "c", None)

    async def test_one_conversation_does_not_write_to_the_whole_town(
        self, identity: IdentityService, clock: FakeClock, vault: Vault
    ) -> None:
        for n in range(10):
            await self.send(identity, clock, "c", await typed(vault, "c", f"1390000010{n}"))
        with pytest.raises(TooManyCodesError):
            await self.send(identity, clock, "c", await typed(vault, "c", LI.phone))


class TestExpectsCode:
    async def test_while_open_and_as_long_again(self, identity: IdentityService, clock: FakeClock) -> None:
        await identity.bind("c", "C1")
        assert not await identity.expects_code("c")
        await identity.start_challenge("c", resume="/affirm")
        assert await identity.expects_code("c")
        assert not await identity.expects_code("other")
        clock.advance(599)
        assert await identity.expects_code("c")
        clock.advance(1)
        assert not await identity.expects_code("c")

    async def test_a_used_code_is_still_a_code(self, identity: IdentityService, clock: FakeClock) -> None:
        await identity.bind("c", "C1")
        await identity.start_challenge("c", resume="/affirm")
        await identity.answer_challenge("c", "100001")
        clock.advance(299)
        assert await identity.expects_code("c")
        clock.advance(1)
        assert not await identity.expects_code("c")


class TestByPhone:
    async def test_a_customer_proves_it_by_phone(
        self, identity: IdentityService, vault: Vault, sms: FakeSms, clock: FakeClock
    ) -> None:
        sent = await identity.start_challenge("c", resume="/x", phone=await typed(vault, "c", "139 0000 0092"))
        assert sent == ChallengeSent("139****0092", 5)
        assert [phone for phone, _ in sms.sent] == ["13900000092"]
        assert await identity.principal("c") == Principal("c", None, Level.ANONYMOUS)
        assert (await identity.answer_challenge("c", "100001")).result == "passed"
        assert await identity.principal("c") == Principal("c", "C2", Level.STEPPED_UP, clock())

    async def test_a_bound_customer_is_not_challenged_elsewhere(
        self, identity: IdentityService, vault: Vault, sms: FakeSms
    ) -> None:
        await identity.bind("c", "C1")
        await identity.start_challenge("c", resume="/x", phone=await typed(vault, "c", LI.phone))
        assert [phone for phone, _ in sms.sent] == [WANG.phone]

    async def test_an_unknown_phone_looks_like_any_other(
        self, identity: IdentityService, vault: Vault, sms: FakeSms, clock: FakeClock
    ) -> None:
        """Everything a stranger can see is the same for a customer's number and for nobody's."""
        seen = []
        for conversation, phone in (("known", LI.phone), ("unknown", "13900000099")):
            placeholder = await typed(vault, conversation, phone)
            record: list[object] = [
                (await identity.start_challenge(conversation, resume="/x", phone=placeholder)).minutes
            ]
            for again in (conversation, conversation + "-2"):
                placeholder = await typed(vault, again, phone)
                with pytest.raises(ResendTooSoonError) as too_soon:
                    await identity.start_challenge(again, resume="/x", phone=placeholder)
                record.append(too_soon.value.seconds)
            record.append(await identity.expects_code(conversation))
            record += [await identity.answer_challenge(conversation, WRONG) for _ in range(4)]
            with pytest.raises(ChallengeLockedError) as locked:
                await identity.start_challenge(conversation, resume="/x", phone=placeholder)
            record.append(locked.value.until)
            seen.append(record)
        assert seen[0] == seen[1]
        assert [phone for phone, _ in sms.sent] == [LI.phone]

    async def test_no_code_passes_for_an_unknown_phone(self, identity: IdentityService, vault: Vault) -> None:
        await identity.start_challenge("c", resume="/x", phone=await typed(vault, "c", "13900000099"))
        assert (await identity.answer_challenge("c", "100001")).result == "wrong"
        assert await identity.principal("c") == Principal("c", None, Level.ANONYMOUS)


def test_codes_have_six_digits() -> None:
    codes = [random_code() for _ in range(200)]
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert len(set(codes)) > 190
