"""Who is asked, and how soon."""

from typing import Any

import pytest

from bot.application import Gateway
from bot.bootstrap import build_foundation
from bot.conversations.rasa import HandoffWish
from bot.handoff.routing import Routing, Skill, Urgency, route
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.crm import FakeCrm
from tests.fakes.dialogue import FakeDialogue


def wish(reason: str, *intents: str, note: str | None = None) -> HandoffWish:
    return HandoffWish(reason, note, tuple({"intent": intent, "confidence": 0.9} for intent in intents))


@pytest.mark.parametrize(
    ("asked", "said", "skill", "urgency"),
    [
        (wish("asked"), "", Skill.GENERAL, Urgency.NORMAL),
        (wish("lost_card"), "", Skill.CARDS, Urgency.EMERGENCY),
        (wish("grave_complaint", "ask_faq"), "", Skill.COMPLAINTS, Urgency.EMERGENCY),
        (wish("anger", "check_balance"), "", Skill.COMPLAINTS, Urgency.UPSET),
        (wish("rasa_unavailable"), "信用卡怎么还", Skill.CARDS, Urgency.UPSET),
        (wish("asked", "recommend_product", "request_human"), "", Skill.WEALTH, Urgency.NORMAL),
        (wish("asked", "recommend_product", "check_credit_card", "request_human"), "", Skill.CARDS, Urgency.NORMAL),
        (wish("misses", "ask_faq"), "公积金贷款怎么提前还", Skill.LOANS, Urgency.NORMAL),
        (wish("asked", note="想买大额存单"), "", Skill.WEALTH, Urgency.NORMAL),
        (wish("misses"), "我要投诉你们的房贷", Skill.COMPLAINTS, Urgency.NORMAL),
    ],
)
def test_reason_then_intent_then_words(asked: HandoffWish, said: str, skill: Skill, urgency: Urgency) -> None:
    found = route(asked, said=said)
    assert (found.skill, found.urgency) == (skill, urgency)


def routing(gateway: Gateway) -> Routing:
    base = gateway.foundation
    return Routing(base.log, base.identity, base.crm, vip_segments=["私人银行客户"])


@pytest.mark.parametrize(
    ("customer_id", "reason", "expected"),
    [
        ("C1004", "asked", ("vip", Urgency.VIP)),
        ("C1004", "misses", ("misses", Urgency.VIP)),
        ("C1004", "anger", ("anger", Urgency.UPSET)),
        ("C1001", "asked", ("asked", Urgency.NORMAL)),
        ("C9999", "asked", ("asked", Urgency.NORMAL)),
    ],
)
async def test_private_banking_goes_first(
    gateway: Gateway, demo_bank: None, customer_id: str, reason: str, expected: tuple[Any, ...]
) -> None:
    conversation_id = (await gateway.log.open("web")).conversation_id
    await gateway.identity.bind(conversation_id, customer_id)
    found = await routing(gateway).of(conversation_id, wish(reason))
    assert (found.reason, found.urgency) == expected
    assert found.customer_id == customer_id


async def test_a_crm_that_is_away_holds_nobody_up(clock: FakeClock, db: Database, gateway: Gateway) -> None:
    crm = FakeCrm()
    crm.is_down = True
    base = build_foundation(gateway.settings, clock=clock, db=db, crm=crm)
    conversation_id = (await gateway.log.open("web")).conversation_id
    await gateway.identity.bind(conversation_id, "C1004")
    found = await Routing(base.log, base.identity, base.crm, vip_segments=["私人银行客户"]).of(
        conversation_id, wish("asked")
    )
    assert found.urgency is Urgency.NORMAL
    await base.http.aclose()


async def test_the_desk_sees_why_and_whose_matter(gateway: Gateway, dialogue: FakeDialogue) -> None:
    dialogue.will_hand_off("转人工")
    conversation_id = (await gateway.log.open("web")).conversation_id
    await gateway.conversations.receive(conversation_id, "m1", "房贷利率什么时候调整")
    await gateway.conversations.receive(conversation_id, "m2", "转人工")
    handoff = await gateway.handoff.latest(conversation_id)
    assert handoff is not None
    assert (handoff.skill, handoff.urgency) == ("loans", 4)
