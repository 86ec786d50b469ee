"""Builds what is built: the Rasa model and the knowledge index, each only when what it is made from has changed."""

import hashlib
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from bot.knowledge.editing.published import digest, read_published
from bot.operations.console import Console, Progress
from bot.operations.errors import TrainingFailedError
from bot.operations.processes import RASA_PYTHON, rasa_environment, rasa_model, require_rasa_environment
from bot.settings import ROOT, Settings

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_STEP = re.compile(r"Starting to train component '(\w+)'|Finished training component '(\w+)'")


class Training(Protocol):
    """Something built from sources that lie in the tree."""

    title: str

    def is_current(self) -> bool: ...

    def make(self, progress: Progress) -> None: ...


class RasaTraining:
    """Makes the Rasa model from configuration, domain, training data, our components and the knowledge base."""

    title = "training the Rasa model"

    def __init__(self, settings: Settings, *, python: Path = RASA_PYTHON) -> None:
        self._python = python
        self._environment = rasa_environment(settings)
        self.model = rasa_model(settings)
        self._stamp = self.model.with_suffix(".sha256")
        self._log = settings.var_dir / "log" / "rasa-train.log"
        self._sources = [
            ROOT / "config.yml",
            settings.domain_file,
            ROOT / "data",
            ROOT / "bot" / "nlu",
            settings.knowledge_dir / "faq",
            settings.knowledge_dir / "products",
            ROOT / "requirements" / "rasa.txt",
        ]

    def is_current(self) -> bool:
        """Whether the model in place was made from exactly what is there now."""
        return self.model.exists() and _read(self._stamp) == fingerprint(self._sources)

    def make(self, progress: Progress) -> None:
        """Train, and put the model in place only when that went well. Raises TrainingFailedError with the log's path.

        About a minute and one core.
        """
        require_rasa_environment(self._python)
        made_from = fingerprint(self._sources)
        self.model.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".training-", dir=self.model.parent) as folder:
            self._train(Path(folder), progress)
            self._stamp.unlink(missing_ok=True)
            (Path(folder) / self.model.name).replace(self.model)
        self._stamp.write_text(made_from, encoding="utf-8")

    def _train(self, folder: Path, progress: Progress) -> None:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        command = [str(self._python), "-m", "rasa", "train", "--config", "config.yml", "--data", "data"]
        command += ["--domain", str(self._sources[1])]
        command += ["--out", str(folder), "--fixed-model-name", self.model.name.removesuffix(".tar.gz")]
        with (
            self._log.open("w", encoding="utf-8") as log,
            subprocess.Popen(  # noqa: S603 - our own command
                command,
                cwd=ROOT,
                # Rasa's own cache does not see a change of our components' code, or of the files they read.
                env={**os.environ, **self._environment, "RASA_MAX_CACHE_SIZE": "0"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            ) as rasa,
        ):
            try:
                for line in rasa.stdout or ():
                    log.write(line)
                    if step := _STEP.search(line):
                        progress(step.group(1) or step.group(2))
            except BaseException:
                rasa.terminate()
                raise
        if rasa.returncode != 0 or not (folder / self.model.name).exists():
            raise TrainingFailedError(f"Rasa could not be trained ({_last_error(self._log)}); see {self._log}")


class KnowledgeTraining:
    """Makes the FAQ index from the files and what editors published, with the embedding model the settings name."""

    title = "building the knowledge index"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stamp = settings.index_dir.with_suffix(".sha256")
        self._sources = [settings.knowledge_dir, ROOT / "bot" / "knowledge", ROOT / "requirements" / "app.txt"]

    def is_current(self) -> bool:
        """Whether the index in place was made from exactly what is there now."""
        return (self._settings.index_dir / "current").exists() and _read(self._stamp) == self._made_from()

    def make(self, progress: Progress) -> None:
        """Embed and index; a few seconds for the model of our own, longer for a pretrained one."""
        from bot.knowledge.store import build_index

        made_from = self._made_from()
        self._stamp.unlink(missing_ok=True)
        build_index(self._settings, progress)
        self._stamp.write_text(made_from, encoding="utf-8")

    def _made_from(self) -> str:
        settings = self._settings
        chosen = (settings.embedding_model, settings.brand_name, settings.hotline)
        return f"{fingerprint(self._sources)} {digest(read_published(settings))} {chosen}"


def train(settings: Settings, console: Console, *, force: bool = False, only: str | None = None) -> None:
    """Build the Rasa model and the knowledge index where they are not current, or all with `force`."""
    for name, training in _trainings(settings).items():
        if only in (None, name) and (force or not training.is_current()):
            with console.step(training.title) as progress:
                training.make(progress)


def is_current(settings: Settings) -> bool:
    """Whether both are there and made from what there is now."""
    return all(training.is_current() for training in _trainings(settings).values())


def _trainings(settings: Settings) -> dict[str, Training]:
    return {"rasa": RasaTraining(settings), "knowledge": KnowledgeTraining(settings)}


def fingerprint(sources: Iterable[Path]) -> str:
    """One hash over names and contents of all files below `sources`."""
    digest = hashlib.sha256()
    for file in sorted(_files(sources)):
        digest.update(str(file.relative_to(ROOT) if file.is_relative_to(ROOT) else file).encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _files(sources: Iterable[Path]) -> Iterator[Path]:
    for source in sources:
        if source.is_file():
            yield source
        else:
            yield from (f for f in source.rglob("*") if f.is_file() and f.suffix != ".pyc")


def _read(file: Path) -> str | None:
    return file.read_text(encoding="utf-8").strip() if file.exists() else None


def _last_error(log: Path) -> str:
    """The last line of the log that looks like a cause."""
    plain = _COLOUR.sub("", log.read_text(encoding="utf-8"))
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    causes = [line for line in lines if re.search(r"\b\w*(Error|Exception)\b", line)]
    return (causes or lines or ["no output"])[-1][:200]
