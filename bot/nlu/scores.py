"""Figures of an evaluation: accuracy, F1 per intent, confusions, entity F1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

EntityPair = tuple[str, str]
"""Entity type and value."""


@dataclass(frozen=True)
class IntentScore:
    """Of one intent; shares are 0–1, `support` counts the lines that have it."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Scores:
    """`macro_f1` is the mean over the intents that occur in the file; `entity_f1` is micro over (type, value)."""

    n: int
    accuracy: float
    macro_f1: float
    intents: dict[str, IntentScore]
    confusions: list[tuple[str, str, int]]
    entity_f1: float | None


def score(
    expected: Sequence[str],
    predicted: Sequence[str],
    expected_entities: Sequence[Sequence[EntityPair] | None],
    predicted_entities: Sequence[Sequence[EntityPair]],
) -> Scores:
    """Compare line by line. A line whose expected entities are None is not annotated and not counted for them.

    `entity_f1` is None when nothing is annotated and 1.0 when there is rightly nothing to find.
    """
    pairs = Counter(zip(expected, predicted, strict=True))
    intents = {intent: _intent_score(intent, pairs) for intent in sorted(set(expected))}
    wrong = [(want, got, count) for (want, got), count in pairs.most_common() if want != got]
    return Scores(
        n=len(expected),
        accuracy=sum(count for (want, got), count in pairs.items() if want == got) / len(expected),
        macro_f1=sum(each.f1 for each in intents.values()) / len(intents),
        intents=intents,
        confusions=wrong,
        entity_f1=_entity_f1(expected_entities, predicted_entities),
    )


def _intent_score(intent: str, pairs: Counter[tuple[str, str]]) -> IntentScore:
    hits = pairs[intent, intent]
    support = sum(count for (want, _), count in pairs.items() if want == intent)
    given = sum(count for (_, got), count in pairs.items() if got == intent)
    return IntentScore(
        precision=hits / given if given else 0.0,
        recall=hits / support,
        f1=2 * hits / (support + given),
        support=support,
    )


def _entity_f1(
    expected: Sequence[Sequence[EntityPair] | None], predicted: Sequence[Sequence[EntityPair]]
) -> float | None:
    hits = wanted = given = 0
    annotated = False
    for want, got in zip(expected, predicted, strict=True):
        if want is None:
            continue
        annotated = True
        hits += sum((Counter(want) & Counter(got)).values())
        wanted += len(want)
        given += len(got)
    if not annotated:
        return None
    return 2 * hits / (wanted + given) if wanted + given else 1.0
