import numpy as np
import pytest

from bot.nlu.features import written
from bot.nlu.judge import NOT_UNDERSTOOD, Judge, familiarity
from bot.nlu.linear import LinearModel

LABELS = ("查询", "转人工", "闲聊")
TEXTS = {"查询": ["查一下余额", "余额多少"], "转人工": ["叫个人来", "转人工"], "闲聊": ["今天天气真好", "下雨了"]}


@pytest.fixture
def model() -> LinearModel:
    """Each feature speaks for the intents whose texts have it and against the others."""
    seen = {intent: {each for text in texts for each in written(text)} for intent, texts in TEXTS.items()}
    vocabulary = {feature: row for row, feature in enumerate(sorted(set().union(*seen.values())))}
    weights = [[1.0 if feature in seen[intent] else -1.0 for intent in LABELS] for feature in vocabulary]
    return LinearModel(LABELS, vocabulary, np.array(weights, dtype=np.float32) / 4, np.zeros(3, dtype=np.float32))


def best(judge: Judge, text: str) -> str:
    return judge.ranking(text)[0][0]


def test_the_highest_score_comes_first_and_confidences_add_up(model: LinearModel) -> None:
    ranking = Judge({"written": model}).ranking("余额多少")
    assert ranking[0][0] == "查询"
    assert sum(confidence for _, confidence in ranking) == pytest.approx(1.0)


def test_a_guarded_intent_needs_a_score(model: LinearModel) -> None:
    assert best(Judge({"written": model}, guarded=["查询"], least=99.0), "余额多少") == NOT_UNDERSTOOD
    assert best(Judge({"written": model}, guarded=["闲聊"], least=99.0), "余额多少") == "查询"


def test_a_clause_of_a_story_is_enough_for_an_urgent_intent(model: LinearModel) -> None:
    story = "今天天气真好，下雨了，今天天气真好，转人工"
    assert best(Judge({"written": model}), story) == "闲聊"
    assert best(Judge({"written": model}, urgent=["转人工"], aside=0.0, urge=0.5), story) == "转人工"
    assert best(Judge({"written": model}, urgent=["转人工"], aside=99.0, urge=0.5), story) == "闲聊"


def test_an_urgent_intent_gets_the_doubtful_ones(model: LinearModel) -> None:
    assert best(Judge({"written": model}, urgent=["转人工"], urge=99.0), "余额多少") == "转人工"


def test_an_urgent_intent_does_not_lose_by_a_hair(model: LinearModel) -> None:
    doubtful = "余额多少，叫个人来"
    (first, high), (second, low), *_ = Judge({"written": model}, urgent=["转人工"], urge=0.0, aside=99.0).ranking(
        doubtful
    )
    assert (first, second) == ("转人工", "查询")
    assert high == pytest.approx(1.5 * low)
    assert best(Judge({"written": model}, doubt=0.0), doubtful) == "查询"


@pytest.mark.parametrize("text", ["魑魅魍魉", "qwrtpsdf", "齉龘靐齾爩", "привет", "∑∫√π"])
def test_words_nobody_knows_are_not_understood(model: LinearModel, text: str) -> None:
    (intent, confidence), *others = Judge({"written": model}, urgent=["转人工"], urge=99.0).ranking(text)
    assert intent == NOT_UNDERSTOOD
    assert confidence > 0.6
    assert confidence + sum(each for _, each in others) == pytest.approx(1.0)


def test_familiarity_is_that_of_sounds_or_of_characters_whichever_is_less() -> None:
    assert familiarity({"sa", "cx"}, ["sa", "cx", "cy"]) == 0.5
    assert familiarity({"sa", "cx"}, ["sa", "sb", "sc", "cx"]) == pytest.approx(1 / 3)
    assert familiarity({"sa"}, []) == 1.0
