"""Core banking or CRM slow or down: the customer hears so in time, is offered a person, and loses no request."""

from dataclasses import replace

import pytest

from bot.application import Services
from bot.banking.errors import CoreBankingUnavailableError
from bot.banking.guarded import GuardedCoreBanking
from bot.banking.service import BankingService
from bot.banking.sql import SqlCoreBanking
from bot.bootstrap import build_foundation
from bot.crm.errors import CrmUnavailableError
from bot.crm.sql import SqlCrm
from bot.resilience import Guard
from bot.settings import Settings
from bot.storage.database import Database
from tests.actions.dialogue import Dialogue, pass_code
from tests.fakes.clock import FakeClock
from tests.fakes.outage import Outage
from tests.fakes.sms import FakeSms

WAYS = ("down", "silent")


@pytest.fixture
def core(db: Database, clock: FakeClock) -> Outage:
    return Outage(SqlCoreBanking(db, clock), CoreBankingUnavailableError("cut"))


@pytest.fixture
def crm(db: Database, clock: FakeClock) -> Outage:
    return Outage(SqlCrm(db, clock), CrmUnavailableError("cut"))


@pytest.fixture
def services(services: Services, clock: FakeClock, sms: FakeSms, core: Outage, crm: Outage) -> Services:
    """The demo bank, whose core and CRM can be switched off; nobody waits longer than a moment for them."""
    settings = Settings(answer_within_s=1.5, crm_timeout_s=1, breaker_threshold=100)
    base = build_foundation(settings, clock=clock, sms=sms, db=services.db, crm=crm)
    guard = Guard("core", CoreBankingUnavailableError, timeout_s=1, threshold=100, rest_s=1)
    return replace(
        services,
        foundation=base,
        settings=settings,
        crm=base.crm,
        identity=base.identity,
        complaints=base.complaints,
        banking=BankingService(GuardedCoreBanking(core, guard), base.audit, base.clock),
    )


@pytest.fixture
async def known(customer: Dialogue, sms: FakeSms) -> Dialogue:
    await customer.say("验证身份", "bind_account")
    await pass_code(customer, sms)
    return customer


@pytest.mark.parametrize("way", WAYS)
async def test_a_balance_that_cannot_be_had_can_be_asked_again(known: Dialogue, core: Outage, way: str):
    core.mode = way
    said = await known.say("工资卡还有多少钱", "check_balance", account_type="工资卡")
    assert "系统暂时没有响应" in said
    assert known.buttons == ["再试一次", "转人工"]
    core.mode = None
    assert "尾号1234的工资卡余额" in await known.press("再试一次")


@pytest.mark.parametrize("way", WAYS)
async def test_bookings_are_asked_again_as_they_were(known: Dialogue, core: Outage, way: str):
    core.mode = way
    await known.say("上个月工资", "check_transactions", date="上个月")
    core.mode = None
    assert "10月" in await known.press("再试一次")


async def test_it_may_fail_more_than_once(known: Dialogue, core: Outage):
    core.mode = "down"
    await known.say("查积分", "check_points")
    assert "系统暂时没有响应" in await known.press("再试一次")
    core.mode = None
    assert "积分" in await known.press("再试一次")


@pytest.mark.parametrize("way", WAYS)
async def test_a_lost_card_goes_to_a_person_at_once(known: Dialogue, core: Outage, way: str):
    core.mode = way
    said = await known.say("尾号5678的卡丢了", "report_lost_card", card_tail="5678")
    assert "优先办理" in said
    assert known.notes[-1]["reason"] == "lost_card"
    assert "尾号5678" in known.notes[-1]["note"]


@pytest.mark.parametrize("way", WAYS)
async def test_a_block_that_fails_after_the_confirmation_goes_to_a_person(known: Dialogue, core: Outage, way: str):
    await known.say("尾号5678的卡丢了", "report_lost_card", card_tail="5678")
    core.mode = way
    assert "没能马上为您挂失" in await known.press("确认挂失")
    assert "尾号5678" in known.notes[-1]["note"]


@pytest.mark.parametrize("way", WAYS)
async def test_an_identity_check_needs_the_crm_and_says_so(customer: Dialogue, crm: Outage, sms: FakeSms, way: str):
    crm.mode = way
    assert "系统暂时没有响应" in await customer.say("查余额", "check_balance")
    assert sms.sent == []
    crm.mode = None
    assert "验证码已发送" in await customer.press("再试一次")


@pytest.mark.parametrize("way", WAYS)
async def test_no_product_is_recommended_without_knowing_the_customer(known: Dialogue, crm: Outage, way: str):
    crm.mode = way
    assert "系统暂时没有响应" in await known.say("推荐个理财", "recommend_product")


@pytest.mark.parametrize("way", WAYS)
async def test_a_complaint_is_filed_without_the_crm(known: Dialogue, crm: Outage, way: str):
    crm.mode = way
    await known.say("我要投诉，网点排队两个小时没人管", "file_complaint", complaint_target="网点")
    await known.say("没有", "deny")
    assert "TS" in await known.say("确认提交", "affirm")


@pytest.mark.parametrize(
    ("text", "intent"), [("再试试", "nlu_fallback"), ("好的", "affirm"), ("重新查一下吧", "check_balance")]
)
async def test_another_try_can_be_asked_for_in_words(known: Dialogue, core: Outage, text: str, intent: str):
    core.mode = "down"
    await known.say("尾号1234的卡还有多少钱", "check_balance", card_tail="1234")
    assert "系统暂时没有响应" in await known.say(text, intent)
    core.mode = None
    said = await known.say(text, intent)
    assert "尾号1234的工资卡余额" in said
    assert "5678" not in said


async def test_a_recommendation_can_be_asked_for_again_in_words(known: Dialogue, crm: Outage):
    crm.mode = "down"
    await known.say("推荐个理财", "recommend_product")
    crm.mode = None
    assert "风险" in await known.say("再试一次吧", "nlu_fallback")


async def test_good_says_no_more_than_good_once_something_else_was_talked_about(known: Dialogue, core: Outage):
    core.mode = "down"
    await known.say("查积分", "check_points")
    core.mode = None
    await known.say("谢谢", "thank")
    assert "积分" not in await known.say("好的", "affirm")
