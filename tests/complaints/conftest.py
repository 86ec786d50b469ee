"""A bank that takes complaints: two customers, a stranger, three agents, and a CRM in memory."""

from dataclasses import dataclass

import pytest

from bot.bootstrap import load_texts
from bot.complaints.deadlines import LegalClock
from bot.complaints.desk import ComplaintDesk
from bot.complaints.export import ComplaintExport
from bot.complaints.extensions import ComplaintExtensions
from bot.complaints.ledger import Ledger
from bot.complaints.models import ComplaintDraft
from bot.complaints.overview import ComplaintOverview
from bot.complaints.service import ComplaintService
from bot.conversations.fanout import InProcessFanout
from bot.conversations.log import ConversationLog
from bot.conversations.messages import Author
from bot.crm.models import Case
from bot.crm.outbox import CrmOutbox
from bot.crm.service import CrmService
from bot.identity.principal import Level, Principal
from bot.privacy.audit import Audit
from bot.privacy.vault import Vault
from bot.settings import Settings
from bot.staff.models import Agent
from bot.storage.database import Database
from bot.texts import Texts
from tests.contracts.crm import LI, WANG
from tests.fakes.clock import FakeClock
from tests.fakes.crm import FakeCrm

SECRET = "a-secret-of-at-least-32-characters!"
DAYS = LegalClock(answer_days=15, complex_days=30, extension_days=30, warning_days=3, reopen_days=30)
LIN = Agent("a1", "agent1", "林晓", "agent")
ZHOU = Agent("a2", "agent2", "周岚", "agent")
WU = Agent("s1", "supervisor1", "吴敏", "supervisor")
HE = Agent("s2", "supervisor2", "何静", "supervisor")
DRAFT = ComplaintDraft(target="手机银行", what="转账失败，钱没退回来", wish="尽快退款")


@dataclass
class Bank:
    """Everything that has to do with complaints."""

    db: Database
    clock: FakeClock
    log: ConversationLog
    crm: FakeCrm
    outbox: CrmOutbox
    vault: Vault
    audit: Audit
    texts: Texts
    ledger: Ledger
    service: ComplaintService
    desk: ComplaintDesk
    extensions: ComplaintExtensions
    overview: ComplaintOverview
    export: ComplaintExport
    wang: Principal
    li: Principal
    stranger: Principal

    async def told(self, who: Principal) -> list[str]:
        """The news that stand in a customer's conversation."""
        messages = await self.log.messages(who.conversation_id)
        return [message.text for message in messages if message.author is Author.SYSTEM]

    async def case(self, number: str) -> Case:
        """What the CRM knows of a complaint once the outbox is delivered."""
        while (due := await self.outbox.due()) is not None:
            await due.write.deliver(self.crm)
            await self.outbox.delivered(due.write_id)
        case = await self.crm.case(number)
        assert case is not None
        return case

    async def elsewhere(self, who: Principal) -> Principal:
        """The same customer in a new conversation."""
        return Principal((await self.log.open("wechat")).conversation_id, who.customer_id, who.level)


@pytest.fixture
async def bank(db: Database, clock: FakeClock) -> Bank:
    log = ConversationLog(db, InProcessFanout(), clock)
    crm, vault, audit = FakeCrm(WANG, LI), Vault(db, {"test": SECRET}), Audit(db, clock, SECRET)
    texts = load_texts(Settings())
    outbox = CrmOutbox(db, clock, audit, SECRET)
    ledger = Ledger(db, log, outbox)
    customers = CrmService(crm, audit, clock)
    overview = ComplaintOverview(db, clock, crm=customers, vault=vault, audit=audit, days=DAYS)
    wang, li, stranger = [(await log.open("web")).conversation_id for _ in range(3)]
    return Bank(
        db,
        clock,
        log,
        crm,
        outbox,
        vault,
        audit,
        texts,
        ledger,
        ComplaintService(
            db, clock, log, crm=customers, outbox=outbox, vault=vault, audit=audit, texts=texts, days=DAYS
        ),
        ComplaintDesk(ledger, vault, texts, DAYS),
        ComplaintExtensions(ledger, vault, texts, DAYS),
        overview,
        ComplaintExport(overview, audit),
        Principal(wang, "C1", Level.BOUND),
        Principal(li, "C2", Level.STEPPED_UP),
        Principal(stranger),
    )
