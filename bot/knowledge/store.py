"""An index on disk: a folder for each build, and a pointer that names the one in use and is swapped as a whole."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.knowledge.calibration import Calibration
from bot.knowledge.editing.published import edits, read_published
from bot.knowledge.embedder import Embedder, NgramEmbedder, PretrainedEmbedder
from bot.knowledge.errors import IndexUnusableError
from bot.knowledge.index import ENTRY_LIST, KnowledgeIndex, Progress
from bot.knowledge.loader import load_knowledge, load_outside
from bot.knowledge.search import Searcher
from bot.knowledge.synonyms import Synonyms
from bot.settings import Settings

FORMAT = 4
"""Changes when an index written before can no longer be read."""

_POINTER = "current"
_ENTRIES = "entries.json"
_METADATA = "metadata.json"
_KEPT = 2
"""Builds that stay: the one in use, and the one that a process may be loading just now."""


class Metadata(BaseModel):
    """What an index is made of."""

    model_config = ConfigDict(frozen=True)

    format: int
    version: str
    """See `KnowledgeIndex.version`."""
    embedding_model: str | None
    """None is the model trained at build."""
    calibration: Calibration
    files: dict[str, str]
    """SHA-256 of each file beside this one."""


def save(index: KnowledgeIndex, folder: Path) -> str:
    """Write a build of `index` into `folder` and point to it when all of it is there; the build's name."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f"{index.version}-", dir=folder))
    try:
        (fresh / _ENTRIES).write_bytes(ENTRY_LIST.dump_json(list(index.searcher.entries)))
        index.searcher.save(fresh)
        if isinstance(index.searcher.model, NgramEmbedder):
            index.searcher.model.save(fresh)
        metadata = Metadata(
            format=FORMAT,
            version=index.version,
            embedding_model=index.embedding_model,
            calibration=index.calibration,
            files={file.name: _digest(file) for file in sorted(fresh.iterdir())},
        )
        (fresh / _METADATA).write_text(metadata.model_dump_json(indent=2), encoding="utf-8")
        pointer = folder / f".{_POINTER}-{fresh.name}"
        pointer.write_text(fresh.name, encoding="utf-8")
        os.replace(pointer, folder / _POINTER)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    _sweep(folder)
    return fresh.name


def current(folder: Path) -> str | None:
    """The name of the build in use; None when there is none."""
    try:
        return (folder / _POINTER).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def load(folder: Path) -> KnowledgeIndex:
    """The build in use, mapped into memory: later builds do not disturb it, not even when they delete it.

    Raises IndexUnusableError when it is missing, damaged or of another format.
    """
    name = current(folder)
    if name is None:
        raise IndexUnusableError(folder, "is missing")
    build = folder / name
    metadata = _checked_metadata(build)
    entries = ENTRY_LIST.validate_json((build / _ENTRIES).read_bytes())
    model: Embedder
    if metadata.embedding_model is None:
        model = NgramEmbedder.load(build)
    else:
        model = PretrainedEmbedder(metadata.embedding_model)
    searcher = Searcher.load(build, entries, model)
    return KnowledgeIndex(searcher, metadata.calibration, metadata.embedding_model, name=name)


def build_index(settings: Settings, progress: Progress) -> Path:
    """Build the index of the bank's own knowledge base, as editors have published it, and put it in use; its folder.

    Raises InvalidKnowledgeError when a file of the knowledge base is wrong; the index in use then stays.
    """
    progress("reading the knowledge base")
    folder = settings.knowledge_dir
    edited = edits(read_published(settings))
    index = KnowledgeIndex.build(
        load_knowledge(folder, edited=edited, brand=settings.brand_name, hotline=settings.hotline),
        Synonyms.load(folder / "synonyms.yml"),
        outside=load_outside(folder / "outside.yml"),
        embedding_model=settings.embedding_model,
        progress=progress,
    )
    save(index, settings.index_dir)
    return settings.index_dir


def _checked_metadata(build: Path) -> Metadata:
    try:
        metadata = Metadata.model_validate_json((build / _METADATA).read_bytes())
    except FileNotFoundError as error:
        raise IndexUnusableError(build, "is missing") from error
    except ValidationError as error:
        raise IndexUnusableError(build, "has unreadable metadata") from error
    if metadata.format != FORMAT:
        raise IndexUnusableError(build, f"is of format {metadata.format}, not {FORMAT}")
    for name, digest in metadata.files.items():
        if not (build / name).exists() or _digest(build / name) != digest:
            raise IndexUnusableError(build, f"is damaged ({name})")
    return metadata


def _sweep(folder: Path) -> None:
    """Remove all but the newest builds, and what earlier formats left."""
    builds = sorted((path for path in folder.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime_ns)
    for build in builds[:-_KEPT]:
        shutil.rmtree(build, ignore_errors=True)
    for file in folder.iterdir():
        if file.is_file() and file.name != _POINTER:
            file.unlink(missing_ok=True)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
