"""The index on disk: the same after loading, and refused when it is not whole."""

import json
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertModel, BertTokenizer

from bot.knowledge.entries import Entry
from bot.knowledge.errors import IndexUnusableError, InvalidKnowledgeError
from bot.knowledge.index import KnowledgeIndex, build_index
from bot.knowledge.synonyms import Synonyms
from bot.settings import Settings
from tests.knowledge.conftest import write


def test_a_loaded_index_finds_the_same(index: KnowledgeIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "index")
    loaded = KnowledgeIndex.load(tmp_path / "index")
    query = "怎样申请提额"
    before, after = index.searcher.search(query, 3), loaded.searcher.search(query, 3)
    assert [match.entry for match in before] == [match.entry for match in after]
    assert [m.score for m in before] == pytest.approx([m.score for m in after], abs=1e-2)
    assert loaded.version == index.version
    assert loaded.calibration == index.calibration


def test_saving_again_replaces(index: KnowledgeIndex, tmp_path: Path) -> None:
    for _ in range(2):
        index.save(tmp_path / "index")
    assert [path.name for path in tmp_path.iterdir()] == ["index"]


def test_a_missing_index_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusableError, match=r"is missing; run `python -m bot train`"):
        KnowledgeIndex.load(tmp_path / "none")


@pytest.mark.parametrize("name", ["entries.json", "rows.faiss", "ngrams.safetensors"])
def test_a_damaged_file_is_named(index: KnowledgeIndex, tmp_path: Path, name: str) -> None:
    index.save(tmp_path)
    file = tmp_path / name
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(IndexUnusableError, match=f"damaged \\({name}\\)"):
        KnowledgeIndex.load(tmp_path)


@pytest.mark.parametrize("change", [{"format": 0}, {"calibration": None}])
def test_foreign_metadata_is_refused(index: KnowledgeIndex, tmp_path: Path, change: dict[str, object]) -> None:
    index.save(tmp_path)
    metadata = tmp_path / "metadata.json"
    metadata.write_text(json.dumps(json.loads(metadata.read_text()) | change))
    with pytest.raises(IndexUnusableError):
        KnowledgeIndex.load(tmp_path)


def test_building_from_files(knowledge_dir: Path, tmp_path: Path) -> None:
    settings = Settings(knowledge_dir=knowledge_dir, models_dir=tmp_path / "models", hotline="95500")
    steps: list[str] = []
    folder = build_index(settings, steps.append)
    assert folder == settings.index_dir
    assert steps
    found = KnowledgeIndex.load(folder).searcher.search("大存单起存多少", 1)[0]
    assert found.entry.id == "product.large_cd_minimum"


def test_a_faulty_knowledge_base_leaves_the_index_alone(knowledge_dir: Path, tmp_path: Path) -> None:
    settings = Settings(knowledge_dir=knowledge_dir, models_dir=tmp_path / "models")
    build_index(settings, lambda _: None)
    write(knowledge_dir / "faq" / "bad.yml", "nothing")
    with pytest.raises(InvalidKnowledgeError):
        build_index(settings, lambda _: None)
    KnowledgeIndex.load(settings.index_dir)


def test_a_pretrained_model_goes_the_same_way(entries: list[Entry], tmp_path: Path) -> None:
    name = str(tiny_pretrained_model(tmp_path / "model", "".join(text for entry in entries for text in entry.texts)))
    index = KnowledgeIndex.build(entries, Synonyms([]), outside=[], embedding_model=name, progress=lambda _: None)
    index.save(tmp_path / "index")
    loaded = KnowledgeIndex.load(tmp_path / "index")
    assert loaded.embedding_model == name
    assert loaded.searcher.search("银行卡丢了怎么办？", 1)[0].entry.id == "card.lost"


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
