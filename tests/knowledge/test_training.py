"""The embedded model learns from the knowledge base alone, and always the same."""

import numpy as np

from bot.knowledge.entries import Entry
from bot.knowledge.synonyms import Synonyms
from bot.knowledge.text import search_key
from bot.knowledge.training import train
from tests.knowledge.conftest import SYNONYMS


def test_a_seed_gives_one_model(entries: list[Entry]) -> None:
    told: list[str] = []
    first, second = (
        train(entries, Synonyms(SYNONYMS), seed=7, progress=told.append).encode(["提额"]) for _ in range(2)
    )
    assert np.array_equal(first, second)
    assert told


def test_texts_of_an_entry_come_together(entries: list[Entry]) -> None:
    model = train(entries, Synonyms(SYNONYMS), progress=lambda _: None)
    a, b, other = model.encode(["挂失银行卡", "我的卡掉了", "周末营业吗"])
    assert np.isclose(np.linalg.norm(a), 1.0, atol=1e-5)
    assert a @ b > a @ other + 0.3


def test_a_text_without_letters_has_a_vector(entries: list[Entry]) -> None:
    model = train(entries, Synonyms([]), progress=lambda _: None)
    assert np.isfinite(model.encode([""])).all()


def test_single_texts_are_told_apart(entries: list[Entry]) -> None:
    """With itself alone as a pair, a text learns from what is dropped of it."""
    alone = [Entry(entry.id, entry.question, (), "") for entry in entries]
    model = train(alone, Synonyms(SYNONYMS), progress=lambda _: None)
    known = model.encode([search_key(entry.question) for entry in alone])
    (asked,) = model.encode(["银行卡丢了"])
    assert (known @ asked).argmax() == 0
