"""Writes what was published back into the YAML files that ship, touching no line of any other entry."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.knowledge.editing.base import overlaid
from bot.knowledge.editing.models import Version
from bot.knowledge.entries import FaqRecord
from bot.knowledge.files import read_all_records

_BLOCK = re.compile(r"(?m)^- ")
_TAIL = re.compile(r"(?:^[ \t]*(?:#.*)?\n)*\Z", re.MULTILINE)
"""Blank lines and comments at the end of a block: they speak of what follows."""


@dataclass
class WrittenBack:
    """Ids of the entries whose files were written."""

    changed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)


def write_back(folder: Path, published: Sequence[Version]) -> WrittenBack:
    """Make the files in `folder` say what holds: changed entries in their place, new ones at the end of their topic's.

    What was published stays in the database as well, and goes on being laid over the files.
    """
    homes = {record.id: (file, record) for file, record in read_all_records(sorted(folder.glob("*.yml")), FaqRecord)}
    done = WrittenBack()
    wanted = {record.id: record for record in overlaid((record for _, record in homes.values()), published)}
    for entry_id in dict.fromkeys(version.entry_id for version in published):
        record, home = wanted.get(entry_id), homes.get(entry_id)
        if home is None and record is not None:
            _append(folder / f"{entry_id.partition('.')[0]}.yml", record)
            done.added.append(entry_id)
        elif home is not None and record != home[1]:
            _replace(home[0], entry_id, record)
            (done.changed if record else done.retired).append(entry_id)
    return done


def _append(file: Path, record: FaqRecord) -> None:
    before = file.read_text(encoding="utf-8").rstrip("\n") + "\n\n" if file.exists() else ""
    file.write_text(before + _as_yaml(record), encoding="utf-8")


def _replace(file: Path, entry_id: str, record: FaqRecord | None) -> None:
    text = file.read_text(encoding="utf-8")
    text = text if text.endswith("\n") else f"{text}\n"
    starts = [match.start() for match in _BLOCK.finditer(text)]
    blocks = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    written = (_written_anew(block, record) if _id_of(block) == entry_id else block for block in blocks)
    left = text[: starts[0]] + "".join(written)
    file.write_text(left if _BLOCK.search(left) else f"{left.rstrip()}\n[]\n".lstrip(), encoding="utf-8")


def _written_anew(block: str, record: FaqRecord | None) -> str:
    tail = _TAIL.search(block)
    return (_as_yaml(record) if record else "") + (tail.group() if tail else "")


def _id_of(block: str) -> Any:
    return yaml.safe_load(block)[0].get("id")


class _Dumper(yaml.SafeDumper):
    """Indents lists below their key, as the files do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)


def _as_yaml(record: FaqRecord) -> str:
    written = record.model_dump(exclude_none=True)
    return str(yaml.dump([written], Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**6))
