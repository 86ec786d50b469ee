"""Puts together what delivers to WeChat."""

from dataclasses import dataclass

import httpx

from bot.channels.wechat.api import WechatApi
from bot.channels.wechat.budget import Budget
from bot.channels.wechat.client import TOKEN_LIMIT, HttpWechatApi, StableToken
from bot.channels.wechat.courier import Courier
from bot.channels.wechat.cursors import Cursors
from bot.channels.wechat.delivery import Delivery
from bot.channels.wechat.due import Due
from bot.channels.wechat.errors import UnreachableError
from bot.channels.wechat.pauses import Pauses
from bot.channels.wechat.pusher import Pusher
from bot.channels.wechat.render import Renderer
from bot.channels.wechat.transport import Transport
from bot.clock import Clock
from bot.conversations.fanout import Fanout
from bot.conversations.log import ConversationLog
from bot.identity.service import IdentityService
from bot.settings import Settings
from bot.storage.database import Database
from bot.texts import Texts
from bot.tokens.shared import SharedToken


@dataclass(frozen=True)
class Outbound:
    """The way to the phones."""

    api: WechatApi
    budget: Budget
    delivery: Delivery
    courier: Courier


def build_api(settings: Settings, http: httpx.AsyncClient, db: Database, clock: Clock) -> HttpWechatApi:
    """WeChat's API for the account of the settings, which must name one."""
    assert settings.wechat_app_id is not None
    assert settings.wechat_app_secret is not None
    app_id, secret = settings.wechat_app_id, settings.wechat_app_secret.get_secret_value()
    transport = Transport(http, settings.wechat_api_url)
    token = SharedToken(
        db,
        clock,
        settings.secret_key.get_secret_value(),
        name=f"wechat.{app_id}",
        limit=TOKEN_LIMIT,
        fetch=StableToken(transport, app_id=app_id, secret=secret),
        unavailable=lambda cause, _seconds: UnreachableError(cause),
    )
    return HttpWechatApi(transport, token, Pauses(db, clock), app_id=app_id, secret=secret)


def build_outbound(
    settings: Settings,
    api: WechatApi,
    *,
    db: Database,
    log: ConversationLog,
    fanout: Fanout,
    clock: Clock,
    texts: Texts,
    identity: IdentityService,
) -> Outbound:
    """Delivery through `api`."""
    budget, cursors = Budget(db, clock), Cursors(db)
    due = Due(Renderer(texts, settings.bank_site_url), texts)
    pusher = Pusher(
        db,
        log,
        fanout,
        clock,
        api=api,
        budget=budget,
        cursors=cursors,
        due=due,
        unbind=identity.expire_binding,
        verified=settings.wechat_verified,
    )
    delivery = Delivery(
        db,
        log,
        clock,
        api=api,
        budget=budget,
        cursors=cursors,
        due=due,
        pusher=pusher,
        passive_s=settings.wechat_passive_s,
    )
    return Outbound(api, budget, delivery, Courier(delivery, cursors, api, fanout, clock))
