"""The index on disk: the same after loading, and refused when it is not whole."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertModel, BertTokenizer

from bot.knowledge import store
from bot.knowledge.entries import Entry
from bot.knowledge.errors import IndexUnusableError, InvalidKnowledgeError
from bot.knowledge.index import KnowledgeIndex
from bot.knowledge.store import build_index
from bot.knowledge.synonyms import Synonyms
from bot.settings import Settings
from tests.knowledge.conftest import write


def test_a_loaded_index_finds_the_same(index: KnowledgeIndex, tmp_path: Path) -> None:
    build = store.save(index, tmp_path / "index")
    loaded = store.load(tmp_path / "index")
    query = "怎样申请提额"
    before, after = index.find(query, 3), loaded.find(query, 3)
    assert [match.entry for match in before] == [match.entry for match in after]
    assert [m.probability for m in before] == pytest.approx([m.probability for m in after], abs=1e-2)
    assert loaded.searcher.text(after[0].text) in after[0].entry.texts
    assert before[0].features.keys() == after[0].features.keys()
    assert (loaded.name, loaded.version) == (build, index.version)
    assert loaded.calibration == index.calibration


def test_only_the_newest_builds_stay(index: KnowledgeIndex, tmp_path: Path) -> None:
    (tmp_path / "rows.faiss").touch()  # of an earlier format
    builds = [store.save(index, tmp_path) for _ in range(3)]
    assert {path.name for path in tmp_path.iterdir()} == {"current", *builds[1:]}
    assert store.current(tmp_path) == builds[-1]


def test_an_index_in_use_outlives_its_files(index: KnowledgeIndex, tmp_path: Path) -> None:
    store.save(index, tmp_path / "index")
    loaded = store.load(tmp_path / "index")
    shutil.rmtree(tmp_path / "index")
    assert loaded.find("挂失银行卡", 1)[0].entry.id == "card.lost"


def test_a_missing_index_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusableError, match=r"is missing; run `python -m bot train`"):
        store.load(tmp_path / "none")


@pytest.mark.parametrize("name", ["entries.json", "centres.faiss", "characters.npy", "words-weights.npy"])
def test_a_damaged_file_is_named(index: KnowledgeIndex, tmp_path: Path, name: str) -> None:
    file = tmp_path / store.save(index, tmp_path) / name
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(IndexUnusableError, match=f"damaged \\({name}\\)"):
        store.load(tmp_path)


@pytest.mark.parametrize("change", [{"format": 0}, {"calibration": None}])
def test_foreign_metadata_is_refused(index: KnowledgeIndex, tmp_path: Path, change: dict[str, object]) -> None:
    metadata = tmp_path / store.save(index, tmp_path) / "metadata.json"
    metadata.write_text(json.dumps(json.loads(metadata.read_text()) | change))
    with pytest.raises(IndexUnusableError):
        store.load(tmp_path)


def test_building_from_files(knowledge_dir: Path, tmp_path: Path) -> None:
    settings = Settings(knowledge_dir=knowledge_dir, models_dir=tmp_path / "models", hotline="95500")
    steps: list[str] = []
    folder = build_index(settings, steps.append)
    assert folder == settings.index_dir
    assert steps
    found = store.load(folder).find("大存单起存多少", 1)[0]
    assert found.entry.id == "product.large_cd_minimum"


def test_a_faulty_knowledge_base_leaves_the_index_alone(knowledge_dir: Path, tmp_path: Path) -> None:
    settings = Settings(knowledge_dir=knowledge_dir, models_dir=tmp_path / "models")
    build_index(settings, lambda _: None)
    write(knowledge_dir / "faq" / "bad.yml", "nothing")
    with pytest.raises(InvalidKnowledgeError):
        build_index(settings, lambda _: None)
    store.load(settings.index_dir)


def test_a_pretrained_model_goes_the_same_way(entries: list[Entry], tmp_path: Path) -> None:
    name = str(tiny_pretrained_model(tmp_path / "model", "".join(text for entry in entries for text in entry.texts)))
    index = KnowledgeIndex.build(entries, Synonyms([]), outside=[], embedding_model=name, progress=lambda _: None)
    store.save(index, tmp_path / "index")
    loaded = store.load(tmp_path / "index")
    assert loaded.embedding_model == name
    assert loaded.find("银行卡丢了怎么办？", 1)[0].entry.id == "card.lost"


def tiny_pretrained_model(folder: Path, characters: str) -> Path:
    """A transformer of random weights, in the form in which models are published."""
    folder.mkdir()
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(set(characters))]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
    )
    torch.manual_seed(0)
    BertModel(config).save_pretrained(folder)
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder
