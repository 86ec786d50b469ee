"""The parts of the channel put together."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from bot.channels.limits import RateLimits
from bot.channels.wechat.api import WechatApi
from bot.channels.wechat.binding import WechatBinding
from bot.channels.wechat.codec import Envelope
from bot.channels.wechat.courier import Courier
from bot.channels.wechat.delivery import Delivery
from bot.channels.wechat.events import Events
from bot.channels.wechat.gate import Gate
from bot.channels.wechat.hearing import Hearing
from bot.channels.wechat.inbox import Inbox
from bot.channels.wechat.outbound import build_outbound
from bot.channels.wechat.receiver import Receiver
from bot.channels.wechat.replay import ReplayGuard
from bot.channels.wechat.topics import load_topics
from bot.channels.wechat.unbinding import Unbinder
from bot.channels.wechat.users import Users
from bot.clock import Clock
from bot.conversations.fanout import Fanout
from bot.conversations.log import ConversationLog
from bot.conversations.service import ConversationService
from bot.handoff.service import HandoffService
from bot.identity.service import IdentityService
from bot.privacy.vault import Vault
from bot.settings import Settings
from bot.storage.database import Database
from bot.texts import Texts

_LEASE_MARGIN_S = 2.0
"""What dealing with a push takes beside Rasa's answer."""


@dataclass
class Wechat:
    """What the gateway needs of the channel."""

    gate: Gate
    receiver: Receiver
    delivery: Delivery
    courier: Courier
    binding: WechatBinding
    unbinder: Unbinder

    def jobs(self) -> list[Coroutine[Any, Any, None]]:
        """What runs beside the requests, in every worker."""
        return [self.receiver.run(), self.courier.run(), self.unbinder.run()]


def build_wechat(
    settings: Settings,
    *,
    db: Database,
    clock: Clock,
    fanout: Fanout,
    log: ConversationLog,
    conversations: ConversationService,
    handoff: HandoffService,
    identity: IdentityService,
    vault: Vault,
    texts: Texts,
    limits: RateLimits,
    api: WechatApi,
) -> Wechat:
    """The channel for the account of the settings, which there must be."""
    token, aes_key = settings.wechat_token, settings.wechat_encoding_aes_key
    assert settings.wechat_app_id is not None
    assert token is not None
    assert aes_key is not None  # the settings have seen to all three
    users = Users(db, log, clock)
    outbound = build_outbound(settings, api, db=db, log=log, fanout=fanout, clock=clock, texts=texts, identity=identity)
    hearing = Hearing(
        conversations,
        log,
        limits,
        identity,
        texts,
        max_chars=settings.max_message_chars,
    )
    secret, lease_s = settings.secret_key.get_secret_value(), settings.rasa_timeout_s + _LEASE_MARGIN_S
    return Wechat(
        gate=Gate(
            token.get_secret_value(),
            Envelope(aes_key.get_secret_value(), settings.wechat_app_id),
            ReplayGuard(db, clock, window_s=settings.wechat_timestamp_window_s),
            clock,
        ),
        receiver=Receiver(
            Inbox(db, clock, secret, lease_s=lease_s),
            users,
            outbound.budget,
            outbound.delivery,
            hearing,
            Events(hearing, users, outbound.budget, log, handoff, texts, load_topics()),
            passive_s=settings.wechat_passive_s,
        ),
        delivery=outbound.delivery,
        courier=outbound.courier,
        binding=WechatBinding(
            db, clock, settings, api=api, users=users, identity=identity, vault=vault, log=log, texts=texts
        ),
        unbinder=Unbinder(users, identity, log, texts, clock, after_days=settings.wechat_unbind_after_days),
    )
