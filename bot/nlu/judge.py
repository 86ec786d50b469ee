"""Decides from the scores of a text what it means, and whether anything can be said of it at all. Without Rasa."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from bot.nlu.features import VIEWS, clauses, view_of
from bot.nlu.linear import Floats, LinearModel, softmax

NOT_UNDERSTOOD = "nlu_fallback"
"""Rasa's name of the intent of what was not understood."""


@dataclass(frozen=True)
class Judge:
    """The models of the views and what is weighed beside their scores (see `LinearModel.scores`).

    `guarded` intents need a score of `least`. `urgent` intents count as meant when one clause of a longer text means
    them, by `aside` less than on its own (a long story hides its request), and get `urge` on top: missing one
    costs the customer more than a needless question. Nor does one lose against an intent whose confidence is within
    `doubt` of its own. A text less `familiar` than that is not understood.
    `sharpness` turns scores into confidences.
    """

    models: Mapping[str, LinearModel]
    guarded: Collection[str] = ()
    least: float = -0.35
    urgent: Collection[str] = ()
    urge: float = 0.05
    aside: float = 0.7
    doubt: float = 0.1
    familiar: float = 0.4
    sharpness: float = 5.0

    def ranking(self, text: str) -> list[tuple[str, float]]:
        """Intents with confidences (0–1), best first, of a text as `bot.nlu.wording` reads it."""
        view = view_of(text)
        model = self.models[view]
        scores = self._scores(model, view, text)
        confidences = softmax(self.sharpness * scores)
        ranked = [(model.labels[i], float(confidences[i])) for i in np.argsort(-scores)]
        known = familiarity(model.vocabulary, VIEWS[view](text))
        if known < self.familiar:
            return [(NOT_UNDERSTOOD, 1 - known), *((intent, known * share) for intent, share in ranked)]
        best, confidence = ranked[0]
        if best in self.guarded and scores.max() < self.least:
            return [(NOT_UNDERSTOOD, 1 - confidence), *ranked]
        return self._without_doubt(ranked)

    def _without_doubt(self, ranked: list[tuple[str, float]]) -> list[tuple[str, float]]:
        """The first two shared out anew where they are close and one of them is urgent: three to two for that one."""
        if len(ranked) < 2:
            return ranked
        (first, high), (second, low), *others = ranked
        if high - low >= self.doubt or not {first, second} & set(self.urgent):
            return ranked
        if first not in self.urgent:
            first, second = second, first
        return [(first, 0.6 * (high + low)), (second, 0.4 * (high + low)), *others]

    def _scores(self, model: LinearModel, view: str, text: str) -> Floats:
        scores = model.scores(VIEWS[view](text))
        urgent = [row for row, intent in enumerate(model.labels) if intent in self.urgent]
        for clause in clauses(text):
            alone = model.scores(VIEWS[view](clause))[urgent]
            scores[urgent] = np.maximum(scores[urgent], alone - self.aside)
        scores[urgent] += self.urge
        return scores


def familiarity(known: Container[str], features: Iterable[str]) -> float:
    """How much of a text (0–1) was seen in training, by its sounds or by its characters, whichever is less.

    Both are needed: 魑魅 sounds like common words, and every pair of letters in qwertyuio occurs in some pinyin. 1
    for no features.
    """
    found: dict[str, list[bool]] = defaultdict(list)  # by kind, which is a feature's first letter
    for feature in set(features):
        found[feature[0]].append(feature in known)
    return min((sum(each) / len(each) for each in found.values()), default=1.0)
