"""The parts of the desk outside put together."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from bot.clock import Clock
from bot.conversations.fanout import Fanout
from bot.conversations.log import ConversationLog
from bot.handoff.outside.catching_up import LEASE_S, CatchingUp
from bot.handoff.outside.courier import OutsideCourier
from bot.handoff.outside.delivery import OutsideDelivery
from bot.handoff.outside.events import OutsideEvents
from bot.handoff.outside.mirrors import Mirrors
from bot.handoff.outside.port import OutsideDesk, Webhook
from bot.handoff.outside.wording import Wording
from bot.handoff.overview import Overview
from bot.handoff.service import HandoffService
from bot.identity.service import IdentityService
from bot.privacy.audit import Audit
from bot.staff.accounts import Accounts
from bot.storage.database import Database
from bot.storage.leases import Lease
from bot.texts import Texts


@dataclass
class OutsideHandoff:
    """What the gateway needs of the desk outside."""

    webhook: Webhook
    events: OutsideEvents
    courier: OutsideCourier
    catching_up: CatchingUp

    def jobs(self) -> list[Coroutine[Any, Any, None]]:
        """What runs beside the requests, in every worker."""
        return [self.courier.run(), self.catching_up.run()]


def build_outside(
    desk: OutsideDesk,
    webhook: Webhook,
    *,
    db: Database,
    clock: Clock,
    fanout: Fanout,
    log: ConversationLog,
    handoff: HandoffService,
    overview: Overview,
    accounts: Accounts,
    identity: IdentityService,
    audit: Audit,
    texts: Texts,
) -> OutsideHandoff:
    """Around `desk`, whose webhooks `webhook` opens."""
    mirrors = Mirrors(db, clock)
    delivery = OutsideDelivery(db, log, overview, identity, audit, desk=desk, mirrors=mirrors, wording=Wording(texts))
    events = OutsideEvents(log, handoff, accounts, identity, audit, texts, desk=desk, mirrors=mirrors)
    return OutsideHandoff(
        webhook=webhook,
        events=events,
        courier=OutsideCourier(delivery, mirrors, fanout),
        catching_up=CatchingUp(desk, mirrors, events, Lease(db, clock, "outside_desk", seconds=LEASE_S)),
    )
