"""The only place that chooses implementations and puts the parts together."""

import ssl
from functools import cache

import httpx
from redis.asyncio import Redis

from bot.application import Foundation, Gateway, Services
from bot.banking.errors import CoreBankingUnavailableError
from bot.banking.guarded import GuardedCoreBanking
from bot.banking.http import HttpCoreBanking
from bot.banking.port import CoreBanking
from bot.banking.service import BankingService
from bot.banking.sql import SqlCoreBanking
from bot.bearer import process_token
from bot.channels.limits import RateLimits
from bot.channels.open_streams import OpenStreams
from bot.channels.wechat.api import WechatApi
from bot.channels.wechat.build import build_wechat
from bot.channels.wechat.outbound import build_api
from bot.clock import Clock, utc_now
from bot.complaints.deadlines import LegalClock
from bot.complaints.desk import ComplaintDesk
from bot.complaints.export import ComplaintExport
from bot.complaints.extensions import ComplaintExtensions
from bot.complaints.ledger import Ledger
from bot.complaints.overview import ComplaintOverview
from bot.complaints.service import ComplaintService
from bot.conversations.fanout import Fanout, InProcessFanout, RedisFanout
from bot.conversations.locks import InProcessLocks, Locks, RedisLocks
from bot.conversations.log import ConversationLog
from bot.conversations.rasa import Dialogue, RasaDialogue
from bot.conversations.service import ConversationService
from bot.conversations.sessions import Sessions
from bot.crm.deliverer import OutboxDeliverer
from bot.crm.errors import CrmUnavailableError
from bot.crm.fxiaoke.build import build_fxiaoke
from bot.crm.guarded import GuardedCrm
from bot.crm.outbox import CrmOutbox
from bot.crm.port import Crm
from bot.crm.service import CrmService
from bot.crm.sql import SqlCrm
from bot.crm.zoho.build import build_zoho
from bot.desk.build import build_aids
from bot.errors import UnavailableError
from bot.handoff.build import build_people
from bot.handoff.outside.build import build_outside
from bot.handoff.outside.chatwoot.build import build_chatwoot
from bot.handoff.overview import Overview
from bot.handoff.ratings import Ratings
from bot.handoff.reveal import Reveal
from bot.identity.service import IdentityService
from bot.identity.sms import ConsoleSms, NoSms, SmsSender
from bot.identity.sms_http import HttpSms
from bot.identity.tokens import SiteTokens
from bot.knowledge.editing.current import CurrentKnowledge
from bot.knowledge.editing.desk import KnowledgeDesk
from bot.knowledge.editing.hit_test import ActionServerHitTester, HitTester
from bot.knowledge.editing.importing import SheetImport
from bot.knowledge.editing.inbox import Inbox
from bot.knowledge.editing.rebuilding import Build, Rebuilding, train_knowledge
from bot.knowledge.editing.service import Editing
from bot.knowledge.feedback import Feedback
from bot.knowledge.misses import Misses
from bot.privacy.audit import Audit
from bot.privacy.trail import AuditTrail
from bot.privacy.vault import Vault
from bot.privacy.verify import AuditVerifier
from bot.resilience import Guard
from bot.settings import Settings
from bot.staff.build import build_staff
from bot.storage.database import Database
from bot.storage.leases import Lease
from bot.texts import Texts

_CRM_WRITE_S = 30.0
"""What one write of the outbox may take; nobody waits for it, and an adapter may need several requests."""


def build_foundation(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    sms: SmsSender | None = None,
    db: Database | None = None,
    crm: Crm | None = None,
) -> Foundation:
    """The parts that both processes share; SQLite and one process unless URLs say otherwise.

    Tests hand in a clock, a database and adapters of their own.
    """
    db = db or Database(settings.database_url)
    redis = Redis.from_url(settings.redis_url) if settings.redis_url else None
    http = httpx.AsyncClient(verify=_trusted())
    texts = load_texts(settings)
    fanout: Fanout = RedisFanout(redis) if redis else InProcessFanout()
    secret = settings.secret_key.get_secret_value()
    vault = Vault(db, {key_id: key.get_secret_value() for key_id, key in settings.vault_keys.items()})
    audit = Audit(db, clock, secret)
    adapter = crm or _crm(settings, http, db, clock)
    guard = _guard("crm", CrmUnavailableError, settings, timeout_s=settings.crm_timeout_s)
    customers = CrmService(GuardedCrm(adapter, guard), audit, clock)
    outbox = CrmOutbox(db, clock, audit, secret)
    deliverer = OutboxDeliverer(
        outbox,
        adapter,
        Lease(db, clock, "crm_outbox", seconds=2 * _CRM_WRITE_S),
        write_s=_CRM_WRITE_S,
        look_s=settings.crm_look_s,
        retry_first_s=settings.crm_retry_first_s,
        retry_most_s=settings.crm_retry_most_s,
    )
    sms = sms or _sms(settings, http, db, clock)
    identity = IdentityService(db, clock, settings, crm=customers, vault=vault, sms=sms, texts=texts, audit=audit)
    log = ConversationLog(db, fanout, clock)
    complaints = ComplaintService(
        db, clock, log, crm=customers, outbox=outbox, vault=vault, audit=audit, texts=texts, days=legal_clock(settings)
    )
    return Foundation(
        settings,
        clock,
        db,
        redis,
        http,
        texts,
        fanout,
        log,
        vault,
        audit,
        AuditTrail(db, audit),
        AuditVerifier(db, secret),
        customers,
        outbox,
        deliverer,
        sms,
        identity,
        complaints,
    )


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates of whoever we call: read once, they take longer to load than all the rest."""
    return httpx.create_ssl_context()


def legal_clock(settings: Settings) -> LegalClock:
    """How long complaints may take here."""
    return LegalClock(
        answer_days=settings.complaint_answer_days,
        complex_days=settings.complaint_complex_days,
        extension_days=settings.complaint_extension_days,
        warning_days=settings.complaint_warning_days,
        reopen_days=settings.complaint_reopen_days,
    )


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
    *,
    foundation: Foundation | None = None,
    dialogue: Dialogue | None = None,
    wechat_api: WechatApi | None = None,
    hit_tester: HitTester | None = None,
    build_knowledge: Build = train_knowledge,
) -> Gateway:
    """The public process; tests hand in a foundation of their own, and stand-ins for the programs beside it."""
    base = foundation or build_foundation(settings)
    dialogue = dialogue or _rasa(settings, base.http)
    locks: Locks = RedisLocks(base.redis) if base.redis else InProcessLocks()
    people = build_people(base)
    conversations = ConversationService(
        base.log,
        locks,
        dialogue,
        people.handoff,
        people.routing,
        people.survey,
        people.tickets,
        base.identity,
        base.vault,
        base.texts,
        base.clock,
        max_chars=settings.max_message_chars,
        segment_idle_s=settings.segment_idle_s,
        code_lock_s=settings.code_lock_s,
    )
    days = legal_clock(settings)
    ledger = Ledger(base.db, base.log, base.outbox)
    complaint_overview = ComplaintOverview(
        base.db, base.clock, crm=base.crm, vault=base.vault, audit=base.audit, days=days
    )
    hit_tester = hit_tester or _hit_tester(settings, base.http)
    aids = build_aids(base.db, base.log, base.vault, base.fanout, base.clock, hit_tester)
    overview = Overview(
        base.db,
        base.identity,
        base.crm,
        complaint_overview,
        people.clocks,
        aids,
        base.clock,
        names_within_s=settings.answer_within_s,
    )
    staff = build_staff(settings, db=base.db, clock=base.clock, fanout=base.fanout, audit=base.audit)
    outside_desk = None
    if settings.desk == "chatwoot":
        desk, webhook = build_chatwoot(settings, base.http, base.clock)
        outside_desk = build_outside(
            desk,
            webhook,
            db=base.db,
            clock=base.clock,
            fanout=base.fanout,
            log=base.log,
            handoff=people.handoff,
            overview=overview,
            accounts=staff.accounts,
            identity=base.identity,
            audit=base.audit,
            texts=base.texts,
        )
    limits = RateLimits(settings, base.texts)
    wechat = None
    if settings.wechat_app_id is not None:
        wechat = build_wechat(
            settings,
            db=base.db,
            clock=base.clock,
            fanout=base.fanout,
            log=base.log,
            conversations=conversations,
            handoff=people.handoff,
            identity=base.identity,
            vault=base.vault,
            texts=base.texts,
            limits=limits,
            api=wechat_api or build_api(settings, base.http, base.db, base.clock),
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
        handoff=people.handoff,
        tickets=people.tickets,
        line=people.line,
        team=people.team,
        transfers=people.transfers,
        whispers=people.whispers,
        wall=people.wall,
        day=people.day,
        watch=people.watch,
        sessions=Sessions(base.db, base.clock, ttl_s=settings.session_ttl_s),
        staff=staff,
        overview=overview,
        aids=aids,
        reveal=Reveal(base.log, complaint_overview, base.identity, base.crm, base.vault, base.audit),
        complaint_desk=ComplaintDesk(ledger, base.vault, base.texts, days),
        complaint_extensions=ComplaintExtensions(ledger, base.vault, base.texts, days),
        complaint_overview=complaint_overview,
        complaint_export=ComplaintExport(complaint_overview, base.audit),
        knowledge=_knowledge_desk(base, hit_tester, build_knowledge),
        feedback=Feedback(base.log, Misses(base.db, base.clock)),
        site_tokens=SiteTokens(keys, settings.site_token_audience, base.db, base.clock),
        limits=limits,
        streams=OpenStreams(settings, base.texts),
        wechat=wechat,
        outside_desk=outside_desk,
    )


def build_services(settings: Settings, *, foundation: Foundation | None = None) -> Services:
    """The action server; loads the FAQ index, so it takes some seconds."""
    # Imported here: the gateway, which shares this module, would pay for torch with seconds and 300 MB.
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
        banking=BankingService(build_core_banking(base), base.audit, base.clock),
        ratings=Ratings(base.db, base.log, base.clock),
        retriever=Retriever.load(settings.index_dir, own_name=settings.brand_name, clock=base.clock),
        products=ProductCatalogue.load(settings.knowledge_dir / "products"),
        misses=Misses(base.db, base.clock),
    )


def _knowledge_desk(base: Foundation, hit_tester: HitTester, build: Build) -> KnowledgeDesk:
    settings = base.settings
    current = CurrentKnowledge(base.db, settings.knowledge_dir, brand=settings.brand_name, hotline=settings.hotline)
    editing = Editing(base.db, base.clock, base.audit, current)
    return KnowledgeDesk(
        current=current,
        inbox=Inbox(Misses(base.db, base.clock), base.audit),
        editing=editing,
        sheet_import=SheetImport(editing, current),
        rebuilding=Rebuilding(current, build, settings.models_dir / "knowledge.lock", base.clock),
        hit_tester=hit_tester,
    )


def _hit_tester(settings: Settings, http: httpx.AsyncClient) -> HitTester:
    token = process_token(settings.secret_key.get_secret_value(), "actions")
    return ActionServerHitTester(http, settings.hit_test_url, token, timeout_s=settings.rasa_timeout_s)


def _crm(settings: Settings, http: httpx.AsyncClient, db: Database, clock: Clock) -> Crm:
    if settings.crm == "sql":
        return SqlCrm(db, clock)
    build = build_zoho if settings.crm == "zoho" else build_fxiaoke
    return build(settings, http, db, clock)


def _rasa(settings: Settings, http: httpx.AsyncClient) -> Dialogue:
    token = process_token(settings.secret_key.get_secret_value(), "rasa")
    return RasaDialogue(http, settings.rasa_url, token, timeout_s=settings.rasa_timeout_s)


def _sms(settings: Settings, http: httpx.AsyncClient, db: Database, clock: Clock) -> SmsSender:
    if settings.sms == "console":
        return ConsoleSms(db, clock)
    if settings.sms == "none":
        return NoSms()
    assert settings.sms_url is not None
    assert settings.sms_key_id is not None
    assert settings.sms_secret is not None  # the settings have seen to all three
    return HttpSms(
        http,
        clock,
        url=settings.sms_url,
        key_id=settings.sms_key_id,
        secret=settings.sms_secret.get_secret_value(),
        timeout_s=settings.sms_timeout_s,
    )


def build_core_banking(base: Foundation) -> CoreBanking:
    """The bank's core as the settings choose it, guarded."""
    timeout_s = base.settings.core_timeout_s
    guard = _guard("core", CoreBankingUnavailableError, base.settings, timeout_s=timeout_s)
    return GuardedCoreBanking(_core_adapter(base), guard)


def _core_adapter(base: Foundation) -> CoreBanking:
    settings = base.settings
    if settings.core_banking == "sql":
        return SqlCoreBanking(base.db, base.clock)
    assert settings.core_url is not None
    assert settings.core_token is not None  # the settings have seen to both
    token = settings.core_token.get_secret_value()
    return HttpCoreBanking(base.http, settings.core_url, token, timeout_s=settings.core_timeout_s)


def _guard(name: str, unavailable: type[UnavailableError], settings: Settings, *, timeout_s: float) -> Guard:
    return Guard(
        name,
        unavailable,
        timeout_s=timeout_s,
        threshold=settings.breaker_threshold,
        rest_s=settings.breaker_rest_s,
    )
