"""The real adapters against servers that cut, stall and break at each step of each request."""

import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.application import Services
from bot.banking.service import BankingService
from bot.banking.sql import SqlCoreBanking
from bot.bootstrap import build_core_banking, build_foundation
from bot.clock import bank_date
from bot.crm import demo
from bot.settings import ROOT, Settings
from bot.storage.database import Database
from examples.core_bank.server import create_app as create_core
from tests.actions.dialogue import Dialogue, pass_code
from tests.fakes.clock import FakeClock
from tests.fakes.sms import FakeSms
from tests.stubs.faults import Fault, Faults
from tests.stubs.serving import serving
from tests.stubs.zoho.server import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, Zoho
from tests.stubs.zoho.server import create_app as create_zoho

WAYS: list[dict[str, Any]] = [
    {"kind": "cut"},
    {"kind": "cut_after"},
    {"kind": "slow", "seconds": 2.5},
    {"kind": "answer", "status": 500, "body": "<html>oops</html>"},
    {"kind": "answer", "status": 200, "body": "<html>gateway</html>"},
]
each_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: "-".join(str(part) for part in way.values())[:14])
STEPS = {
    "accounts": ("卡里还有多少钱", "check_balance", "余额"),
    "transactions": ("最近的明细", "check_transactions", "笔交易"),
    "bills": ("信用卡账单", "check_credit_card", "账单"),
    "points": ("查积分", "check_points", "积分"),
}
APOLOGY = "系统暂时没有响应"


@pytest.fixture
def core() -> Faults:
    """What goes wrong with the core."""
    return Faults()


@pytest.fixture
def zoho(clock: FakeClock) -> Zoho:
    zoho = Zoho()
    for customer in demo.profiles(bank_date(clock())):
        zoho.store.add_contact(customer)
    return zoho


@pytest.fixture
def settings(db: Database, clock: FakeClock, core: Faults, zoho: Zoho, demo_bank: None) -> Iterator[Settings]:
    """A bank whose core and CRM are other servers, with little patience."""
    books = Database(db.url.render_as_string(hide_password=False))  # the server has an event loop of its own
    bank = create_core(SqlCoreBanking(books, clock), "right")
    with serving(core.around(bank)) as core_url, serving(create_zoho(zoho)) as crm_url:
        yield Settings(
            core_banking="http",
            core_url=f"{core_url}/v1",
            core_token="right",
            core_timeout_s=1,
            crm="zoho",
            crm_mapping_file=ROOT / "examples/crm/zoho.yml",
            crm_timeout_s=1,
            zoho_accounts_url=crm_url,
            zoho_api_url=crm_url,
            zoho_client_id=CLIENT_ID,
            zoho_client_secret=CLIENT_SECRET,
            zoho_refresh_token=REFRESH_TOKEN,
            answer_within_s=1.5,
            breaker_threshold=100,
        )


@pytest.fixture
async def services(services: Services, settings: Settings, clock: FakeClock, sms: FakeSms) -> AsyncIterator[Services]:
    base = build_foundation(settings, clock=clock, sms=sms, db=services.db)
    yield replace(
        services,
        foundation=base,
        settings=settings,
        crm=base.crm,
        identity=base.identity,
        complaints=base.complaints,
        banking=BankingService(build_core_banking(base), base.audit, base.clock),
    )
    await base.http.aclose()


@pytest.fixture
async def known(customer: Dialogue, sms: FakeSms) -> Dialogue:
    await customer.say("验证身份", "bind_account")
    await pass_code(customer, sms)
    return customer


async def fail(faults: Faults, way: dict[str, Any], match: str, times: int) -> None:
    await faults.add(Fault(**way, match=match, times=times))


@pytest.mark.parametrize("step", STEPS)
async def test_the_customer_is_told_and_asks_again(known: Dialogue, core: Faults, step: str):
    text, intent, answered = STEPS[step]
    for way in WAYS:
        await fail(core, way, f"/{step}", times=99)
        assert APOLOGY in await known.say(text, intent), way
        assert known.buttons == ["再试一次", "转人工"]
        await core.clear()
        assert answered in await known.press("再试一次"), way


@pytest.mark.parametrize("step", STEPS)
async def test_a_single_fault_costs_no_more_than_a_second_try(known: Dialogue, core: Faults, step: str):
    text, intent, answered = STEPS[step]
    for way in WAYS:
        await fail(core, way, f"/{step}", times=1)
        said = await known.say(text, intent)
        assert (APOLOGY if way["kind"] == "slow" else answered) in said, way


@each_way
async def test_a_block_whose_answer_is_lost_once_is_told_as_done(known: Dialogue, core: Faults, way: dict[str, Any]):
    await known.say("尾号5678的卡丢了", "report_lost_card", card_tail="5678")
    await fail(core, way, "/block", times=1)
    said = await known.press("确认挂失")
    assert ("没能马上为您挂失" if way["kind"] == "slow" else "已为您挂失尾号5678") in said


@each_way
async def test_a_block_without_an_answer_goes_to_a_person_who_knows_which(
    known: Dialogue, core: Faults, way: dict[str, Any]
):
    await known.say("尾号5678的卡丢了", "report_lost_card", card_tail="5678")
    await fail(core, way, "/block", times=99)
    assert "人工客服优先办理" in await known.press("确认挂失")
    assert known.handoff is not None
    assert known.handoff["reason"] == "lost_card"
    assert "尾号5678" in known.handoff["note"]


async def test_a_lost_card_goes_to_a_person_when_the_cards_cannot_be_listed(known: Dialogue, core: Faults):
    for way in WAYS:
        await fail(core, way, "/accounts", times=99)
        await known.say("尾号5678的卡丢了", "report_lost_card", card_tail="5678")
        assert known.handoff is not None, way
        assert "尾号5678" in known.handoff["note"], way
        await core.clear()


async def test_a_stranger_who_lost_a_card_comes_to_a_person_when_nobody_can_be_identified(
    stranger: Dialogue, zoho: Zoho
):
    sealed = await stranger.services.vault.seal(stranger.conversation_id, "13900000001")
    for way in WAYS:
        await fail(zoho.faults, way, "", times=99)
        await stranger.say(f"我的卡丢了，电话{sealed}", "report_lost_card", phone=sealed)
        assert stranger.handoff is not None, way
        assert stranger.handoff["reason"] == "lost_card", way
        await zoho.faults.clear()


@pytest.mark.parametrize("step", ["/oauth", "/search"])
async def test_an_identity_check_says_that_it_has_to_wait(stranger: Dialogue, zoho: Zoho, sms: FakeSms, step: str):
    await stranger.say("查余额", "check_balance")
    sealed = await stranger.services.vault.seal(stranger.conversation_id, "13900000001")
    for way in WAYS:
        await fail(zoho.faults, way, step, times=99)
        assert APOLOGY in await stranger.say(sealed, "bind_account", phone=sealed), way
        await zoho.faults.clear()
    assert sms.sent == []
    assert "验证码已发送" in await stranger.press("再试一次")
    assert "余额" in await pass_code(stranger, sms)


@each_way
async def test_a_complaint_is_filed_and_reaches_the_crm_when_it_is_back(
    known: Dialogue, zoho: Zoho, clock: FakeClock, way: dict[str, Any]
):
    await fail(zoho.faults, way, "", times=99)
    await known.say("我要投诉，网点排队两个小时没人管", "file_complaint", complaint_target="网点")
    await known.say("没有", "deny")
    assert "TS" in await known.say("确认提交", "affirm")
    deliverer = known.services.foundation.deliverer
    assert await deliverer.deliver() == 0
    await zoho.faults.clear()
    clock.advance(60)
    assert await deliverer.deliver() == 1
    (case,) = zoho.store.records["Cases"].values()
    assert "排队两个小时" in case["Description"]


async def test_by_default_nobody_waits_for_more_than_three_seconds(
    known: Dialogue, services: Services, settings: Settings, core: Faults, zoho: Zoho, sms: FakeSms
):
    """Be a system silent, or each of two calls so slow that only one of them fits into an answer."""
    names = ("answer_within_s", "core_timeout_s", "crm_timeout_s")
    patient = settings.model_copy(update={name: Settings.model_fields[name].default for name in names})
    base = build_foundation(patient, clock=services.clock, sms=sms, db=services.db)
    banking = BankingService(build_core_banking(base), base.audit, base.clock)
    dialogue = Dialogue(replace(services, settings=patient, crm=base.crm, banking=banking), known.conversation_id)
    slow = {"core": core, "crm": zoho.faults}
    for system, seconds, text, intent, card in (
        ("crm", 4, "推荐个理财", "recommend_product", {}),
        ("core", 4, "查余额", "check_balance", {}),
        ("core", 1.7, "工资卡明细", "check_transactions", {"account_type": "工资卡"}),
    ):
        await slow[system].add(Fault(kind="slow", seconds=seconds, times=99))
        started = time.monotonic()
        assert APOLOGY in await dialogue.say(text, intent, **card), text
        assert time.monotonic() - started < 4, text  # 2.5 on a machine that does nothing else
        await slow[system].clear()
    await base.http.aclose()
