import pytest

from bot.desk.suggestions import Suggestion, Suggestions
from bot.knowledge.editing.hit_test import HitTest, HitTestUnavailableError
from tests.fakes.knowledge import FakeHitTester


class Weighing(FakeHitTester):
    """Weighs the one entry with these probabilities."""

    def __init__(self, *probabilities: float) -> None:
        super().__init__()
        self._probabilities = probabilities

    async def ask(self, text: str) -> HitTest:
        found = await super().ask(text)
        (best,) = found.candidates
        candidates = [best.model_copy(update={"probability": each}) for each in self._probabilities]
        return found.model_copy(update={"candidates": candidates})


async def test_answers_come_with_their_source_and_score() -> None:
    found = await Suggestions(FakeHitTester()).to("卡丢了")
    assert found == [Suggestion("card.lost", "银行卡丢了怎么办？", "请马上挂失。", 0.93)]


async def test_the_best_three_that_are_not_mere_noise() -> None:
    assert [each.probability for each in await Suggestions(Weighing(0.5, 0.2, 0.15, 0.12)).to("卡")] == [0.5, 0.2, 0.15]
    assert await Suggestions(Weighing(0.09, 0.02)).to("天气") == []


async def test_a_long_message_is_cut_to_what_the_index_takes() -> None:
    tester = FakeHitTester()
    await Suggestions(tester).to("长" * 2000)
    assert len(tester.asked[0]) == 500


async def test_without_the_index_it_says_so() -> None:
    tester = FakeHitTester()
    tester.is_down = True
    with pytest.raises(HitTestUnavailableError):
        await Suggestions(tester).to("卡丢了")
