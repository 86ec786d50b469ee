import json
from datetime import date
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from bot.bootstrap import build_foundation
from bot.complaints.tables import complaints
from bot.conversations.messages import Author, Draft, State
from bot.conversations.rasa import HandoffWish
from bot.gateway import create_app
from bot.handoff.tables import handoffs, ratings
from bot.privacy.errors import DestroyedKeyError
from bot.privacy.tables import audit_log
from bot.rights.build import build_rights
from bot.rights.erasure import Erased
from bot.rights.errors import ErasureRefusedError
from bot.staff.models import Agent
from bot.storage.database import Database
from tests.fakes.crm import FakeCrm
from tests.rights.conftest import LI, PHONES, WANG, House


async def erase(house: House) -> Erased:
    return await house.rights.erasure.erase(WANG, actor="admin:root", reason="by letter")


async def test_what_goes_and_what_stays(house: House, wang: str) -> None:
    before = await house.counts()
    erased = await erase(house)
    after = await house.counts()
    halved = {"messages", "sessions", "identity_bindings", "challenges", "knowledge_misses", "data_keys"}
    halved |= {"sms_outbox", *(f"wechat_{name}" for name in ("users", "inbound", "replies", "windows", "bind_pages"))}
    assert {name: after[name] for name in halved} == {name: before[name] // 2 for name in halved}
    for name in ("conversations", "handoffs", "ratings", "complaints", "complaint_timeline", "sealed_values"):
        assert after[name] == before[name]
    assert after["crm_customers"] == before["crm_customers"]
    assert erased.gone["the keys of sealed values"] == 1
    assert erased.gone["Rasa's memory of dialogues"] == 2
    assert len(house.senders()) == 1
    assert house.senders() != [f"{wang}.1"]
    with pytest.raises(DestroyedKeyError):
        await house.base.vault.open(wang, "[手机号1]")


async def test_what_the_law_keeps_is_named_with_its_last_day(house: House, wang: str) -> None:
    kept = {each.what: each for each in (await erase(house)).kept}
    assert kept["complaints"].rows == 1
    assert kept["complaints"].until == date(2031, 11, 22)  # closed on 23 November 2026, kept for 1825 days
    assert kept["what happened to complaints"].until == date(2031, 11, 22)
    assert kept["who read or changed the customer's data"].until == date(2031, 11, 22)
    assert kept["phone, card and ID numbers, encrypted"].why == "unreadable: their keys are destroyed"


async def test_notes_and_the_link_of_a_rating_go(house: House, wang: str, db: Database) -> None:
    await erase(house)
    async with db.read() as connection:
        noted = select(handoffs.c.note, handoffs.c.agent_note, handoffs.c.intents)
        left = await connection.execute(noted.where(handoffs.c.conversation_id == wang))
        assert left.all() == [(None, None, [])]
        rated = (await connection.execute(select(ratings.c.conversation_id, ratings.c.score))).all()
    assert sorted((row[0] is None, row[1]) for row in rated) == [(False, 5), (True, 5)]


async def test_writes_about_a_complaint_still_reach_the_crm(house: House, wang: str) -> None:
    await erase(house)
    kinds = [(write.kind, write.subject == wang) for write in await house.base.outbox.waiting()]
    assert ("open_case", False) in kinds
    assert ("write_interaction", True) not in kinds


async def test_a_second_time_nothing_is_left(house: House, wang: str) -> None:
    await erase(house)
    again = await erase(house)
    assert again.gone == {}
    assert "complaints" in {each.what for each in again.kept}


async def test_it_is_audited_and_the_log_holds(house: House, wang: str, db: Database) -> None:
    await erase(house)
    async with db.read() as connection:
        row = (await connection.execute(select(audit_log).where(audit_log.c.action == "privacy.erase"))).one()
    assert (row.actor, row.customer_id, row.reason) == ("admin:root", WANG, "by letter")
    assert row.detail["gone"]["one-time codes"] == 1
    assert not (await house.base.audit_verifier.verify()).breaks


async def test_nothing_is_erased_while_a_complaint_is_open(house: House, wang: str) -> None:
    number = await house.complaint(await house.conversation_again(WANG))
    before = await house.counts()
    with pytest.raises(ErasureRefusedError, match=f"complaint {number} is still open"):
        await erase(house)
    assert await house.counts() == before


@pytest.mark.parametrize("state", [State.QUEUED, State.AGENT])
async def test_nothing_is_erased_while_people_serve_the_customer(
    house: House, wang: str, lin: Agent, state: State
) -> None:
    async with house.gateway.log.change(wang) as change:
        await house.gateway.handoff.queue(change, HandoffWish("asked"))
    if state is State.AGENT:
        await house.gateway.handoff.claim(wang, lin)
    with pytest.raises(ErasureRefusedError, match=f"conversation {wang} is {state.value}"):
        await erase(house)


async def test_the_desk_opens_what_was_erased(house: House, wang: str, db: Database) -> None:
    async with db.read() as connection:
        number = await connection.scalar(select(complaints.c.number).where(complaints.c.conversation_id == wang))
    await erase(house)
    app = create_app(house.gateway.settings, house.gateway)
    app.state.gateway = house.gateway
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://test", headers={"X-Desk": "1"}
    ) as desk:
        await desk.post("/api/desk/login", json={"login": "lin", "password": "correct horse"})
        shown = (await desk.get(f"/api/desk/conversations/{wang}")).json()
        assert (shown["messages"], shown["customer"], shown["conversation"]["state"]) == ([], None, "closed")
        assert (await desk.get("/api/desk/conversations", params={"view": "all"})).status_code == 200
        complaint = (await desk.get(f"/api/desk/complaints/{number}")).json()
        assert "转账失败，钱没退回来" in json.dumps(complaint, ensure_ascii=False)
        reopened = await desk.post(f"/api/desk/complaints/{number}/reopen", json={"reason": "客户来电"})
        assert reopened.status_code == 200


async def test_the_customer_may_come_back(house: House, wang: str) -> None:
    await erase(house)
    async with house.gateway.log.change(wang) as change:
        assert (await change.append(Draft(Author.SYSTEM, "…"))).seq > 1
    again = await house.conversation_again(WANG)
    copy = await house.rights.export.document(WANG, actor="admin:root", reason="test")
    assert {message["conversation_id"] for message in copy["database"]["messages"]} == {wang, again}


async def test_a_conversation_shared_with_another_customer_is_left_alone_and_named(house: House, wang: str) -> None:
    await house.gateway.identity.bind(wang, LI)
    erased = await erase(house)
    assert erased.shared_ids == (wang,)
    assert await house.gateway.log.messages(wang)


async def test_erased_words_stand_nowhere_in_the_file(house: House, wang: str, db: Database) -> None:
    """Neither as rows nor as pages that were given back, in the database and its journal."""
    if not db.is_sqlite:
        pytest.skip("how PostgreSQL keeps its pages is its own affair")
    await house.gateway.conversations.receive(wang, "m2", "仙人掌与骆驼")
    wanted = "仙人掌与骆驼".encode()
    files = [name for suffix in ("", "-wal") for name in [f"{db.url.database}{suffix}"]]
    assert any(wanted in _content(name) for name in files)
    await erase(house)
    assert not any(wanted in _content(name) for name in files)
    assert not any(PHONES[WANG].encode() in _content(name) for name in files)


def _content(name: str) -> bytes:
    file = Path(name)
    return file.read_bytes() if file.exists() else b""


async def test_without_the_crm_the_rest_is_erased(house: House, wang: str) -> None:
    crm = FakeCrm()
    crm.is_down = True
    base = build_foundation(house.gateway.settings, clock=house.clock, db=house.base.db, crm=crm)
    erased = await build_rights(base).erasure.erase(WANG, actor="admin:root", reason="by letter")
    assert "what was said" in erased.gone
    await base.http.aclose()
