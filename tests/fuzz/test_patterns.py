"""No regular expression of ours can be made to think for ever by what a customer may send."""

import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator
from itertools import islice, product
from types import ModuleType
from typing import Any

import pytest

import actions
import bot

_PATIENCE_S = 3.0
"""Thousands of times what any of these takes where it does not try everything in every way."""
_WORDS = re.compile("[\u4e00-\u9fff]{1,4}|[A-Za-z]{2,6}|[0-9]")
_MOST_WORDS = 20
_NEEDS_RASA = (
    "bot.dialogue",
    "bot.nlu.entities",
    "bot.nlu.importer",
    "bot.nlu.intent_classifier",
    "bot.nlu.normalizer",
)
_HARMLESS = {
    ("actions.question", "_FILLER"): "only takes out what it finds",
    ("bot.handoff.calling_off", "_CALLED_OFF"): "sees sixteen characters at most",
}


def patterns() -> Iterator[Any]:
    """Every compiled expression that is a name of a module of ours, or in a dictionary or tuple that is one."""
    for package in (actions, bot):
        for module in modules(package):
            for name, value in vars(module).items():
                several = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
                for each in several:
                    if isinstance(each, re.Pattern) and (module.__name__, name) not in _HARMLESS:
                        yield pytest.param(each, id=f"{module.__name__}.{name}")


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.startswith(_NEEDS_RASA) and "migrations" not in found.name and "__main__" not in found.name:
            yield importlib.import_module(found.name)


@pytest.mark.parametrize("pattern", list(patterns()))
def test_what_repeats_its_own_words_is_read_at_once(pattern: re.Pattern[Any]) -> None:
    if not isinstance(pattern.pattern, str):
        return
    words = [*islice(dict.fromkeys(_WORDS.findall(pattern.pattern)), _MOST_WORDS), " ", "，", "1", "a"]
    signal.signal(signal.SIGALRM, too_long)
    for one, other in product(words, words):
        signal.setitimer(signal.ITIMER_REAL, _PATIENCE_S)
        try:
            text = (one + other) * 40 + "§"
            pattern.search(text)
            pattern.fullmatch(text)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


def too_long(*_: object) -> None:
    pytest.fail("this expression tries everything in every way")
