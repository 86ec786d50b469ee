"""The only place that chooses implementations and puts the parts together."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
from redis.asyncio import Redis

from bot.banking import demo as demo_banking
from bot.banking.service import BankingService
from bot.banking.sql import SqlCoreBanking
from bot.channels.limits import RateLimits
from bot.clock import Clock, bank_date, utc_now
from bot.complaints.service import ComplaintService
from bot.conversations.fanout import Fanout, InProcessFanout, RedisFanout
from bot.conversations.locks import InProcessLocks, Locks, RedisLocks
from bot.conversations.log import ConversationLog
from bot.conversations.rasa import Dialogue, RasaDialogue
from bot.conversations.service import ConversationService
from bot.conversations.sessions import Sessions
from bot.crm import demo as demo_crm
from bot.crm.port import Crm
from bot.crm.sql import SqlCrm
from bot.handoff.agents import Agents
from bot.handoff.overview import Overview
from bot.handoff.ratings import Ratings
from bot.handoff.service import HandoffService
from bot.identity.service import IdentityService
from bot.identity.sms import ConsoleSms, NoSms, SmsSender
from bot.identity.tokens import SiteTokens
from bot.privacy.audit import Audit
from bot.privacy.vault import Vault
from bot.settings import Settings
from bot.storage.database import Database
from bot.texts import Texts

if TYPE_CHECKING:
    from bot.knowledge.misses import Misses
    from bot.knowledge.products import ProductCatalogue
    from bot.knowledge.retriever import Retriever


DEMO_PASSWORD = "zhanggui-demo"  # noqa: S105 - development only; production seeds no agents


@dataclass
class Foundation:
    """What both Python 3.11 processes stand on."""

    settings: Settings
    clock: Clock
    db: Database
    redis: Redis | None
    texts: Texts
    fanout: Fanout
    log: ConversationLog
    vault: Vault
    audit: Audit
    crm: Crm
    sms: SmsSender
    identity: IdentityService
    complaints: ComplaintService

    async def close(self) -> None:
        """Give connections back."""
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
    sessions: Sessions
    agents: Agents
    overview: Overview
    site_tokens: SiteTokens
    limits: RateLimits


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
    crm: Crm
    identity: IdentityService
    complaints: ComplaintService
    banking: BankingService
    ratings: Ratings
    retriever: "Retriever"
    products: "ProductCatalogue"
    misses: "Misses"


def build_foundation(
    settings: Settings, *, clock: Clock = utc_now, sms: SmsSender | None = None, db: Database | None = None
) -> Foundation:
    """The parts that both processes share; SQLite and one process unless URLs say otherwise."""
    db = db or Database(settings.database_url)
    redis = Redis.from_url(settings.redis_url) if settings.redis_url else None
    texts = load_texts(settings)
    fanout: Fanout = RedisFanout(redis) if redis else InProcessFanout()
    secret = settings.secret_key.get_secret_value()
    vault = Vault(db, secret)
    audit = Audit(db, clock)
    crm = SqlCrm(db, clock)
    sms = sms or (ConsoleSms(db, clock) if settings.environment == "development" else NoSms())
    identity = IdentityService(db, clock, settings, crm=crm, vault=vault, sms=sms, texts=texts, audit=audit)
    complaints = ComplaintService(
        db, clock, crm=crm, vault=vault, audit=audit, answer_days=settings.complaint_answer_days
    )
    log = ConversationLog(db, fanout, clock)
    return Foundation(settings, clock, db, redis, texts, fanout, log, vault, audit, crm, sms, identity, complaints)


def load_texts(settings: Settings) -> Texts:
    """The responses of the domain, with the names this installation goes by."""
    return Texts.load(
        settings.domain_file,
        brand=settings.brand_name,
        assistant=settings.assistant_name,
        hotline=settings.hotline,
    )


def build_gateway(
    settings: Settings,
    http: httpx.AsyncClient,
    *,
    foundation: Foundation | None = None,
    dialogue: Dialogue | None = None,
) -> Gateway:
    """The public process; tests hand in a foundation of their own and a dialogue that needs no Rasa."""
    base = foundation or build_foundation(settings)
    dialogue = dialogue or RasaDialogue(http, settings.rasa_url, timeout_s=settings.rasa_timeout_s)
    locks: Locks = RedisLocks(base.redis) if base.redis else InProcessLocks()
    handoff = HandoffService(base.db, base.log, base.fanout, base.texts, base.clock)
    conversations = ConversationService(
        base.log,
        locks,
        dialogue,
        handoff,
        base.identity,
        base.vault,
        base.texts,
        base.clock,
        max_chars=settings.max_message_chars,
        segment_idle_s=settings.segment_idle_s,
        code_lock_s=settings.code_lock_s,
    )
    keys = {key_id: key.get_secret_value() for key_id, key in settings.site_token_keys.items()}
    return Gateway(
        foundation=base,
        settings=settings,
        texts=base.texts,
        fanout=base.fanout,
        log=base.log,
        identity=base.identity,
        conversations=conversations,
        dialogue=dialogue,
        handoff=handoff,
        sessions=Sessions(base.db, base.clock, ttl_s=settings.session_ttl_s),
        agents=Agents(base.db, base.clock),
        overview=Overview(base.db, base.identity, base.crm, base.complaints, base.audit, base.clock),
        site_tokens=SiteTokens(keys, settings.site_token_audience, base.clock),
        limits=RateLimits(settings.redis_url),
    )


def build_services(settings: Settings, *, foundation: Foundation | None = None) -> Services:
    """The action server; loads the FAQ index, so it takes some seconds."""
    # Imported here: the gateway, which shares this module, would pay for torch with seconds and 300 MB.
    from bot.knowledge.misses import Misses
    from bot.knowledge.products import ProductCatalogue
    from bot.knowledge.retriever import Retriever

    base = foundation or build_foundation(settings)
    return Services(
        foundation=base,
        settings=settings,
        clock=base.clock,
        db=base.db,
        texts=base.texts,
        vault=base.vault,
        audit=base.audit,
        crm=base.crm,
        identity=base.identity,
        complaints=base.complaints,
        banking=BankingService(SqlCoreBanking(base.db, base.clock), base.audit),
        ratings=Ratings(base.db, base.log, base.clock),
        retriever=Retriever.load(settings.index_dir, clock=base.clock),
        products=ProductCatalogue.load(settings.knowledge_dir / "products"),
        misses=Misses(base.db, base.clock),
    )


async def seed(settings: Settings) -> list[str]:
    """Fill a development installation with the demo bank and two agents; lines to print. Repeating changes nothing."""
    base = build_foundation(settings)
    try:
        today = bank_date(base.clock())
        customers = await demo_crm.seed(base.db, today)
        books = await demo_banking.seed(base.db, today)
        agents = Agents(base.db, base.clock)
        for login, name in (("agent1", "林晓"), ("agent2", "周岚")):
            await agents.add(login, name, DEMO_PASSWORD)
    finally:
        await base.close()
    added = f"{books.accounts} accounts and {books.transactions} transactions added"
    return [
        f"demo bank: {f'{customers} customers, {added}' if customers else 'in place'}",
        f"desk: agent1 and agent2, password {DEMO_PASSWORD}",
    ]
