import pytest
from sqlalchemy import select

from bot.application import Gateway
from bot.handoff.ratings import Ratings, score_of
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


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("5分", 5),
        ("打四分", 4),
        ("给五星好评", 5),
        ("3", 3),
        ("非常满意", 5),
        ("满意", 4),
        ("一般吧", 3),
        ("不满意", 2),
        ("太差了", 1),
        ("我要评价", None),
        ("10分", None),
    ],
)
def test_scores_in_digits_stars_and_words(text: str, score: int | None) -> None:
    assert score_of(text) == score
