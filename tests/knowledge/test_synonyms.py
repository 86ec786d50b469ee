"""Swapping words makes other phrasings of the same question."""

import random
from pathlib import Path

import pytest

from bot.knowledge.errors import InvalidKnowledgeError
from bot.knowledge.synonyms import Synonyms
from bot.settings import ROOT
from tests.knowledge.conftest import write


def test_swaps_within_the_group_only() -> None:
    synonyms = Synonyms([["怎么", "如何"], ["怎么办", "咋整"], ["卡", "银行卡"]])
    made = {synonyms.swap("卡丢了怎么办", random.Random(seed)) for seed in range(50)}
    assert made == {"卡丢了怎么办", "卡丢了咋整", "银行卡丢了怎么办", "银行卡丢了咋整"}


def test_reads_every_word_as_the_first_of_its_group(tmp_path: Path) -> None:
    synonyms = Synonyms([["怎么", "如何"], ["卡", "银行卡"]])
    assert synonyms.common("银行卡如何挂失") == "卡怎么挂失"
    synonyms.save(tmp_path / "kept.json")
    assert Synonyms.read(tmp_path / "kept.json").common("如何办银行卡") == "怎么办卡"


def test_no_groups_change_nothing() -> None:
    assert Synonyms([]).swap("卡丢了", random.Random(1)) == "卡丢了"


@pytest.mark.parametrize("content", [[["怎么"]], {"怎么": "如何"}, [["怎么", "如何"], ["咋", "怎麼"]]])
def test_faults_name_the_file(tmp_path: Path, content: object) -> None:
    write(tmp_path / "synonyms.yml", content)
    with pytest.raises(InvalidKnowledgeError, match=r"synonyms.yml"):
        Synonyms.load(tmp_path / "synonyms.yml")


def test_own_list_loads() -> None:
    Synonyms.load(ROOT / "knowledge_base" / "synonyms.yml")
