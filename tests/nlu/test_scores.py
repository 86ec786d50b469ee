import pytest

from bot.nlu.scores import score


def test_figures_by_hand() -> None:
    figures = score(
        ["a", "a", "b", "b"],
        ["a", "b", "b", "nlu_fallback"],
        [[("date", "昨天")], None, [], [("amount", "5元"), ("amount", "5元")]],
        [[("date", "昨天")], [("date", "今天")], [("date", "前天")], [("amount", "5元")]],
    )
    assert figures.n == 4
    assert figures.accuracy == 0.5
    assert figures.intents["a"].precision == 1.0
    assert figures.intents["a"].recall == 0.5
    assert figures.intents["b"].f1 == pytest.approx(0.5)
    assert figures.macro_f1 == pytest.approx((2 / 3 + 0.5) / 2)
    assert figures.confusions == [("a", "b", 1), ("b", "nlu_fallback", 1)]
    assert figures.entity_f1 == pytest.approx(2 * 2 / (3 + 3))


def test_entities_not_annotated() -> None:
    assert score(["a"], ["a"], [None], [[("date", "今天")]]).entity_f1 is None


def test_rightly_nothing_found() -> None:
    assert score(["a"], ["a"], [[]], [[]]).entity_f1 == 1.0
