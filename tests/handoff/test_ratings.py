import pytest
from sqlalchemy import select

from bot.bootstrap import Gateway
from bot.handoff.ratings import Ratings
from bot.handoff.tables import ratings
from bot.storage.database import Database
from tests.fakes.clock import FakeClock


async def test_the_last_rating_of_a_segment_counts(gateway: Gateway, db: Database, clock: FakeClock) -> None:
    conversation_id = (await gateway.log.open("web")).conversation_id
    service = Ratings(db, gateway.log, clock)
    await service.rate(conversation_id, 2)
    await service.rate(conversation_id, 5)
    async with gateway.log.change(conversation_id) as change:
        change.start_segment()
    await service.rate(conversation_id, 3)
    async with db.read() as connection:
        kept = (await connection.execute(select(ratings.c.segment, ratings.c.score).order_by("segment"))).all()
    assert [tuple(row) for row in kept] == [(1, 5), (2, 3)]


@pytest.mark.parametrize("score", [0, 6, -1])
async def test_a_rating_is_one_to_five(gateway: Gateway, db: Database, clock: FakeClock, score: int) -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        await Ratings(db, gateway.log, clock).rate("any", score)
