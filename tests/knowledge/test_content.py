"""What ships: broad enough, each entry asked in many ways, each answer fit to be read on a phone."""

import re

from bot.knowledge.baselines import CharacterTfidf
from bot.knowledge.entries import Entry, load_faq
from bot.knowledge.evaluate import Query, measure
from bot.settings import ROOT

ENTRIES = load_faq(ROOT / "knowledge_base" / "faq")


def test_the_whole_of_retail_banking_is_covered() -> None:
    assert len(ENTRIES) >= 400


def test_an_entry_is_asked_in_many_ways() -> None:
    assert [e.id for e in ENTRIES if len(set(e.phrasings)) < 8] == []


def test_answers_are_short_plain_and_promise_nothing() -> None:
    assert [e.id for e in ENTRIES if len(e.answer) > 200 or re.search(r"[*#|<>`]|\n", e.answer)] == []
    assert [e.id for e in ENTRIES if re.search("零风险|稳赚|包赚|保证收益", e.answer)] == []


def test_entries_do_not_compete() -> None:
    """By characters alone, six in ten of the phrasings kept aside (one an entry) lie nearest to one of their own entry.

    It was a third before entries that asked the same were merged. Falling below means that entries overlap again.
    """
    kept_aside = [Query(entry.phrasings[7], frozenset({entry.id})) for entry in ENTRIES]
    others = [Entry(e.id, e.question, (*e.phrasings[:7], *e.phrasings[8:]), e.answer) for e in ENTRIES]
    assert measure(CharacterTfidf(others), kept_aside)["hit@1"] > 0.58
