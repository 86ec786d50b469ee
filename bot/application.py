"""What each process is made of. What it is made with is chosen in `bot/bootstrap.py`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
from redis.asyncio import Redis

from bot.banking.service import BankingService
from bot.channels.limits import RateLimits
from bot.channels.open_streams import OpenStreams
from bot.channels.port import OutsideChannel
from bot.channels.wechat.build import Wechat
from bot.channels.wechat.courier import CHANNEL
from bot.clock import Clock
from bot.complaints.desk import ComplaintDesk
from bot.complaints.export import ComplaintExport
from bot.complaints.extensions import ComplaintExtensions
from bot.complaints.overview import ComplaintOverview
from bot.complaints.service import ComplaintService
from bot.conversations.fanout import Fanout
from bot.conversations.log import ConversationLog
from bot.conversations.rasa import Dialogue
from bot.conversations.service import ConversationService
from bot.conversations.sessions import Sessions
from bot.crm.deliverer import OutboxDeliverer
from bot.crm.outbox import CrmOutbox
from bot.crm.service import CrmService
from bot.desk.build import Aids
from bot.handoff.day import DayReader
from bot.handoff.line import Line
from bot.handoff.outside.build import OutsideHandoff
from bot.handoff.overview import Overview
from bot.handoff.ratings import Ratings
from bot.handoff.reveal import Reveal
from bot.handoff.service import HandoffService
from bot.handoff.team import Team
from bot.handoff.tickets import Tickets
from bot.handoff.transfers import Transfers
from bot.handoff.wall import WallReader
from bot.handoff.watch import Watch
from bot.handoff.whispers import Whispers
from bot.identity.service import IdentityService
from bot.identity.sms import SmsSender
from bot.identity.tokens import SiteTokens
from bot.knowledge.editing.desk import KnowledgeDesk
from bot.knowledge.feedback import Feedback
from bot.privacy.audit import Audit
from bot.privacy.trail import AuditTrail
from bot.privacy.vault import Vault
from bot.privacy.verify import AuditVerifier
from bot.settings import Settings
from bot.staff.build import Staff
from bot.storage.database import Database
from bot.texts import Texts

if TYPE_CHECKING:
    from bot.knowledge.misses import Misses
    from bot.knowledge.products import ProductCatalogue
    from bot.knowledge.retriever import Retriever


@dataclass
class Foundation:
    """What both Python 3.11 processes stand on."""

    settings: Settings
    clock: Clock
    db: Database
    redis: Redis | None
    http: httpx.AsyncClient
    texts: Texts
    fanout: Fanout
    log: ConversationLog
    vault: Vault
    audit: Audit
    audit_trail: AuditTrail
    audit_verifier: AuditVerifier
    crm: CrmService
    outbox: CrmOutbox
    deliverer: OutboxDeliverer
    sms: SmsSender
    identity: IdentityService
    complaints: ComplaintService

    async def close(self) -> None:
        """Let codes on their way leave, then give connections back."""
        await self.sms.close()
        await self.http.aclose()
        await self.db.close()
        if self.redis is not None:
            await self.redis.aclose()


@dataclass
class Gateway:
    """The services of the public process."""

    foundation: Foundation
    settings: Settings
    texts: Texts
    fanout: Fanout
    log: ConversationLog
    identity: IdentityService
    conversations: ConversationService
    dialogue: Dialogue
    handoff: HandoffService
    tickets: Tickets
    line: Line
    team: Team
    transfers: Transfers
    whispers: Whispers
    watch: Watch
    wall: WallReader
    sessions: Sessions
    staff: Staff
    overview: Overview
    aids: Aids
    day: DayReader
    reveal: Reveal
    complaint_desk: ComplaintDesk
    complaint_extensions: ComplaintExtensions
    complaint_overview: ComplaintOverview
    complaint_export: ComplaintExport
    knowledge: KnowledgeDesk
    feedback: Feedback
    site_tokens: SiteTokens
    limits: RateLimits
    streams: OpenStreams
    wechat: Wechat | None
    """None while the installation has no Official Account."""
    outside_desk: OutsideHandoff | None
    """None while agents work at our own desk."""

    def outside(self, channel: str) -> OutsideChannel | None:
        """The channel of this name if its messages travel through somebody else's server."""
        return self.wechat.delivery if self.wechat and channel == CHANNEL else None


@dataclass
class Services:
    """What actions may call."""

    foundation: Foundation
    settings: Settings
    clock: Clock
    db: Database
    texts: Texts
    vault: Vault
    audit: Audit
    crm: CrmService
    identity: IdentityService
    complaints: ComplaintService
    banking: BankingService
    ratings: Ratings
    retriever: "Retriever"
    products: "ProductCatalogue"
    misses: "Misses"
