"""The training data: enough of it, nothing claimed by two intents, every annotation within reach of the rules."""

import re
from collections import defaultdict

import pytest

from bot.nlu.recognizer import Recognizer
from bot.nlu.text import normalise
from tests.nlu.conftest import ROOT

FIRST_TWELVE = (
    "check_balance", "check_transactions", "check_credit_card", "check_points", "report_lost_card", "recommend_product",
    "ask_faq", "file_complaint", "check_complaint", "request_human", "bind_account", "rate_service",
)  # fmt: skip
COMPLAINTS = ("file_complaint", "check_complaint", "express_anger")
ANNOTATION = re.compile(r"\[(?P<words>[^\]]+)\]\((?P<entity>\w+)\)")


def plain(line: str) -> str:
    """A line without its annotations; a sealed number keeps the brackets it has in a message."""
    return ANNOTATION.sub(lambda match: surface(match["words"]), line)


def surface(words: str) -> str:
    return f"[{words}]" if re.fullmatch(r"(?:卡号|手机号)\d", words) else words


@pytest.mark.parametrize("intent", FIRST_TWELVE)
def test_enough_lines(examples: dict[str, list[str]], intent: str) -> None:
    assert len(examples[intent]) >= 60


def test_one_file_per_intent(examples: dict[str, list[str]]) -> None:
    assert set(examples) == {path.stem for path in (ROOT / "data/nlu").glob("*.yml")}
    assert len(examples) == 24


def test_no_intent_takes_the_words_of_another(examples: dict[str, list[str]]) -> None:
    owners = defaultdict(set)
    for intent, lines in examples.items():
        for line in lines:
            owners[re.sub(r"\W", "", normalise(plain(line), lower=True)) or line].add(intent)
    assert {text: intents for text, intents in owners.items() if len(intents) > 1} == {}


def test_the_rules_find_what_is_annotated(examples: dict[str, list[str]], recognizer: Recognizer) -> None:
    missed = []
    for intent, lines in examples.items():
        for line in lines:
            found = recognizer.find(normalise(plain(line)), complaining=intent in COMPLAINTS)
            got = {(entity.type, normalise(entity.value)) for entity in found}
            places = {entity.type for entity in found if entity.value not in plain(line)}  # standard words
            missed += [
                (line, match["entity"])
                for match in ANNOTATION.finditer(line)
                if (match["entity"], normalise(surface(match["words"]))) not in got and match["entity"] not in places
            ]
    assert missed == []
