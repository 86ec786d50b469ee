"""Two customers about whom every table with personal data holds something."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from bot.application import Foundation, Gateway
from bot.bootstrap import build_foundation, build_gateway
from bot.channels.wechat import tables as wechat
from bot.complaints.models import ComplaintDraft, Outcome
from bot.conversations.rasa import HandoffWish
from bot.crm.tables import crm_records
from bot.handoff.outside.tables import outside_conversations
from bot.handoff.ratings import Ratings
from bot.handoff.tables import handoff_tickets, handoff_transfers, handoff_whispers
from bot.identity.tables import sms_outbox
from bot.knowledge.tables import knowledge_misses
from bot.rights.build import Rights, build_rights
from bot.settings import Settings
from bot.staff.models import Agent
from bot.storage.database import Database
from bot.storage.schema import metadata
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.sms import FakeSms
from tests.staff.people import hire, session_of

WANG, LI = "C1001", "C1002"
PHONES = {WANG: "13912340007", LI: "13712340008"}
ANSWER = "经核实，款项已于今日退回您的账户。"


@dataclass
class House:
    """An installation with its customers' conversations."""

    gateway: Gateway
    rights: Rights
    clock: FakeClock
    sms: FakeSms
    tracker_file: Path

    @property
    def base(self) -> Foundation:
        return self.gateway.foundation

    async def conversation(self, customer_id: str) -> str:
        """The customer signs in, gives a phone number and gets no answer, with all there is to leave behind."""
        conversation_id = (await self.gateway.log.open("web")).conversation_id
        await self.gateway.sessions.open(conversation_id)
        await self.gateway.identity.bind(conversation_id, customer_id)
        await self.gateway.conversations.receive(conversation_id, "m1", f"我的手机号是{PHONES[customer_id]}，急")
        await self.gateway.identity.start_challenge(conversation_id, resume="/check_balance")
        now, openid = self.clock(), f"openid-{customer_id}"
        rows: list[tuple[Any, dict[str, Any]]] = [
            (knowledge_misses, {"miss_id": customer_id, "text": "谁能回答", "missed_at": now}),
            (handoff_tickets, {"seq": 1, "reason": "asked", "left_at": now, "due_at": now}),
            (wechat.wechat_users, {"openid": openid}),
            (outside_conversations, {"outside_id": customer_id}),
            (wechat.wechat_bind_pages, {"page_hash": customer_id, "expires_at": now}),
        ]
        profile = await self.base.crm.profile_kept(customer_id, "customer.export")
        assert profile is not None
        waits = {"lease_until": now, "received_at": now}
        async with self.base.db.write() as connection:
            for table, row in rows:
                await connection.execute(insert(table).values(conversation_id=conversation_id, **row))
            user: list[tuple[Any, dict[str, Any]]] = [
                (wechat.wechat_inbound, {"request_key": customer_id, "sealed": b"x", **waits}),
                (wechat.wechat_replies, {"request_key": customer_id, "created_at": now}),
                (wechat.wechat_windows, {"occasion": "message", "pushes_left": 1, "ends_at": now}),
            ]
            for table, row in user:
                await connection.execute(insert(table).values(openid=openid, **row))
            message = {"phone": profile.phone, "text": "验证码123456", "sent_at": now}
            await connection.execute(insert(sms_outbox).values(message))
        return conversation_id

    async def conversation_again(self, customer_id: str) -> str:
        """The customer signs in once more and says hello, with a number for calls."""
        conversation_id = (await self.gateway.log.open("web")).conversation_id
        await self.gateway.identity.bind(conversation_id, customer_id)
        await self.gateway.conversations.receive(conversation_id, "m1", f"请打{PHONES[customer_id]}")
        return conversation_id

    async def served(self, conversation_id: str, agent: Agent) -> None:
        """A person looks after the customer, who rates it; the CRM has not heard of it yet."""
        async with self.gateway.log.change(conversation_id) as change:
            intents = ({"intent": "check_balance", "confidence": 0.9},)
            await self.gateway.handoff.queue(change, HandoffWish("asked", "想知道余额", intents))
        await self.gateway.handoff.claim(conversation_id, agent)
        now, here = self.clock(), {"conversation_id": conversation_id}
        transfer = {"from_agent": agent.agent_id, "note": "急", "offered_at": now, "ended_at": now}
        whisper = {"author_id": agent.agent_id, "text": "先安抚", "said_at": now}
        async with self.base.db.write() as connection:
            await connection.execute(insert(handoff_transfers).values({**here, **transfer}))
            await connection.execute(insert(handoff_whispers).values({**here, **whisper}))
        colleague = await hire(self.gateway, f"colleague-{conversation_id[:8]}")
        note_id = conversation_id[::-1]
        await self.gateway.aids.notes.write(conversation_id, agent, note_id, "请看", mentions=[colleague.agent_id])
        await self.gateway.aids.tags.put(conversation_id, agent, ["余额"])
        await self.gateway.handoff.give_back(conversation_id, agent, note="电话里说过")
        segment = (await self.gateway.log.get(conversation_id)).segment
        async with self.base.db.write() as connection:
            await Ratings(self.base.db, self.base.log, self.clock).record(connection, conversation_id, segment, 5)

    async def complaint(self, conversation_id: str) -> str:
        """Filed, and not answered yet."""
        who = await self.gateway.identity.principal(conversation_id)
        draft = ComplaintDraft("手机银行", "转账失败，钱没退回来", "尽快退款", "[手机号1]")
        number = (await self.base.complaints.file(who, draft, idempotency_key=conversation_id)).number
        async with self.base.db.write() as connection:
            await connection.execute(insert(crm_records).values(crm="zoho", number=number, record_id="1"))
        return number

    async def closed(self, number: str, agent: Agent) -> None:
        """Answered and closed, after more time was asked for."""
        desk = self.gateway.complaint_desk
        await desk.accept(number, agent)
        await self.gateway.complaint_extensions.request(number, agent, reason="要调取记录")
        await desk.investigate(number, agent)
        await desk.answer(number, agent, outcome=Outcome.UPHELD, text=ANSWER)
        await desk.close(number, agent)

    def dialogue_of(self, conversation_id: str, segment: int, *, ago: timedelta = timedelta()) -> None:
        """Rasa remembers two events."""
        at = (self.clock() - ago).timestamp()
        with closing(sqlite3.connect(self.tracker_file)) as connection, connection:
            connection.execute("CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, sender_id, timestamp, data)")
            row = "INSERT INTO events (sender_id, timestamp, data) VALUES (?, ?, ?)"
            for data in ("slot", "user"):
                connection.execute(row, (f"{conversation_id}.{segment}", at, data))

    def senders(self) -> list[str]:
        """Whom Rasa remembers."""
        with closing(sqlite3.connect(self.tracker_file)) as connection:
            rows = connection.execute("SELECT DISTINCT sender_id FROM events ORDER BY 1").fetchall()
        return [row[0] for row in rows]

    async def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        async with self.base.db.read() as connection:
            return {
                name: await connection.scalar(select(func.count()).select_from(table)) or 0
                for name, table in metadata.tables.items()
            }


@pytest.fixture
async def house(
    db: Database, clock: FakeClock, sms: FakeSms, dialogue: FakeDialogue, demo_bank: None, tmp_path: Path
) -> AsyncIterator[House]:
    """Its gateway and action server are one here."""
    settings = Settings(var_dir=tmp_path)
    base = build_foundation(settings, clock=clock, sms=sms, db=db)
    gateway = build_gateway(settings, foundation=base, dialogue=dialogue)
    yield House(gateway, build_rights(base), clock, sms, settings.tracker_file)
    await base.http.aclose()


@pytest.fixture
async def lin(house: House) -> Agent:
    agent = await hire(house.gateway, "lin", "林晓")
    await session_of(house.gateway, "lin")
    return agent


@pytest.fixture
async def wang(house: House, lin: Agent) -> str:
    """Wang's conversation, with a complaint that is closed; Li has left as much behind."""
    ids = []
    for customer_id in (WANG, LI):
        conversation_id = await house.conversation(customer_id)
        await house.served(conversation_id, lin)
        await house.closed(await house.complaint(conversation_id), lin)
        house.dialogue_of(conversation_id, 1)
        ids.append(conversation_id)
    return ids[0]
