"""Who may see what the desk masks, and what the audit log keeps of it."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.application import Gateway
from bot.complaints.models import ComplaintDraft
from bot.conversations.rasa import HandoffWish
from bot.crm.demo import demo_customers
from bot.privacy.tables import audit_log
from bot.staff.models import Agent
from tests.staff.people import browser, hire, sign_in

PHONE = "13812345678"
WISH = {"what": "[手机号1]", "reason": "contact"}


@pytest.fixture
async def conversation(gateway: Gateway, lin: Agent, zhou: Agent, demo_bank: None) -> str:
    """In lin's hands: a demo customer who has written a phone number."""
    conversation_id = (await gateway.log.open("web")).conversation_id
    await gateway.identity.bind(conversation_id, "C1001")
    await gateway.conversations.receive(conversation_id, "m1", f"请打{PHONE}找我")
    async with gateway.log.change(conversation_id) as change:
        await gateway.handoff.queue(change, HandoffWish("asked"))
    await gateway.handoff.claim(conversation_id, lin)
    return conversation_id


async def revealed(gateway: Gateway, login: str, conversation_id: str, **wish: Any) -> httpx.Response:
    async with browser(gateway) as desk:
        await sign_in(desk, login)
        return await desk.post(f"conversations/{conversation_id}/reveal", json={**WISH, **wish})


async def entries(gateway: Gateway) -> list[Any]:
    query = select(audit_log).where(audit_log.c.action == "customer.reveal").order_by(audit_log.c.id)
    async with gateway.foundation.db.read() as connection:
        return list((await connection.execute(query)).all())


async def complaint_of(gateway: Gateway, conversation_id: str, handler: Agent | None = None) -> str:
    who = await gateway.identity.principal(conversation_id)
    draft = ComplaintDraft(target="手机银行", what="转账失败", wish="尽快退款")
    number = (await gateway.foundation.complaints.file(who, draft, idempotency_key="k1")).number
    if handler is not None:
        await gateway.complaint_desk.accept(number, handler)
    return number


async def test_who_serves_a_customer_sees_a_value_and_the_audit_log_why(
    gateway: Gateway, lin: Agent, conversation: str
) -> None:
    answer = await revealed(gateway, "lin", conversation, note="客户要求回电")
    assert (answer.status_code, answer.json()) == (200, {"value": PHONE})
    assert answer.headers["cache-control"] == "no-store"
    (entry,) = await entries(gateway)
    assert (entry.actor, entry.customer_id, entry.conversation_id) == (lin.actor, "C1001", conversation)
    assert entry.detail == {"what": "[手机号1]", "complaint": None}
    assert entry.reason == "contact: 客户要求回电"


async def test_name_and_phone_on_file_are_shown_too(gateway: Gateway, conversation: str) -> None:
    profile = next(each for each in demo_customers() if each.customer_id == "C1001")
    for what, value in (("name", profile.name), ("phone", profile.phone)):
        assert (await revealed(gateway, "lin", conversation, what=what)).json() == {"value": value}
    kept = str(await entries(gateway))
    assert profile.name not in kept
    assert profile.phone not in kept


async def test_a_number_in_the_note_does_not_reach_the_audit_log(gateway: Gateway, conversation: str) -> None:
    await revealed(gateway, "lin", conversation, note=f"回电{PHONE}")
    (entry,) = await entries(gateway)
    assert entry.reason == "contact: 回电[手机号]"


@pytest.mark.parametrize("wish", [{"reason": "curious"}, {"reason": "other"}, {"reason": "other", "note": "  "}])
async def test_without_a_reason_nothing_is_shown(gateway: Gateway, conversation: str, wish: dict[str, str]) -> None:
    assert (await revealed(gateway, "lin", conversation, **wish)).status_code == 422
    assert await entries(gateway) == []


async def test_colleagues_see_nothing_and_supervisors_do(gateway: Gateway, conversation: str) -> None:
    refused = await revealed(gateway, "zhou", conversation)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
    await hire(gateway, "wu", role="supervisor")
    assert (await revealed(gateway, "wu", conversation)).json() == {"value": PHONE}
    await hire(gateway, "zheng", role="auditor")
    assert (await revealed(gateway, "zheng", conversation)).json()["code"] == "not_permitted"
    assert len(await entries(gateway)) == 1


async def test_once_the_service_is_over_so_is_the_right(gateway: Gateway, lin: Agent, conversation: str) -> None:
    await gateway.handoff.close(conversation, lin)
    assert (await revealed(gateway, "lin", conversation)).status_code == 403


async def test_who_handles_a_complaint_sees_its_customer(gateway: Gateway, zhou: Agent, conversation: str) -> None:
    number = await complaint_of(gateway, conversation, zhou)
    assert (await revealed(gateway, "zhou", conversation)).json() == {"value": PHONE}
    assert (await revealed(gateway, "zhou", conversation, what="name", complaint=number)).is_success
    assert [entry.detail["complaint"] for entry in await entries(gateway)] == [None, number]
    other = await revealed(gateway, "zhou", conversation, complaint="TS2026112300099")
    assert other.json()["code"] == "not_yours"


async def test_a_complaint_shows_its_own_customer_not_who_uses_the_conversation_now(
    gateway: Gateway, zhou: Agent, conversation: str
) -> None:
    number = await complaint_of(gateway, conversation, zhou)
    mine = await gateway.foundation.crm.profile_kept("C1001", "customer.export")
    await gateway.identity.bind(conversation, "C1002")
    assert mine is not None
    shown = await revealed(gateway, "zhou", conversation, what="name", complaint=number)
    assert shown.json() == {"value": mine.name}
    assert (await revealed(gateway, "zhou", conversation, what="name")).json()["code"] == "not_yours"


@pytest.mark.parametrize("what", ["[手机号2]", "[卡号1]", "[验证码]", "address", "[手机号1] "])
async def test_what_is_not_there_is_not_shown(gateway: Gateway, conversation: str, what: str) -> None:
    answer = await revealed(gateway, "lin", conversation, what=what)
    assert (answer.status_code, answer.json()["code"]) == (404, "nothing_to_reveal")


async def test_conversations_closed_to_the_desk_stay_closed(gateway: Gateway, demo_bank: None) -> None:
    await hire(gateway, "wu", role="supervisor")
    conversation_id = (await gateway.log.open("web")).conversation_id
    await gateway.identity.bind(conversation_id, "C1001")
    for unknown in (conversation_id, "nonsense"):
        assert (await revealed(gateway, "wu", unknown, what="name")).status_code == 404


async def test_nobody_reads_through_the_customers(gateway: Gateway, conversation: str) -> None:
    gateway.settings.reveals_per_minute = 2
    answers = [await revealed(gateway, "lin", conversation) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert len(await entries(gateway)) == 2


async def test_the_desk_is_told_whether_to_offer_it_and_gets_no_value_itself(
    gateway: Gateway, lin: Agent, zhou: Agent, conversation: str
) -> None:
    number = await complaint_of(gateway, conversation, zhou)
    profile = next(each for each in demo_customers() if each.customer_id == "C1001")
    await hire(gateway, "zheng", role="auditor")
    offered = {}
    for login in ("lin", "zhou", "zheng"):
        async with browser(gateway) as desk:
            await sign_in(desk, login)
            answers = [
                await desk.get(path)
                for path in (f"conversations/{conversation}", "conversations?view=all", f"complaints/{number}")
            ]
            told = "".join(answer.text for answer in answers)
            assert not [value for value in (PHONE, profile.name, profile.phone) if value in told]
            offered[login] = (answers[0].json()["reveals"], answers[2].json()["complaint"]["reveals"])
    assert offered == {"lin": (True, False), "zhou": (True, True), "zheng": (False, False)}
