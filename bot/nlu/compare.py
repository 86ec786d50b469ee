"""`python -m bot.nlu.compare FILE…`: ways to tell intents apart, trained on the same data, in one table.

Runs in Rasa's environment but without Rasa: features and fitting are what the trained model uses. A FILE is one of
`bot.nlu.evaluate`; how Rasa's own pipelines do is measured by training them and evaluating the same files.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.nlu.evaluate import read_lines
from bot.nlu.features import VIEWS, view_of
from bot.nlu.fitting import matrix, repeated, weights
from bot.nlu.pinyin import sounds
from bot.nlu.scores import score
from bot.nlu.text import normalise
from bot.nlu.wording import Wording, load_wording

Features = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Way:
    """A classifier of scikit-learn, made anew for the intents it gets, and the features it sees."""

    title: str
    make: Callable[[list[str]], Any]
    features: Features
    noise: bool = False
    """Whether every training text is there a second time with a character replaced by one that sounds the same."""


def ways() -> Iterator[Way]:
    """Those compared, the one in use last."""
    from sklearn.ensemble import VotingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import ComplementNB
    from sklearn.preprocessing import LabelEncoder
    from sklearn.svm import LinearSVC

    def regression(intents: list[str]) -> Any:
        return LogisticRegression(C=60, max_iter=60, class_weight=weights(intents, 0.5))

    def machine(intents: list[str]) -> Any:
        return LinearSVC(C=4, class_weight=weights(intents, 0.75), random_state=0)

    def three(intents: list[str]) -> Any:
        intents = LabelEncoder().fit_transform(intents).tolist()  # as the voters will see them
        return VotingClassifier([("lr", regression(intents)), ("svm", machine(intents)), ("bayes", ComplementNB())])

    yield Way("logistic regression, jieba words", regression, words)
    yield Way("logistic regression", regression, ours)
    yield Way("ensemble of three, by vote", three, ours)
    yield Way("linear SVM, homophone noise", machine, ours, noise=True)
    yield Way("linear SVM (in use)", machine, ours)


def ours(text: str) -> list[str]:
    """The features of the view by which the text is understood; those of pinyin are kept apart."""
    view = view_of(text)
    return [f"{view} {feature}" for feature in VIEWS[view](text)]


def words(text: str) -> list[str]:
    """What was used before: words and their pairs, n-grams within words, syllables."""
    import jieba

    cut = [word for word in jieba.lcut(text) if word.strip()]
    padded = [f" {word} " for word in cut]
    within = [word[i : i + n] for word in padded for n in range(1, 5) for i in range(len(word) - n + 1)]
    heard = sounds(text)
    triples = [" ".join(heard[i : i + n]) for n in range(1, 4) for i in range(len(heard) - n + 1)]
    return [*cut, *map("_".join, pairwise(cut)), *within, *triples]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.nlu.compare", description=__doc__)
    parser.add_argument("files", type=Path, nargs="+", help="JSON lines to evaluate")
    parser.add_argument("--data", default="data/nlu", help="folder of training data")
    options = parser.parse_args(arguments)
    wording = Wording(load_wording(Path("data/dictionary/wording.yml")))
    texts, intents = training_data(options.data, wording)
    tests = {file.stem: read_lines(file) for file in options.files}
    print(f"{len(texts)} training texts; accuracy / macro-F1", *tests, "training", "p50", sep=" | ")
    for way in ways():
        started = time.process_time()
        trained = Trained(way, texts, intents)
        row = [f"{time.process_time() - started:.0f} s"]
        for lines in reversed(tests.values()):
            got, seconds = trained.answers([wording.read(line.text) for line in lines])
            figures = score([line.intent for line in lines], got, [None] * len(lines), [()] * len(lines))
            row = [f"{figures.accuracy:.3f} / {figures.macro_f1:.3f}", *row]
        print(way.title, *row, f"{statistics.median(seconds) * 1000:.1f} ms", sep=" | ", flush=True)
    return 0


class Trained:
    """A way, trained. Typed pinyin is learnt from every text beside how it is written, where the way can tell."""

    def __init__(self, way: Way, texts: list[str], intents: list[str]) -> None:
        texts = texts + noisy(texts) if way.noise else texts
        intents = intents + intents if way.noise else intents
        rows = [way.features(text) for text in texts]
        if way.features is ours:
            rows += [[f"spelt {feature}" for feature in VIEWS["spelt"](text)] for text in texts]
            intents = intents + intents
        self._features = way.features
        self._vocabulary = repeated(rows)
        self._classifier = way.make(intents).fit(matrix(self._vocabulary, rows), intents)

    def answers(self, texts: Sequence[str]) -> tuple[list[str], list[float]]:
        """The intent of each text, and the seconds it took, without Rasa's share."""
        found, seconds = [], []
        for text in texts:
            started = time.perf_counter()
            found.append(str(self._classifier.predict(matrix(self._vocabulary, [self._features(text)]))[0]))
            seconds.append(time.perf_counter() - started)
        return found, seconds


def training_data(folder: str, wording: Wording) -> tuple[list[str], list[str]]:
    """What Rasa would be trained on, read by the wording."""
    from bot.nlu.importer import KnowledgeImporter  # which needs Rasa, as nothing else here does

    data = KnowledgeImporter(training_data_paths=folder).get_nlu_data()
    examples = [(normalise(each.get("text")), each.get("intent")) for each in data.intent_examples]
    return [wording.read(text) for text, _ in examples], [intent for _, intent in examples]


def noisy(texts: Sequence[str]) -> list[str]:
    """Each text with one character replaced by another of these texts that sounds the same, if there is one."""
    chance = random.Random(0)  # noqa: S311 - no secret
    alike = defaultdict(list)
    for character in Counter("".join(texts)):
        if "\u4e00" <= character <= "\u9fff":
            alike[sounds(character)[0]].append(character)
    return [_replaced(text, alike, chance) for text in texts]


def _replaced(text: str, alike: dict[str, list[str]], chance: random.Random) -> str:
    places = [i for i, c in enumerate(text) if "\u4e00" <= c <= "\u9fff" and len(alike[sounds(c)[0]]) > 1]
    if not places:
        return text
    place = chance.choice(places)
    other = chance.choice([c for c in alike[sounds(text[place])[0]] if c != text[place]])
    return text[:place] + other + text[place + 1 :]


if __name__ == "__main__":
    raise SystemExit(main())
