"""The actions on the demo bank: real services and database, made-up knowledge."""

import pytest

from bot.application import Services
from bot.banking.service import BankingService
from bot.banking.sql import SqlCoreBanking
from bot.bootstrap import build_foundation
from bot.handoff.ratings import Ratings
from bot.knowledge.misses import Misses
from bot.knowledge.products import ProductCatalogue
from bot.settings import Settings
from bot.storage.database import Database
from tests.actions.dialogue import Dialogue
from tests.actions.knowledge import FakeRetriever
from tests.fakes.clock import FakeClock
from tests.fakes.sms import FakeSms


@pytest.fixture
def services(db: Database, clock: FakeClock, sms: FakeSms, demo_bank: None) -> Services:
    base = build_foundation(Settings(), clock=clock, sms=sms, db=db)
    return Services(
        foundation=base,
        settings=base.settings,
        clock=clock,
        db=db,
        texts=base.texts,
        vault=base.vault,
        audit=base.audit,
        crm=base.crm,
        identity=base.identity,
        complaints=base.complaints,
        banking=BankingService(SqlCoreBanking(db, clock), base.audit, clock),
        ratings=Ratings(db, base.log, clock),
        retriever=FakeRetriever(),
        products=ProductCatalogue.load(base.settings.knowledge_dir / "products"),
        misses=Misses(db, clock),
    )


@pytest.fixture
async def stranger(services: Services) -> Dialogue:
    """Somebody who has not signed in."""
    conversation = await services.foundation.log.open("web")
    return Dialogue(services, conversation.conversation_id)


@pytest.fixture
async def customer(stranger: Dialogue) -> Dialogue:
    """王建国 (two debit cards 1234 and 5678, a credit card 8888, risk level C3), signed in at level 1."""
    await stranger.services.identity.bind(stranger.conversation_id, "C1001")
    return stranger
