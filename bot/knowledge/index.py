"""The built form of the knowledge base on disk: written once by `python -m bot train`, read by each process."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import faiss
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from sentence_transformers import SentenceTransformer

from bot.knowledge.calibration import Calibration, calibrate
from bot.knowledge.embedder import NgramEmbedding, as_sentence_transformer, pretrained
from bot.knowledge.entries import Entry
from bot.knowledge.errors import IndexUnusableError
from bot.knowledge.loader import load_knowledge, load_outside
from bot.knowledge.search import Searcher
from bot.knowledge.synonyms import Synonyms
from bot.knowledge.training import Progress, train
from bot.settings import Settings

FORMAT = 1
"""Changes when an index written before can no longer be read."""

_ENTRIES = "entries.json"
_ROWS = "rows.faiss"
_METADATA = "metadata.json"
_ENTRY_LIST = TypeAdapter(list[Entry])


class Metadata(BaseModel):
    """What an index is made of; `version` is named with every answer's source."""

    model_config = ConfigDict(frozen=True)

    format: int
    version: str
    """Hash of entries and model name: the same knowledge has the same version."""
    embedding_model: str | None
    """None is the model trained at build."""
    calibration: Calibration
    files: dict[str, str]
    """SHA-256 of each file beside this one."""


class KnowledgeIndex:
    """Entries, their searcher, and how sure a match is."""

    def __init__(self, searcher: Searcher, calibration: Calibration, embedding_model: str | None) -> None:
        self.searcher = searcher
        self.calibration = calibration
        self.embedding_model = embedding_model

    @classmethod
    def build(
        cls,
        entries: Sequence[Entry],
        synonyms: Synonyms,
        *,
        outside: Sequence[str],
        embedding_model: str | None,
        progress: Progress,
    ) -> "KnowledgeIndex":
        """Train (or load the pretrained model), index and calibrate; no entry answers a question of `outside`."""
        make_model = model_maker(synonyms, embedding_model, progress)
        progress("calibrating on held-out phrasings")
        calibration = calibrate(entries, make_model, outside=outside)
        searcher = Searcher.build(entries, make_model(entries))
        return cls(searcher, calibration, embedding_model)

    @property
    def version(self) -> str:
        """Short hash of what can be answered and by which model."""
        content = _dump(self.searcher.entries) + str(self.embedding_model).encode()
        return hashlib.sha256(content).hexdigest()[:12]

    def save(self, folder: Path) -> None:
        """Write everything into `folder`, replacing what was there only when all is written."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".knowledge-", dir=folder.parent))
        try:
            (fresh / _ENTRIES).write_bytes(_dump(self.searcher.entries))
            faiss.write_index(self.searcher.rows, str(fresh / _ROWS))
            if self.embedding_model is None:
                self.searcher.model[0].save(str(fresh))
            metadata = Metadata(
                format=FORMAT,
                version=self.version,
                embedding_model=self.embedding_model,
                calibration=self.calibration,
                files={file.name: _digest(file) for file in sorted(fresh.iterdir())},
            )
            (fresh / _METADATA).write_text(metadata.model_dump_json(indent=2), encoding="utf-8")
            shutil.rmtree(folder, ignore_errors=True)
            fresh.rename(folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    @classmethod
    def load(cls, folder: Path) -> "KnowledgeIndex":
        """Read what `save` wrote. Raises IndexUnusableError when it is missing, damaged or of another format."""
        metadata = _checked_metadata(folder)
        entries = _ENTRY_LIST.validate_json((folder / _ENTRIES).read_bytes())
        if metadata.embedding_model is None:
            model = as_sentence_transformer(NgramEmbedding.load(str(folder)))
        else:
            model = pretrained(metadata.embedding_model)
        searcher = Searcher(entries, model, faiss.read_index(str(folder / _ROWS)))
        return cls(searcher, metadata.calibration, metadata.embedding_model)


def build_index(settings: Settings, progress: Progress) -> Path:
    """Build the index of the bank's own knowledge base and put it in place; its folder.

    Raises InvalidKnowledgeError when a file of the knowledge base is wrong; the index in place then stays.
    """
    progress("reading the knowledge base")
    folder = settings.knowledge_dir
    entries = load_knowledge(folder, brand=settings.brand_name, hotline=settings.hotline)
    index = KnowledgeIndex.build(
        entries,
        Synonyms.load(folder / "synonyms.yml"),
        outside=load_outside(folder / "outside.yml"),
        embedding_model=settings.embedding_model,
        progress=progress,
    )
    index.save(settings.index_dir)
    return settings.index_dir


def model_maker(
    synonyms: Synonyms, embedding_model: str | None, progress: Progress
) -> Callable[[Sequence[Entry]], SentenceTransformer]:
    """How a model is made for some entries: trained on them, or the same pretrained one for all."""
    if embedding_model is None:
        return lambda entries: as_sentence_transformer(train(entries, synonyms, progress=progress))
    model = pretrained(embedding_model)
    return lambda _entries: model


def _checked_metadata(folder: Path) -> Metadata:
    try:
        metadata = Metadata.model_validate_json((folder / _METADATA).read_bytes())
    except FileNotFoundError as error:
        raise IndexUnusableError(folder, "is missing") from error
    except ValidationError as error:
        raise IndexUnusableError(folder, "has unreadable metadata") from error
    if metadata.format != FORMAT:
        raise IndexUnusableError(folder, f"is of format {metadata.format}, not {FORMAT}")
    for name, digest in metadata.files.items():
        if not (folder / name).exists() or _digest(folder / name) != digest:
            raise IndexUnusableError(folder, f"is damaged ({name})")
    return metadata


def _dump(entries: Sequence[Entry]) -> bytes:
    return _ENTRY_LIST.dump_json(list(entries))


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
