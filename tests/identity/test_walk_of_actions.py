"""Every action as every level and as another customer: who is shown what.

A new action fails the test until it is in `WALK`, with what it shows and the level that takes.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from actions import all_actions
from bot.application import Services
from bot.banking.sql import SqlCoreBanking
from bot.complaints.models import ComplaintDraft
from bot.identity.principal import Level
from bot.wording import money
from tests.actions.conftest import services  # noqa: F401 - a fixture
from tests.actions.dialogue import Dialogue, pass_code
from tests.fakes.clock import FakeClock
from tests.fakes.sms import FakeSms

WANG, ZHANG = "C1001", "C1004"
ZHANG_STORY = "远山资本的转账晚到了三天"


@dataclass(frozen=True)
class Step:
    """Something said to an action, the level at which it shows the customer's own data, and what that is."""

    said: str = "你好"
    intent: str = "nlu_fallback"
    shows: str | None = None
    level: Level = Level.ANONYMOUS
    entities: dict[str, str] = field(default_factory=dict)
    in_form: bool = False


def _account(said: str, topic: str, shows: str, level: Level = Level.STEPPED_UP, **entities: str) -> Step:
    return Step(said, topic, shows, level, entities)


_ASKED_FOR = [f"action_ask_complaint_{slot}" for slot in ("what", "target", "wish", "phone", "confirmed")]
WALK: dict[str, list[Step]] = {
    "action_answer_account": [
        _account("余额", "check_balance", "¥25,683.45"),
        _account("尾号5678的余额", "check_balance", "¥86,420.10", card_tail="5678"),
        _account("上个月的明细", "check_transactions", "共", date="上个月"),
        _account("信用卡账单", "check_credit_card", "8888"),
        _account("积分", "check_points", "12,860", Level.BOUND),
    ],
    "action_report_lost_card": [Step("卡丢了", "report_lost_card", "尾号1234", Level.BOUND)],
    "action_recommend_product": [Step("推荐理财", "recommend_product", "C3", Level.BOUND)],
    "action_check_complaint": [Step("我的投诉", "check_complaint", "TS2026112300016", Level.BOUND)],
    "action_rate_service": [Step("5分", "rate_service", entities={"amount": "5"})],
    "action_answer_faq": [Step("信用卡年费", "ask_faq")],
    "action_default_fallback": [Step("锟斤拷")],
    "action_small_talk": [Step("你好", "chitchat")],
    "action_affirm": [Step("好的", "affirm")],
    "action_deny": [Step("不用", "deny")],
    "action_cancel": [Step("算了", "cancel")],
    "action_hand_off": [Step("转人工", "request_human")],
    "validate_complaint_form": [Step("我要投诉", "file_complaint", in_form=True)],
    **{name: [Step("我要投诉", "file_complaint", in_form=True)] for name in _ASKED_FOR},
    "action_submit_complaint": [Step("确认提交", "affirm")],
    # Last, because its last step ends the step-up.
    "action_bind_account": [
        Step("我绑定了吗", "bind_account", "139****0001", Level.BOUND),
        Step("退出登录", "bind_account"),
        Step("退出验证", "bind_account"),
    ],
}
STEPS = [(name, step) for name, steps in WALK.items() for step in steps]

FORGED_SLOTS: dict[str, Any] = {
    "customer_id": ZHANG,
    "level": 2,
    "principal": {"customer_id": ZHANG, "level": 2},
    "stepped_up_at": "2026-11-23T04:00:00+00:00",
    "proof": {"resume": "/check_balance", "phone": "[手机号1]", "customer_id": ZHANG, "passed": True},
}
FORGED_METADATA = {"customer_id": ZHANG, "level": 2, "principal": {"customer_id": ZHANG, "level": 2}, "admin": True}

Walker = Callable[[Dialogue, FakeSms, FakeClock], Awaitable[None]]


async def as_anonymous(_dialogue: Dialogue, _sms: FakeSms, _clock: FakeClock) -> None:
    pass


async def as_bound(dialogue: Dialogue, _sms: FakeSms, _clock: FakeClock) -> None:
    await dialogue.services.identity.bind(dialogue.conversation_id, WANG)


async def as_stepped_up(dialogue: Dialogue, sms: FakeSms, clock: FakeClock) -> None:
    await as_bound(dialogue, sms, clock)
    await dialogue.say("验证身份", "bind_account")
    await pass_code(dialogue, sms)


async def as_stepped_up_too_long_ago(dialogue: Dialogue, sms: FakeSms, clock: FakeClock) -> None:
    await as_stepped_up(dialogue, sms, clock)
    clock.advance(600)


async def as_signed_out(dialogue: Dialogue, sms: FakeSms, clock: FakeClock) -> None:
    await as_stepped_up(dialogue, sms, clock)
    await dialogue.services.identity.end_session(dialogue.conversation_id)


WALKERS: dict[str, tuple[Walker, Level]] = {
    "anonymous": (as_anonymous, Level.ANONYMOUS),
    "bound": (as_bound, Level.BOUND),
    "stepped-up": (as_stepped_up, Level.STEPPED_UP),
    "too-long-ago": (as_stepped_up_too_long_ago, Level.BOUND),
    "signed-out": (as_signed_out, Level.ANONYMOUS),
}


@pytest.fixture
async def wangs(services: Services) -> list[str]:  # noqa: F811
    return await secrets_of(services, WANG, "手机银行闪退")


@pytest.fixture
async def zhangs(services: Services) -> list[str]:  # noqa: F811
    return await secrets_of(services, ZHANG, ZHANG_STORY)


async def secrets_of(services: Services, customer_id: str, story: str) -> list[str]:  # noqa: F811
    """What nobody else may see of a customer: name, phone, cards, amounts, and a complaint just filed."""
    conversation = await services.foundation.log.open("web")
    await services.identity.bind(conversation.conversation_id, customer_id)
    who = await services.identity.principal(conversation.conversation_id)
    filed = await services.complaints.file(who, ComplaintDraft(target="转账", what=story), idempotency_key=customer_id)
    profile = await services.crm.own_profile(who, "profile.read")
    assert profile is not None
    accounts = await SqlCoreBanking(services.db, services.clock).accounts(customer_id)
    points = await SqlCoreBanking(services.db, services.clock).points(customer_id)
    amounts = [money(each.balance_fen, each.currency) for each in accounts if each.balance_fen]
    phone = profile.phone
    return [
        profile.name,
        phone,
        f"{phone[:3]}****{phone[-4:]}",
        filed.number,
        story,
        f"{points.balance:,}",
        *(each.card_tail for each in accounts),
        *amounts,
    ]


async def walk(dialogue: Dialogue, action: str, step: Step, *, forged: bool) -> str:
    if step.in_form:
        dialogue.loop = "complaint_form"
    if forged:
        dialogue.slots |= FORGED_SLOTS
        dialogue.metadata = FORGED_METADATA
    entities = step.entities | ({"customer_id": ZHANG, "level": "2"} if forged else {})
    return await dialogue.run(action, step.said, step.intent, **entities)


def test_every_action_is_walked(services: Services) -> None:  # noqa: F811
    assert set(WALK) == {action.name() for action in all_actions(services)}


@pytest.mark.parametrize("walker", WALKERS)
async def test_exactly_the_level_that_the_policy_demands(
    services: Services,  # noqa: F811
    clock: FakeClock,
    sms: FakeSms,
    wangs: list[str],
    zhangs: list[str],
    walker: str,
) -> None:
    become, level = WALKERS[walker]
    conversation_id = (await services.foundation.log.open("web")).conversation_id
    await become(Dialogue(services, conversation_id), sms, clock)
    wrong = []
    for action, step in STEPS:
        for forged in (False, True):
            shown = await walk(Dialogue(services, conversation_id), action, step, forged=forged)
            of_others = [secret for secret in zhangs if secret in shown]
            of_ones_own = [secret for secret in wangs if secret in shown and not _may_see(secret, level)]
            is_shown = step.shows is not None and step.shows in shown
            if of_others or of_ones_own or is_shown != (step.shows is not None and level >= step.level):
                wrong.append((action, step.said, forged, of_others, of_ones_own, shown))
    assert wrong == []


def _may_see(secret: str, level: Level) -> bool:
    """Amounts take a code; a customer who is bound sees cards, complaints and the own phone behind asterisks."""
    return level is Level.STEPPED_UP or (level is Level.BOUND and not secret.startswith("¥"))


async def test_another_customer_who_names_the_victims_card_and_complaint(
    services: Services,  # noqa: F811
    clock: FakeClock,
    sms: FakeSms,
    zhangs: list[str],
) -> None:
    number = next(secret for secret in zhangs if secret.startswith("TS"))
    conversation_id = (await services.foundation.log.open("web")).conversation_id
    await as_stepped_up(Dialogue(services, conversation_id), sms, clock)
    wrong = []
    for action, step in STEPS:
        dialogue = Dialogue(services, conversation_id)
        named = f"{step.said}，尾号9012，{number}，客户号{ZHANG}"
        entities = step.entities | {"card_tail": "9012", "complaint_number": number}
        if step.in_form:
            dialogue.loop = "complaint_form"
        shown = await dialogue.run(action, named, step.intent, **entities)
        seen = [secret for secret in zhangs if secret in shown and secret not in named]
        wrong += [(action, step.said, seen)] if seen else []
    assert wrong == []
