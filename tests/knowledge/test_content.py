"""What ships: broad enough, each entry asked in many ways, each answer fit to be read on a phone."""

import re

from bot.knowledge.entries import load_faq
from bot.settings import ROOT

ENTRIES = load_faq(ROOT / "knowledge_base" / "faq")


def test_the_whole_of_retail_banking_is_covered() -> None:
    assert len(ENTRIES) >= 400


def test_an_entry_is_asked_in_many_ways() -> None:
    assert [e.id for e in ENTRIES if len(set(e.phrasings)) < 8] == []


def test_answers_are_short_plain_and_promise_nothing() -> None:
    assert [e.id for e in ENTRIES if len(e.answer) > 200 or re.search(r"[*#|<>`]|\n", e.answer)] == []
    assert [e.id for e in ENTRIES if re.search("零风险|稳赚|包赚|保证收益", e.answer)] == []
