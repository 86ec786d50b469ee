"""A running process goes over to a new build without dropping a question."""

import asyncio
import threading
from dataclasses import replace
from pathlib import Path

from bot.knowledge import store
from bot.knowledge.entries import Entry
from bot.knowledge.index import KnowledgeIndex
from bot.knowledge.reloading import Reloader
from bot.knowledge.retriever import Answer, Retriever
from bot.knowledge.search import Searcher


def reworded(index: KnowledgeIndex, answer: str) -> KnowledgeIndex:
    """The same questions with another answer to all of them."""
    entries: list[Entry] = [replace(entry, answer=answer) for entry in index.searcher.entries]
    return KnowledgeIndex(Searcher.build(entries, index.searcher.model), index.calibration, None)


async def test_a_new_build_is_taken_up_once(index: KnowledgeIndex, tmp_path: Path) -> None:
    store.save(index, tmp_path)
    retriever = Retriever.load(tmp_path)
    reloader = Reloader(retriever, tmp_path)
    assert not await reloader.look()
    build = store.save(reworded(index, "新的答案"), tmp_path)
    assert await reloader.look()
    assert retriever.build == build
    assert retriever.answer("挂失银行卡").hits[0].answer == "新的答案"
    assert not await reloader.look()


async def test_a_damaged_build_leaves_the_old_one_in_use(index: KnowledgeIndex, tmp_path: Path) -> None:
    before = store.save(index, tmp_path)
    retriever = Retriever.load(tmp_path)
    broken = store.save(reworded(index, "新的答案"), tmp_path)
    (tmp_path / broken / "texts.npy").write_bytes(b"")
    reloader = Reloader(retriever, tmp_path)
    assert not await reloader.look()
    assert retriever.build == before
    assert retriever.answer("挂失银行卡").decision == "answer"
    store.save(index, tmp_path)
    assert await reloader.look()


async def test_every_question_meanwhile_is_answered_from_one_of_the_states(
    index: KnowledgeIndex, tmp_path: Path
) -> None:
    states = [reworded(index, f"答案{number}") for number in range(4)]
    answers = {state.version: f"答案{number}" for number, state in enumerate(states)}
    store.save(states[0], tmp_path)
    retriever = Retriever.load(tmp_path)
    reloader = Reloader(retriever, tmp_path)
    done = threading.Event()

    def ask() -> list[Answer]:
        heard: list[Answer] = []
        while not done.is_set() or len(heard) < 10:
            heard += [retriever.answer("挂失银行卡"), retriever.answer("信用卡额度能提吗")]
        return heard

    customers = [asyncio.create_task(asyncio.to_thread(ask)) for _ in range(3)]
    for state in states[1:]:
        store.save(state, tmp_path)
        assert await reloader.look()
    done.set()
    for heard in await asyncio.gather(*customers):
        for found in heard:
            assert {hit.answer for hit in found.hits} == {answers[found.version]}
            assert found.hits[0].entry_id in ("card.lost", "card.limit")
    assert retriever.version == states[-1].version
