import asyncio
from datetime import date

import pytest

from bot.complaints.deadlines import LegalClock, Standing
from bot.complaints.errors import (
    AlreadyExtendedError,
    DeadlinePassedError,
    ExtensionPendingError,
    ForbiddenComplaintMoveError,
    NoExtensionPendingError,
    NotHandlerError,
    OwnRequestError,
    SupervisorRequiredError,
)
from bot.complaints.extensions import ComplaintExtensions
from bot.complaints.models import Complexity, Outcome
from tests.complaints.conftest import DRAFT, HE, LIN, WU, ZHOU, Bank

REASON = "需要向收单行调取13900000055的签购单"


@pytest.fixture
async def number(bank: Bank) -> str:
    number = (await bank.service.file(bank.wang, DRAFT, idempotency_key="k1")).number
    await bank.desk.accept(number, LIN)
    await bank.desk.investigate(number, LIN)
    return number


async def told_since(bank: Bank, before: int) -> list[str]:
    return (await bank.told(bank.wang))[before:]


class TestApproval:
    async def test_moves_the_day_and_tells_the_customer(self, bank: Bank, number: str) -> None:
        before = len(await bank.told(bank.wang))
        assert not (await bank.extensions.request(number, LIN, reason=REASON)).extended
        assert await told_since(bank, before) == []

        extended = await bank.extensions.approve(number, WU)

        assert (extended.extended, extended.due_on) == (True, date(2027, 1, 7))
        (said,) = await told_since(bank, before)
        assert "2027年1月7日" in said
        (extension,) = (await bank.overview.detail(number, LIN)).extensions
        assert (extension.state, extension.until, extension.notified_at) == ("approved", date(2027, 1, 7), bank.clock())
        assert extension.decided_by is not None
        assert (extension.requested_by.name, extension.decided_by.name) == ("林晓", "吴敏")
        assert "[手机号1]" in extension.reason
        assert (await bank.case(number)).due_on == date(2027, 1, 7)

    async def test_sixty_days_are_the_most_there_is(self, bank: Bank, number: str) -> None:
        await bank.desk.reclassify(number, LIN, category="loan", subcategory=None, complexity=Complexity.COMPLEX)
        await bank.extensions.request(number, LIN, reason=REASON)
        assert (await bank.extensions.approve(number, WU)).due_on == date(2027, 1, 22)

    async def test_once(self, bank: Bank, number: str) -> None:
        await bank.extensions.request(number, LIN, reason=REASON)
        await bank.extensions.approve(number, WU)
        with pytest.raises(AlreadyExtendedError):
            await bank.extensions.request(number, LIN, reason="还不够")
        with pytest.raises(NoExtensionPendingError):
            await bank.extensions.approve(number, HE)
        with pytest.raises(AlreadyExtendedError):
            await bank.desk.reclassify(number, LIN, category="loan", subcategory=None, complexity=Complexity.COMPLEX)

    async def test_of_two_supervisors_at_once_one_decides(self, bank: Bank, number: str) -> None:
        await bank.extensions.request(number, LIN, reason=REASON)
        before = len(await bank.told(bank.wang))
        both = await asyncio.gather(
            bank.extensions.approve(number, WU), bank.extensions.approve(number, HE), return_exceptions=True
        )
        assert sum(isinstance(result, NoExtensionPendingError) for result in both) == 1
        assert len(await told_since(bank, before)) == 1


class TestWhoDecides:
    async def test_a_supervisor(self, bank: Bank, number: str) -> None:
        await bank.extensions.request(number, LIN, reason=REASON)
        for agent in (LIN, ZHOU):
            with pytest.raises(SupervisorRequiredError):
                await bank.extensions.approve(number, agent)

    async def test_not_the_one_who_asked(self, bank: Bank, number: str) -> None:
        await bank.extensions.request(number, WU, reason=REASON)
        with pytest.raises(OwnRequestError):
            await bank.extensions.approve(number, WU)
        with pytest.raises(OwnRequestError):
            await bank.extensions.refuse(number, WU, note="再想想")
        assert (await bank.extensions.approve(number, HE)).extended

    async def test_only_the_handler_asks(self, bank: Bank, number: str) -> None:
        with pytest.raises(NotHandlerError):
            await bank.extensions.request(number, ZHOU, reason=REASON)


class TestRefusal:
    async def test_leaves_the_day_and_the_customer_alone(self, bank: Bank, number: str) -> None:
        before = len(await bank.told(bank.wang))
        await bank.extensions.request(number, LIN, reason=REASON)
        refused = await bank.extensions.refuse(number, WU, note="先联系客户")
        assert (refused.due_on, refused.extended) == (date(2026, 12, 8), False)
        assert await told_since(bank, before) == []

    async def test_may_be_followed_by_another_request(self, bank: Bank, number: str) -> None:
        await bank.extensions.request(number, LIN, reason=REASON)
        with pytest.raises(ExtensionPendingError):
            await bank.extensions.request(number, LIN, reason=REASON)
        await bank.extensions.refuse(number, WU, note="理由不足")
        await bank.extensions.request(number, LIN, reason="补充：监控已调取，需鉴定")
        assert (await bank.extensions.approve(number, WU)).extended


class TestTooLate:
    async def test_a_day_that_has_passed_is_not_moved(self, bank: Bank, number: str) -> None:
        await bank.extensions.request(number, LIN, reason=REASON)
        bank.clock.advance(days=16)
        with pytest.raises(DeadlinePassedError):
            await bank.extensions.approve(number, WU)
        await bank.extensions.refuse(number, WU, note="已过期限")
        with pytest.raises(DeadlinePassedError):
            await bank.extensions.request(number, LIN, reason=REASON)

    async def test_a_request_ends_with_the_answer(self, bank: Bank, number: str) -> None:
        await bank.extensions.request(number, LIN, reason=REASON)
        await bank.desk.answer(number, LIN, outcome=Outcome.UPHELD, text="款项已退回。")
        (extension,) = (await bank.overview.detail(number, LIN)).extensions
        assert extension.state == "lapsed"
        with pytest.raises(ForbiddenComplaintMoveError):
            await bank.extensions.request(number, LIN, reason=REASON)

    async def test_a_reopened_complaint_has_an_extension_of_its_own(self, bank: Bank, number: str) -> None:
        await bank.extensions.request(number, LIN, reason=REASON)
        await bank.extensions.approve(number, WU)
        await bank.desk.answer(number, LIN, outcome=Outcome.UPHELD, text="款项已退回。")
        await bank.service.reopen(bank.wang, number, "没收到")
        await bank.extensions.request(number, LIN, reason=REASON)
        assert (await bank.extensions.approve(number, WU)).extended


async def test_shorter_settings_hold(bank: Bank, number: str) -> None:
    days = LegalClock(extension_days=10)
    extensions = ComplaintExtensions(bank.ledger, bank.vault, bank.texts, days)
    await extensions.request(number, LIN, reason=REASON)
    assert (await extensions.approve(number, WU)).due_on == date(2026, 12, 18)


@pytest.mark.parametrize(
    ("today", "stopped_on", "standing"),
    [
        (date(2026, 12, 4), None, Standing.ON_TIME),
        (date(2026, 12, 5), None, Standing.WARNING),
        (date(2026, 12, 8), None, Standing.WARNING),
        (date(2026, 12, 9), None, Standing.BREACHED),
        (date(2027, 6, 1), date(2026, 12, 8), Standing.ON_TIME),
        (date(2027, 6, 1), date(2026, 12, 9), Standing.BREACHED),
    ],
)
def test_the_last_day_is_still_in_time(today: date, stopped_on: date | None, standing: Standing) -> None:
    assert LegalClock().standing(date(2026, 12, 8), today, stopped_on=stopped_on) is standing
