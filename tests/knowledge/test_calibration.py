"""Scores are probabilities, thresholds are measured."""

import numpy as np
import pytest

from bot.knowledge.calibration import Calibration, Trial, fit, lowest_threshold, trials
from bot.knowledge.embedder import as_sentence_transformer
from bot.knowledge.entries import Entry
from bot.knowledge.search import Match
from bot.knowledge.synonyms import Synonyms
from bot.knowledge.training import train

ENTRIES = [Entry(f"e{n}", "问", (), "答") for n in range(5)]


def matches(similarity: float, gap: float) -> list[Match]:
    """The first entry `gap` ahead of the others."""
    return [Match(e, similarity, similarity - gap * (n > 0)) for n, e in enumerate(ENTRIES)]


def test_probabilities_exclude_each_other() -> None:
    found = Calibration().probabilities(matches(0.6, 0.1))
    assert all(0 <= p <= 1 for p in found)
    assert sum(found) <= 1
    assert found[0] > found[1]


def test_surer_matches_are_likelier() -> None:
    calibration = Calibration()
    sure, unsure = calibration.probabilities(matches(0.9, 0.3)), calibration.probabilities(matches(0.2, 0.0))
    assert sure[0] > 0.9
    assert unsure[0] < 0.1


def test_the_threshold_keeps_the_wanted_precision() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    good = np.array([True, True, False, True, False])
    assert lowest_threshold(confidence, good, 0.75) == pytest.approx(0.6)
    assert lowest_threshold(confidence, good, 0.95) == pytest.approx(0.8)
    assert lowest_threshold(confidence, ~good, 0.95) == 1.0


def test_fit_learns_what_is_answerable() -> None:
    rng = np.random.default_rng(1)
    results = [Trial(matches(float(rng.normal(0.8, 0.05)), 0.2), 0) for _ in range(60)]
    results += [Trial(matches(float(rng.normal(0.3, 0.05)), 0.02), None) for _ in range(60)]
    fitted = fit(results)
    assert fitted.trials == 120
    assert fitted.probabilities(matches(0.8, 0.2))[0] > fitted.answer_at * 0.9
    assert fitted.probabilities(matches(0.3, 0.02))[0] < 0.2


def test_too_few_trials_give_the_defaults() -> None:
    assert fit([]) == Calibration()
    assert fit([Trial(matches(0.8, 0.2), 0)] * 100) == Calibration()


def test_held_out_questions_are_not_seen(entries: list[Entry]) -> None:
    many = [
        Entry(f"{e.id}{n}", f"{e.question}{n}", tuple(f"{p}{n}" for p in e.phrasings), e.answer)
        for e in entries
        for n in "甲乙"
    ]
    trained: list[list[Entry]] = []

    def make_model(known: list[Entry]) -> object:
        trained.append(known)
        return as_sentence_transformer(train(known, Synonyms([]), progress=lambda _: None))

    found = list(trials(many, make_model, outside=["天气好吗"], seed=3))  # type: ignore[arg-type]
    assert len(trained) == 3
    assert len(found) == 3 * len(many) + 1
    for known in trained:
        assert len(known) < len(many)
        assert sum(len(e.phrasings) for e in known) == 3 * len(known)
    assert found[-1].rank is None or found[8].rank is None
