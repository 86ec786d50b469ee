from sqlalchemy import select

from bot.handoff.tables import ratings
from tests.actions.dialogue import Dialogue


async def test_a_score_is_kept_and_thanked_for(stranger: Dialogue):
    assert "谢谢" in await stranger.say("给你打5分", "rate_service")


async def test_without_a_score_it_is_asked_for_with_buttons(stranger: Dialogue):
    assert "打分" in await stranger.say("我要评价", "rate_service")
    assert "谢谢" in await stranger.press("5分 非常满意")


async def test_an_answer_that_nlu_does_not_take_for_a_rating_counts(stranger: Dialogue):
    await stranger.say("我要评价", "rate_service")

    assert "没让您满意" in await stranger.say("2", "nlu_fallback")


async def test_a_word_after_goodbye_is_a_rating(stranger: Dialogue):
    await stranger.say("再见", "goodbye")

    assert "谢谢您的评价" in await stranger.say("挺满意的", "affirm")


async def test_whoever_is_not_satisfied_may_press_why(stranger: Dialogue):
    await stranger.say("给你打1分", "rate_service")
    assert "谢谢您告诉我们" in await stranger.press("没听懂我的意思")

    async with stranger.services.db.read() as connection:
        assert list(await connection.scalars(select(ratings.c.reason))) == ["misunderstood"]
