"""Probabilities are measured, thresholds too."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from bot.knowledge.calibration import Calibration, fit, lowest_threshold
from bot.knowledge.embedder import Embedder
from bot.knowledge.entries import Entry
from bot.knowledge.search import FEATURES, Found
from bot.knowledge.synonyms import Synonyms
from bot.knowledge.training import train
from bot.knowledge.trials import Trial, trials


def found(likeness: float, lead: float, *, best: int = 0) -> Found:
    """Five entries, one of them `lead` more like the query than the others in every way."""
    features = np.full((5, len(FEATURES)), likeness - lead, dtype=np.float32)
    features[best] = likeness
    return Found(np.arange(5), features, np.arange(5), 6)


def results() -> Iterator[Trial]:
    """Questions with an answer, some of them misplaced, and questions without."""
    chance = np.random.default_rng(1)
    for number in range(80):
        right = 1 if number % 8 == 0 else 0
        yield Trial(found(float(chance.normal(0.8, 0.05)), 0.05 if right else 0.3), right)
        yield Trial(found(float(chance.normal(0.3, 0.05)), 0.02), None)


def test_probabilities_exclude_each_other() -> None:
    order, probabilities = Calibration().probabilities(found(0.6, 0.1, best=3))
    assert order[0] == 3
    assert all(0 <= p <= 1 for p in probabilities)
    assert probabilities.sum() <= 1
    assert list(probabilities) == sorted(probabilities, reverse=True)


def test_a_lone_entry_has_a_probability() -> None:
    lone = Found(np.arange(1), np.full((1, len(FEATURES)), 0.7, dtype=np.float32), np.arange(1), 4)
    assert 0 <= Calibration().probabilities(lone)[1][0] <= 1


def test_surer_matches_are_likelier() -> None:
    sure, unsure = (Calibration().probabilities(found(*likeness))[1] for likeness in ((0.9, 0.3), (0.2, 0.0)))
    assert sure[0] > 0.9
    assert unsure[0] < 0.1


def test_the_threshold_keeps_the_wanted_precision() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    good = np.array([True, True, False, True, False])
    assert lowest_threshold(confidence, good, 0.75) == pytest.approx(0.6)
    assert lowest_threshold(confidence, good, 0.95) == pytest.approx(0.8)
    assert lowest_threshold(confidence, ~good, 0.95) == 1.0


def test_fit_learns_what_is_answerable() -> None:
    fitted = fit(list(results()))
    assert fitted.trials == 160
    assert fitted.probabilities(found(0.8, 0.3))[1][0] >= fitted.answer_at
    assert fitted.probabilities(found(0.3, 0.02))[1].sum() < fitted.choices_at


def test_too_few_trials_give_the_defaults() -> None:
    assert fit([]) == Calibration()
    assert fit([Trial(found(0.8, 0.2), 0)] * 100) == Calibration()


def test_held_out_questions_are_not_seen(entries: list[Entry]) -> None:
    many = [
        Entry(f"{e.id}{n}", f"{e.question}{n}", tuple(f"{p}{n}" for p in e.phrasings), e.answer)
        for e in entries
        for n in "甲乙"
    ]
    trained: list[Sequence[Entry]] = []

    def make_model(known: Sequence[Entry]) -> Embedder:
        trained.append(known)
        return train(known, Synonyms([]), progress=lambda _: None)

    asked = list(trials(many, make_model, outside=["天气好吗"], seed=3))
    assert len(trained) == 2
    assert len(asked) == 2 * (len(many) + 1)
    for known in trained:
        assert len(known) < len(many)
        assert sum(len(e.phrasings) for e in known) == 3 * len(known)
    assert any(trial.right is None for trial in asked[: len(many)])
    assert asked[len(many)].right is None
